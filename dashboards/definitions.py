"""What a process definition tells readers: titles, order of states, targets and objectives.

Read from the definition's text as the store keeps it (the version the worker runs), else from the
catalogue that ships with the product. A process without any definition (an analysed log) gets a view
in which every activity is its own milestone and state.
"""

import importlib.resources
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import yaml

from dashboards.wording import humanised, inline, written

CATALOGUE = "metrics.definitions"
_PROCESS = re.compile(r"^process: *([a-z][a-z0-9_]*) *$", re.MULTILINE)


class SlaView(NamedTuple):
    """One SLA in words; `objective` is a share or None, `target` the text of the definition."""

    name: str
    title: str
    start: str
    stop: str
    target: str
    calendar: str
    objective: float | None
    window_days: int
    owner: str
    source: str
    escalation: str = ""
    """Its own, in words; '' where that of the process holds."""


class StateView(NamedTuple):
    """One state: the line it belongs to and the milestones that lead to it."""

    name: str
    title: str
    branch: str
    entered_by: tuple[str, ...]


class Move(NamedTuple):
    """A milestone leads a branch into a state; '' when it leaves the branch or ends the case."""

    milestone: str
    branch: str
    state: str


class ProcessView(NamedTuple):
    """A process in words. `defined`: no log without a definition. `judged`: it has rules of conformance."""

    process: str
    title: str
    owner: str
    defined: bool
    milestones: Mapping[str, str]
    activities: Mapping[str, str]
    states: tuple[StateView, ...]
    slas: Mapping[str, SlaView]
    ends: frozenset[str]
    branches: Mapping[str, str]
    moves: tuple[Move, ...]
    activity_branches: Mapping[str, str]
    judged: bool = False
    escalation: str = ""

    def escalation_of(self, sla: str) -> str:
        """Who is told next, and when, in words; '' sla: as the process says."""
        own = self.slas[sla].escalation if sla in self.slas else ""
        return own or self.escalation

    def milestone_title(self, name: str) -> str:
        """The milestone's title, else its name as words."""
        return self.milestones.get(name) or humanised(name)

    def activity_title(self, activity: str) -> str:
        """What an event of this activity is called on the map."""
        return self.activities.get(activity) or humanised(activity)

    def state_title(self, name: str) -> str:
        """A state's title; a case in several branches names several states."""
        known = {state.name: state.title for state in self.states}
        return " + ".join(known.get(part) or humanised(part) for part in name.split(" + ") if part) or "No state"

    def sla_title(self, name: str) -> str:
        """The SLA's title, else its name as words."""
        return self.slas[name].title if name in self.slas else humanised(name)


def undefined(process: str) -> ProcessView:
    """The view of a process nobody has defined."""
    title = f"Log {process.removeprefix('log.')[:6]}" if process.startswith("log.") else humanised(process)
    return ProcessView(process, title, "", False, {}, {}, (), {}, frozenset(), {}, (), {})


def read_view(process: str, text: str) -> ProcessView:
    """The view in a definition's YAML text; raises ValueError when the text is no definition."""
    raw = yaml.safe_load(text)
    if not isinstance(raw, dict) or not isinstance(raw.get("milestones"), dict):
        raise ValueError(f"the stored definition of {process} cannot be read")
    titles = {name: _title(name, body) for name, body in raw["milestones"].items()}
    states = tuple(_state(state) for state in raw.get("states") or ())
    ends = frozenset(str(end["milestone"]) for end in raw.get("ends") or ())
    moves = _moves(states, raw.get("branches") or (), ends)
    return ProcessView(
        process,
        str(raw.get("title") or humanised(process)),
        str(raw.get("owner", "")),
        True,
        titles,
        _activities(raw["milestones"], titles),
        states,
        {str(sla["name"]): _sla(sla) for sla in raw.get("slas") or ()},
        ends,
        {
            str(branch["name"]): str(branch.get("title") or humanised(branch["name"]))
            for branch in raw.get("branches") or ()
        },
        moves,
        _activity_branches(raw["milestones"], moves),
        bool(raw.get("conformance")),
        _escalation(raw),
    )


def catalogue_texts() -> dict[str, str]:
    """Process name to text of every definition that ships with the product."""
    texts = {}
    for file in sorted(importlib.resources.files(CATALOGUE).joinpath("catalogue").iterdir(), key=lambda f: f.name):
        if file.name.endswith(".yaml"):
            text = file.read_text(encoding="utf-8")
            if named := _PROCESS.search(text):  # not parsed: each page's desk begins with this
                texts[named[1]] = text
    return texts


def _title(name: str, body: Any) -> str:
    return str(body.get("title") or humanised(name)) if isinstance(body, dict) else humanised(name)


def _activities(milestones: Mapping[str, Any], titles: Mapping[str, str]) -> dict[str, str]:
    """An activity that stands for exactly one milestone, without conditions, takes its title."""
    claims: dict[str, list[str]] = {}
    for name, body in milestones.items():
        on = _on(body)
        plain = isinstance(on, str) and not body.get("where")
        for activity in [on] if isinstance(on, str) else on:
            claims.setdefault(activity, []).append(titles[name] if plain else "")
    return {activity: names[0] for activity, names in claims.items() if len(names) == 1 and names[0]}


def _on(body: Any) -> Any:
    """The activities of a milestone. YAML 1.1 reads the bare key `on` as true."""
    return (body.get("on") or body.get(True) or []) if isinstance(body, dict) else []


def _moves(states: tuple[StateView, ...], branches: Any, ends: frozenset[str]) -> tuple[Move, ...]:
    entries = [Move(milestone, state.branch, state.name) for state in states for milestone in state.entered_by]
    exits = [
        Move(str(milestone), str(branch["name"]), "") for branch in branches for milestone in branch.get("leave") or ()
    ]
    every = dict.fromkeys(state.branch for state in states)
    return tuple(
        dict.fromkeys([*entries, *exits, *(Move(end, branch, "") for branch in every for end in sorted(ends))])
    )


def _activity_branches(milestones: Mapping[str, Any], moves: tuple[Move, ...]) -> dict[str, str]:
    """The branch that an event of each activity moves: the main line before any other that it starts."""
    found: dict[str, str] = {}
    for name, body in milestones.items():
        on = _on(body)
        moved = sorted({move.branch for move in moves if move.milestone == name}, key=lambda branch: branch != "main")
        for activity in [on] if isinstance(on, str) else on:
            if moved:
                found.setdefault(activity, moved[0])
    return found


def _state(raw: Mapping[str, Any]) -> StateView:
    enter = raw.get("enter", [])
    entered_by = (enter,) if isinstance(enter, str) else tuple(enter)
    return StateView(
        str(raw["name"]), str(raw.get("title") or humanised(raw["name"])), str(raw.get("branch", "main")), entered_by
    )


def _sla(raw: Mapping[str, Any]) -> SlaView:
    objective = raw.get("objective") or {}
    share = objective.get("share")
    return SlaView(
        str(raw["name"]),
        str(raw.get("title") or humanised(raw["name"])),
        str(raw["from"]),
        str(raw["to"]),
        str(raw["target"]),
        str(raw.get("calendar", "always")),
        float(share) if share is not None else None,
        int(objective.get("window_days", 28)),
        str(raw.get("owner", "")),
        " ".join(str(raw.get("source", "")).split()),
        _escalation(raw),
    )


def _escalation(raw: Mapping[str, Any]) -> str:
    """'Procurement lead after 4 h (business hours), Chief buyer after 2 working days (business hours)'."""
    return ", ".join(
        f"{humanised(step['to'])} after {written(str(step['after']))}"
        + (f" ({inline(step['calendar'])})" if step.get("calendar", "always") != "always" else "")
        for step in raw.get("escalation") or ()
    )
