"""Is a message about a group due, and why or why not? Answers with a reason, from what was last said to the receiver.

Nothing said yet: after `group_wait`. Something new or resolved since: `group_interval` after the last message.
Nothing new: `repeat_interval` after it, unless somebody has acknowledged all of it.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from metrics.alerts.plan import Route
from metrics.alerts.words import Alert
from metrics.commands.wording import duration, moment

NEVER = 1 << 62
"""A repeat interval of receivers that repeat by themselves."""
GROWN_TIMES, GROWN_LEAST = 2, 10
"""An alert is news again once it counts twice what was told, and at least ten more."""


class Said(NamedTuple):
    """What a receiver was last told about a group: alert id → (revision, count), message number, when."""

    told: Mapping[str, tuple[int, int]]
    number: int
    at: int


NOTHING = Said({}, 0, 0)


class Verdict(NamedTuple):
    """Whether to speak now; `code` for machines, `reason` for people."""

    speak: bool
    code: str
    reason: str


class Entered(NamedTuple):
    """A firing alert of a group, and since when it belongs to it (its firing, or its escalation)."""

    alert: Alert
    at: int
    acknowledged: bool


def judge(route: Route, firing: Sequence[Entered], resolved: Sequence[Alert], said: Said, now: int) -> Verdict:
    """The verdict on one group of one receiver. `resolved`: alerts it was told of that fire no more."""
    new = [one for one in firing if said.told.get(one.alert.id, (0, 0))[0] < one.alert.revision]
    if new and not said.told:
        return _when(min(one.at for one in new) + route.group_wait, now, "new", "group_wait", f"{_count(new)} fired")
    if new:
        # Others of this group are known already: wait as for a first message, and never speak too often.
        due = max(said.at + route.group_interval, min(one.at for one in new) + route.group_wait)
        return _when(due, now, "new", "group_interval", f"{_count(new)} fired beside those told")
    if resolved:
        return _when(said.at + route.group_interval, now, "resolved", "group_interval", f"{_count(resolved)} resolved")
    if not firing:
        return Verdict(False, "nothing", "nothing of it fires")
    if route.repeat_interval >= NEVER:
        return Verdict(False, "told", "told; the receiver is kept informed of its state")
    if grown := [one for one in firing if _has_grown(one.alert, said)]:
        return _when(said.at + route.group_interval, now, "grown", "group_interval", f"{_count(grown)} grew")
    if all(one.acknowledged for one in firing):
        return Verdict(False, "acknowledged", "told and acknowledged: it is not repeated")
    due = said.at + route.repeat_interval
    if now < due:
        return Verdict(False, "told", f"told; repeated at {moment(due)} unless acknowledged")
    return Verdict(True, "repeated", f"still so after {duration(now - said.at)}")


def _when(due: int, now: int, code: str, waits_for: str, news: str) -> Verdict:
    if now >= due:
        return Verdict(True, code, news)
    return Verdict(False, waits_for, f"{news}; told at {moment(due)}")


def _has_grown(alert: Alert, said: Said) -> bool:
    told = said.told.get(alert.id, (0, 0))[1]
    return alert.count >= max(GROWN_TIMES * told, told + GROWN_LEAST)


def _count(things: Sequence[object]) -> str:
    return "one alert" if len(things) == 1 else f"{len(things)} alerts"
