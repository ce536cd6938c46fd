"""What people do about an alert from its page: acknowledge, assign, comment, silence, and take it back.

It is the alert state that the command line writes, so a deed counts the same wherever it was done.
"""

from collections.abc import Callable, Mapping
from glob import escape
from typing import Final, NamedTuple

from metrics.access.masks import HIDDEN
from metrics.alerts.actions import Deed
from metrics.alerts.desk import Desk as AlertDesk
from metrics.alerts.desk import NoSuchAlert, Seen
from metrics.alerts.ownership import Reader, Writer
from metrics.words import DAY, HOUR

LONGEST_WORDS, LONGEST_NAME = 500, 80
SILENCES: Final[Mapping[str, tuple[str, int]]] = {
    "1h": ("1 hour", HOUR), "4h": ("4 hours", 4 * HOUR), "1d": ("1 day", DAY), "7d": ("7 days", 7 * DAY),
}  # fmt: skip
"""What is offered: words and microseconds."""
SILENCED_BY: Final = ("kind", "process", "cause_kind", "cause", "owner", "simulated")
"""The labels that make two alerts the same one; how bad it is may change under a silence."""


class AlertHand(NamedTuple):
    """Who acts on alerts, and how. `who`: the name of who asks, '' for those who may not; `note` writes the audit log.

    `clock` gives microseconds since 1970 UTC.
    """

    writer: Writer
    who: Callable[[], str]
    note: Callable[[str, str], None]
    clock: Callable[[], int]


class Wanted(NamedTuple):
    """What somebody asks for: `deed` is a button, `words` the comment, `whom` a name, `last` one of SILENCES."""

    deed: str
    words: str = ""
    whom: str = ""
    last: str = ""


class Refused(Exception):
    """Nothing was done; the message says why."""


def act(reader: Reader, hand: AlertHand, alert: str, wanted: Wanted) -> str:
    """Do it; what came of it, in a sentence. Raises Refused, and the errors of reader, writer and note.

    The alert is looked for among those that the person sees, and nothing is written that the audit log does not hold.
    """
    desk, who = AlertDesk(reader, hand.writer, hand.clock), hand.who()
    one = _seen(desk, alert)
    deed = _DEEDS.get(wanted.deed)
    if deed is None:
        raise Refused("There is no such deed.")
    return deed(desk, hand, one, _checked(wanted, who), who)


def _seen(desk: AlertDesk, alert: str) -> Seen:
    try:
        one = desk.one(alert)
    except NoSuchAlert as none:
        raise Refused("This alert is no longer there.") from none
    if one.alert.id != alert:
        raise Refused("This alert is no longer there.")
    if one.alert.status == "resolved":
        raise Refused("This alert is over.")
    return one


def _checked(wanted: Wanted, who: str) -> Wanted:
    words, whom = wanted.words.strip(), wanted.whom.strip() or who
    if len(words) > LONGEST_WORDS or len(whom) > LONGEST_NAME or not (words + whom).replace("\n", " ").isprintable():
        raise Refused(f"A comment has at most {LONGEST_WORDS} signs and a name {LONGEST_NAME}, all of them printable.")
    return wanted._replace(words=words, whom=whom)


def _acknowledge(desk: AlertDesk, hand: AlertHand, one: Seen, wanted: Wanted, who: str) -> str:
    if one.alert.status != "firing":
        raise Refused("It does not fire: there is nothing to acknowledge yet.")
    _write(desk, hand, one, "ack", who, wanted.words)
    return f"You have it, {who}: it is not repeated and does not escalate until it fires anew."


def _give_back(desk: AlertDesk, hand: AlertHand, one: Seen, _wanted: Wanted, who: str) -> str:
    _write(desk, hand, one, "unack", who, "")
    return "Nobody has it now: it is repeated and escalates again."


def _assign(desk: AlertDesk, hand: AlertHand, one: Seen, wanted: Wanted, who: str) -> str:
    _write(desk, hand, one, "assign", who, wanted.whom)
    if wanted.words:
        desk.act(one.alert.id, "comment", who, wanted.words)
    return f"Assigned to {wanted.whom}."


def _comment(desk: AlertDesk, hand: AlertHand, one: Seen, wanted: Wanted, who: str) -> str:
    if not wanted.words:
        raise Refused("Write the comment first.")
    _write(desk, hand, one, "comment", who, wanted.words)
    return "Noted."


def _silence(desk: AlertDesk, hand: AlertHand, one: Seen, wanted: Wanted, who: str) -> str:
    if wanted.last not in SILENCES:
        raise Refused("Say for how long.")
    labels = {name: one.alert.labels[name] for name in SILENCED_BY if one.alert.labels.get(name)}
    if any(HIDDEN in value for value in labels.values()):
        raise Refused("Its cause is masked for your role, so a silence would not fit it.")
    words, lasts = SILENCES[wanted.last]
    hand.note("silenced an alert", f"{one.alert.id} for {words}: {wanted.words}")
    made = desk.silence({name: (escape(value),) for name, value in labels.items()}, lasts, who, wanted.words)
    return f"Nobody is told of it for {words} (silence {made.id})."


def _end_silence(desk: AlertDesk, hand: AlertHand, one: Seen, _wanted: Wanted, who: str) -> str:
    if not one.silence:
        raise Refused("No silence covers it.")
    hand.note("ended a silence", f"{one.silence} of alert {one.alert.id}")
    return f"Silence {desk.unsilence(one.silence)} is over."


def _write(desk: AlertDesk, hand: AlertHand, one: Seen, deed: Deed, who: str, text: str) -> None:
    hand.note(_NOTED[deed], f"{one.alert.id}: {text}" if text else one.alert.id)
    desk.act(one.alert.id, deed, who, text)


_NOTED: Final[Mapping[Deed, str]] = {
    "ack": "acknowledged an alert",
    "unack": "gave an alert back",
    "assign": "assigned an alert",
    "comment": "commented on an alert",
}
_DEEDS: Final = {
    "acknowledge": _acknowledge,
    "unacknowledge": _give_back,
    "assign": _assign,
    "comment": _comment,
    "silence": _silence,
    "unsilence": _end_silence,
}
