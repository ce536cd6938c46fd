"""What each SLA and expectation of the catalogue comes to for a case, worked out from its milestones alone."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

import yaml

from metrics.words import DAY, HOUR, MINUTE
from streams.simulator.clockwork import moment
from streams.simulator.minutes import OpenMinutes

Occurred = Sequence[tuple[int, str]]
_UNITS = {"m": MINUTE, "h": HOUR, "d": DAY}
_DURATION = re.compile(r"(\d+)([mhd])")
_AT_RISK = 0.8


@dataclass(frozen=True, slots=True)
class Sla:
    """One SLA as the catalogue writes it; `target` in microseconds."""

    name: str
    start: str
    stop: str
    target: int
    calendar: str
    at_risk: float
    pauses: tuple[tuple[str, str], ...]
    cancel: frozenset[str]
    last: bool
    early: bool = False
    """Its end may come before its start: what was told before it was expected need not be told again."""


class _Marks:
    """A clock's start, end and pauses, as the milestones go by."""

    __slots__ = ("cancelled", "open", "pauses", "sla", "started", "stopped")

    def __init__(self, sla: Sla) -> None:
        self.sla = sla
        self.started: int | None = None
        self.stopped: int | None = None
        self.cancelled: int | None = None
        self.pauses: list[tuple[int, int | None]] = []
        self.open: dict[int, int] = {}

    def see(self, time: int, name: str) -> None:
        sla = self.sla
        if name == sla.stop and self.stopped is None and (self.started is not None or sla.early):
            self.stopped = time
        if name in sla.cancel and self.stopped is None and self.cancelled is None and self.started is not None:
            self.cancelled = time
        if name == sla.start and (self.started is None or (sla.last and self.stopped is None)):
            self.started, self.cancelled = time, None
        for index, (begin, finish) in enumerate(sla.pauses):
            if name == finish and index in self.open:
                self.pauses.append((self.open.pop(index), time))
            if name == begin:
                self.open.setdefault(index, time)

    def stretches(self, until: int) -> list[tuple[int, int]]:
        """The times between start and `until` in which the clock ran."""
        stops = sorted([*self.pauses, *((begin, None) for begin in self.open.values())], key=lambda pause: pause[0])
        at, found = self.started or 0, []
        for begin, finish in stops:
            end = until if finish is None else finish
            if end <= at or begin >= until:
                continue
            if begin > at:
                found.append((at, begin))
            at = end
        if at < until:
            found.append((at, until))
        return found


class Outcomes:
    """The catalogue's SLAs, judged minute by minute."""

    def __init__(self, since: int) -> None:
        self._since: date = moment(since).date()
        self._calendars = _load("calendars.yaml")["calendars"]
        self._facilities = _load("facilities.yaml")
        self._slas: dict[str, tuple[Sla, ...]] = {}
        self._expected: dict[str, tuple[Sla, ...]] = {}
        self._minutes: dict[tuple[str, str], OpenMinutes] = {}

    def judge(self, process: str, facility: str, occurred: Occurred, now: int) -> dict[str, dict[str, Any]]:
        """For each SLA whose clock ever started: status, start, end (None while open) and net time at `now`.

        Status is one of running, at_risk, paused, met, breached, cancelled. A stop wins over a later cancel,
        a cancel over a later stop; a clock that starts anew with each start forgets an earlier cancel.
        """
        if process not in self._slas:
            self._slas[process] = _slas(_load(f"{process}.yaml"))
        found = {}
        for sla in self._slas[process]:
            marks = _Marks(sla)
            for time, name in occurred:
                marks.see(time, name)
            if marks.started is not None:
                found[sla.name] = self._read(marks, facility, now)
        return found

    def expect(self, process: str, facility: str, occurred: Occurred, now: int) -> dict[str, dict[str, Any]]:
        """For each expectation that ever began: status, since when, and when it was seen (None: not yet).

        Status is one of awaited, seen (in time), unseen, late (seen after all), cancelled.
        """
        if process not in self._expected:
            self._expected[process] = _expected(_load(f"{process}.yaml"))
        found = {}
        for one in self._expected[process]:
            marks = _Marks(one)
            for time, name in occurred:
                marks.see(time, name)
            if marks.started is not None:
                clock = self._read(marks, facility, now)
                unseen = "unseen" if marks.stopped is None else "late"
                status = {"met": "seen", "breached": unseen, "cancelled": "cancelled"}.get(clock["status"], "awaited")
                found[one.name] = {"status": status, "since": marks.started, "seen": marks.stopped}
        return found

    def _read(self, marks: _Marks, facility: str, now: int) -> dict[str, Any]:
        sla = marks.sla
        void = marks.cancelled is not None and (marks.stopped is None or marks.cancelled < marks.stopped)
        end = marks.cancelled if void else marks.stopped
        minutes = self._of(sla.calendar, facility)
        net = sum(minutes.between(a, b) for a, b in marks.stretches(now if end is None else end))
        if end is not None:
            status = "cancelled" if void else "met" if net <= sla.target else "breached"
        elif net >= sla.target:
            status = "breached"
        elif any(begin <= now for begin in marks.open.values()):
            status = "paused"
        else:
            status = "at_risk" if net >= round(sla.target * sla.at_risk) else "running"
        return {"status": status, "started": marks.started, "stopped": end, "net_us": net}

    def _of(self, calendar: str, facility: str) -> OpenMinutes:
        key = (calendar, facility)
        if key not in self._minutes:
            place = self._facilities["facilities"].get(facility, self._facilities["default"])
            self._minutes[key] = OpenMinutes(self._calendars[calendar], place, self._since)
        return self._minutes[key]


def _load(name: str) -> Any:
    text = files("metrics").joinpath("definitions", "catalogue", name).read_text("utf-8")
    return yaml.safe_load(text)


def _slas(text: Mapping[str, Any]) -> tuple[Sla, ...]:
    return tuple(
        Sla(
            name=sla["name"],
            start=sla["from"],
            stop=sla["to"],
            target=_duration(sla["target"]),
            calendar=sla.get("calendar", "always"),
            at_risk=sla.get("at_risk", _AT_RISK),
            pauses=tuple((pause["from"], pause["to"]) for pause in sla.get("pauses", ())),
            cancel=frozenset(_listed(sla.get("cancel_on", ()))),
            last=sla.get("start") == "last",
        )
        for sla in text.get("slas", ())
    )


def _expected(text: Mapping[str, Any]) -> tuple[Sla, ...]:
    return tuple(
        Sla(
            name=one["name"],
            start=one["after"],
            stop=one["milestone"],
            target=_duration(one["within"]),
            calendar=one.get("calendar", "always"),
            at_risk=1.0,
            pauses=tuple((pause["from"], pause["to"]) for pause in one.get("pauses", ())),
            cancel=frozenset(_listed(one.get("cancel_on", ()))),
            last=one.get("start") == "last",
            early=True,
        )
        for one in text.get("expects", ())
    )


def _listed(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def _duration(text: str) -> int:
    return sum(int(count) * _UNITS[unit] for count, unit in _DURATION.findall(text))
