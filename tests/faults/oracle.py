"""The truth about a scene, worked out in one go by a program that shares no code with the pipeline.

Links are followed from the whole list of events, milestones and clocks are read off each case's sorted events, and
working time is counted minute by minute. Only the process file itself is read, as plain YAML.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tests.faults.scene import BEGIN, Ref, Step

PROCESS_FILE = Path(__file__).parents[2] / "metrics/definitions/catalogue/requisition_to_pay.yaml"
ZONES = {"north": "America/New_York", "mesa": "America/Phoenix", "": "America/New_York"}
HOURS = {"business_hours": (8, 17), "ap_desk": (8, 16)}
UNITS = {"m": 1, "h": 60, "d": 1440}
DAYS = 240
AT_RISK = 0.8
NEVER = 1 << 60


@dataclass(frozen=True, slots=True)
class ClockTruth:
    """An SLA's outcome, in minutes since BEGIN; `deadline` is None while paused, `net` is None unless it ended."""

    status: str
    started: int
    stopped: int | None
    deadline: int | None
    net: int | None


@dataclass(frozen=True, slots=True)
class CaseTruth:
    events: frozenset[str]
    milestones: Mapping[str, tuple[int, int, int]]
    outcome: str
    state: str
    amount: int
    facility: str
    clocks: Mapping[str, ClockTruth]


class Truth:
    """Every case of a list of events, as of the newest of them (`now`, minutes since BEGIN)."""

    def __init__(self, steps: Iterable[Step], now: int | None = None, process: Path = PROCESS_FILE) -> None:
        self.process: Mapping[str, Any] = yaml.safe_load(process.read_text())
        unique = {step.id: step for step in steps}
        self.steps = list(unique.values())
        self.now = max(step.minute for step in self.steps) if now is None else now
        self._minutes: dict[tuple[str, str], list[int]] = {}
        self._rank = {source: rank for rank, source in enumerate(self.process["sources"])}
        self.members = self._links()
        self.cases = {name: self._case(steps) for name, steps in self._by_case().items()}

    def _links(self) -> Mapping[Ref, set[str]]:
        """Object -> names of its cases: a child belongs where a parent does that an event names with it."""
        cases: dict[Ref, set[str]] = defaultdict(set)
        named = {ref for step in self.steps for ref in step.objects}
        for kind, key in named:
            if kind == self.process["case"]["object"]:
                cases[kind, key].add(key)
        for link in self.process["correlation"]:  # parents stand before their children in the file
            for step in self.steps:
                children = [ref for ref in step.objects if ref[0] == link["object"]]
                parents = [ref for ref in step.objects if ref[0] == link["through"]]
                for child in children:
                    for parent in parents:
                        cases[child] |= cases[parent]
        assert all(len(found) <= 50 for found in cases.values()), "the scene must stay below every cap"
        return cases

    def _by_case(self) -> Mapping[str, list[Step]]:
        found: dict[str, list[Step]] = defaultdict(list)
        for step in self.steps:
            for name in set().union(*(self.members.get(ref, ()) for ref in step.objects)):
                found[name].append(step)
        return found

    def _case(self, steps: list[Step]) -> CaseTruth:
        steps.sort(key=lambda s: (s.minute, self._rank.get(s.source, 1000), s.number, s.id))
        reached = [(step.minute, name) for step in steps for name in self._milestones(step)]
        times: dict[str, list[int]] = defaultdict(list)
        for minute, name in reached:
            times[name].append(minute)
        outcome, state = self._state([name for _, name in reached])
        facility = next((s.attributes["facility"] for s in steps if "facility" in s.attributes), "")
        case_object = self.process["case"]["object"]
        money = [step.amount for step in steps if step.amount and step.objects[0][0] == case_object]
        clocks = ((sla["name"], self._clock(sla, reached, facility)) for sla in self.process["slas"])
        return CaseTruth(
            events=frozenset(step.id for step in steps),
            milestones={name: (min(at), max(at), len(at)) for name, at in times.items()},
            outcome=outcome,
            state=state,
            amount=money[-1] if money else 0,
            facility=facility,
            clocks={name: clock for name, clock in clocks if clock is not None},
        )

    def _milestones(self, step: Step) -> list[str]:
        return [
            name
            for name, milestone in self.process["milestones"].items()
            if step.type in _listed(milestone[True])  # YAML 1.1 reads the key `on` as true
            and all(step.attributes.get(k) in _listed(v) for k, v in milestone.get("where", {}).items())
        ]

    def _state(self, reached: Sequence[str]) -> tuple[str, str]:
        """Outcome, and what is shown as the state."""
        lines = {"main": "", **{branch["name"]: "" for branch in self.process["branches"]}}
        ends = {end["milestone"]: end["outcome"] for end in self.process["ends"]}
        outcome = ""
        for name in reached:
            if name in self.process["reopens"]:
                outcome = ""
            if outcome:
                continue
            for state in self.process["states"]:
                if name in _listed(state["enter"]):
                    lines[state.get("branch", "main")] = state["name"]
            for branch in self.process["branches"]:
                if name in _listed(branch["leave"]):
                    lines[branch["name"]] = ""
            outcome = ends.get(name, "")
        return outcome, outcome or " + ".join(state for state in lines.values() if state)

    def _clock(self, sla: Mapping[str, Any], reached: Sequence[tuple[int, str]], facility: str) -> ClockTruth | None:
        starts = [i for i, (_, name) in enumerate(reached) if name == sla["from"]]
        stop = next((i for i, (_, name) in enumerate(reached) if name == sla["to"]), None)
        if not starts:
            return None
        before = [i for i in starts if stop is None or i < stop]
        start = before[-1] if before and sla.get("start") == "last" else starts[0]
        cancels = [i for i, (_, n) in enumerate(reached) if n in sla.get("cancel_on", []) and i > start]
        cancel = next((i for i in cancels if stop is None or i < stop), None)
        pauses = [pause for rule in sla.get("pauses", []) for pause in _pauses(rule, reached)]
        at = [minute for minute, _ in reached]
        ends = (None if stop is None else at[stop], None if cancel is None else at[cancel])
        count = self._count(sla["calendar"], facility)
        return _judge(count, _minutes(sla["target"]), at[start], ends, pauses, self.now)

    def _count(self, calendar: str, facility: str) -> list[int]:
        """Open minutes before each minute of the window."""
        zone = "UTC" if calendar == "always" else ZONES[facility]
        known = self._minutes.get((calendar, zone))
        if known is None:
            known = self._minutes[calendar, zone] = list(accumulate(_open_minutes(calendar, zone), initial=0))
        return known


def _open_minutes(calendar: str, zone: str) -> Iterable[int]:
    if calendar == "always":
        yield from (1 for _ in range(DAYS * 1440))
        return
    opens, closes = HOURS[calendar]
    for hour in range(DAYS * 24):
        local = (BEGIN + timedelta(hours=hour)).astimezone(ZoneInfo(zone))  # these zones differ by whole hours
        yield from [int(local.weekday() < 5 and opens <= local.hour < closes)] * 60


def _listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _minutes(text: str) -> int:
    return int(text[:-1]) * UNITS[text[-1]]


def _pauses(rule: Mapping[str, str], reached: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
    """From each `from` to the next `to`; without one it lasts."""
    found: list[tuple[int, int]] = []
    begun: int | None = None
    for minute, name in reached:
        if name == rule["to"] and begun is not None:
            found.append((begun, minute))
            begun = None
        if name == rule["from"] and begun is None:
            begun = minute
    return found if begun is None else [*found, (begun, NEVER)]


def _judge(
    count: list[int],
    target: int,
    start: int,
    ends: tuple[int | None, int | None],
    pauses: list[tuple[int, int]],
    now: int,
) -> ClockTruth:
    stop, cancel = ends
    cancelled = cancel is not None and (stop is None or cancel < stop)
    end = cancel if cancelled else stop
    deadline = _reach(count, start, end, pauses, target)
    if end is not None:
        net = _open_between(count, start, end, pauses)
        status = "cancelled" if cancelled else "met" if net <= target else "breached"
        return ClockTruth(status, start, stop, deadline, net)
    if deadline is not None and deadline <= now:
        return ClockTruth("breached", start, None, deadline, None)
    if any(begun <= now < over for begun, over in pauses if over > start):
        return ClockTruth("paused", start, None, None, None)
    risk = _reach(count, start, end, pauses, round(target * AT_RISK))
    status = "at_risk" if risk is not None and risk <= now else "running"
    return ClockTruth(status, start, None, deadline, None)


def _stretches(start: int, end: int | None, pauses: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of [start, NEVER) without the pauses (those after `end` are none)."""
    last = NEVER if end is None else end
    left = [(start, NEVER)]
    for begun, over in pauses:
        over = min(over, last)
        if begun < over:
            left = [piece for a, b in left for piece in ((a, min(b, begun)), (max(a, over), b)) if piece[0] < piece[1]]
    return left


def _reach(count: list[int], start: int, end: int | None, pauses: list[tuple[int, int]], need: int) -> int | None:
    for a, b in _stretches(start, end, pauses):
        found = bisect_left(count, count[a] + need, lo=a)
        assert found < len(count) or b < NEVER, "the window is too short"
        if found <= b:
            return found
        need -= count[b] - count[a]
    return None


def _open_between(count: list[int], start: int, end: int, pauses: list[tuple[int, int]]) -> int:
    return sum(count[min(b, end)] - count[a] for a, b in _stretches(start, end, pauses) if a < end)
