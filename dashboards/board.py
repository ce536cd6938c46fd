"""The stage board of Operations: one column a state, with its load, flow and the interfaces that serve it."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dash import html, no_update
from dash.development.base_component import Component

from dashboards.address import Address
from dashboards.components.leaves import Leaf, leaf, leaf_values, link
from dashboards.definitions import ProcessView
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import DAY, MINUTE, count, duration, interface_words, percent
from metrics.queries.rows import StageFlow, StageInterface, StageLoad

BOARD = "stages-board"
MOST_STAGES, MOST_INTERFACES = 24, 4
RED_ERRORS, AMBER_ERRORS = 0.10, 0.03


class Stage(NamedTuple):
    """One column: what waits, what moved in the last day, and the calls made for it."""

    name: str
    title: str
    branch: str
    load: StageLoad
    flow: StageFlow
    interfaces: tuple[StageInterface, ...]


def fill_board(reader: Reader, request: Request) -> list[Any]:
    """The board's tree when its structure is new, else only its leaves."""
    stages = read_stages(reader, request.scope)
    if not stages:
        raise Empty("No open case matches these filters.")
    values = board_leaves(stages, request.scope.address)
    shown = {str(spec["id"]["name"]) for spec in request.outputs[1]}
    if shown == set(values):
        return [no_update, *leaf_values(request.outputs[1:], values, stage_links(stages, request.scope.address))]
    tree = board(stages, values, stage_links(stages, request.scope.address))
    return [tree, *([no_update for _ in spec] for spec in request.outputs[1:])]


def read_stages(reader: Reader, scope: Scope) -> list[Stage]:
    """The states in the definition's order (a log: its activities by load), with what the store says of each."""
    view, process, moves = scope.view, scope.size.process, move_columns(scope.view)
    since = (scope.as_of - DAY) // MINUTE * MINUTE
    loads = {
        row.stage: row
        for row in scope.of_place(
            reader.rows("stage_load", StageLoad, process=process, as_of=scope.minute, **_without_branch(moves))
        )
    }
    moved = scope.of_place(reader.rows("stage_flow", StageFlow, process=process, since=since, **moves))
    flows = {row.stage: row for row in moved}
    brought = {"activities": list(view.activity_branches), "activity_branches": list(view.activity_branches.values())}
    calls = scope.of_place(
        reader.rows("stage_interfaces", StageInterface, process=process, since=since, **moves, **brought)
    )
    order = [state.name for state in view.states] or sorted(loads, key=lambda name: -loads[name].in_flight)[
        :MOST_STAGES
    ]
    order += [name for name in loads if name not in order][: max(MOST_STAGES - len(order), 0)]
    branches = {state.name: view.branches.get(state.branch, "") for state in view.states}
    return [
        Stage(
            name,
            view.state_title(name) if view.states else view.activity_title(name),
            branches.get(name, ""),
            loads.get(name, StageLoad(name, 0, 0, 0, 0.0)),
            flows.get(name, StageFlow(name, 0, 0)),
            stage_calls(calls, name),
        )
        for name in order
    ]


def move_columns(view: ProcessView) -> dict[str, list[str]]:
    """The definition's moves as the parallel lists that queries take; empty for a log."""
    return {
        "moves_milestone": [move.milestone for move in view.moves],
        "moves_branch": [move.branch for move in view.moves],
        "moves_state": [move.state for move in view.moves],
    }


def _without_branch(moves: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: values for name, values in moves.items() if name != "moves_branch"}


def stage_calls(calls: Sequence[StageInterface], stage: str) -> tuple[StageInterface, ...]:
    """The interfaces that served cases in this state: those in trouble first, then the busiest."""
    own = [call for call in calls if call.stage == stage]
    own.sort(key=lambda call: (-(call.errors / call.calls >= AMBER_ERRORS), -call.calls, call.interface))
    return tuple(own[:MOST_INTERFACES])


def board_leaves(stages: Sequence[Stage], address: Address) -> dict[str, Leaf]:
    """All texts of the board by leaf name."""
    values: dict[str, Leaf] = {}
    for stage in stages:
        load, flow = stage.load, stage.flow
        tone = stage_tone(stage)
        values |= {
            f"{stage.name}/bar": Leaf("", tone),
            f"{stage.name}/value": Leaf(count(load.in_flight), "plain" if load.in_flight else "quiet"),
            f"{stage.name}/entered": Leaf(count(flow.entered)),
            f"{stage.name}/left": Leaf(count(flow.left)),
            f"{stage.name}/risk": Leaf(count(load.at_risk), "warn" if load.at_risk else "quiet"),
            f"{stage.name}/breached": Leaf(count(load.breached), "bad" if load.breached else "quiet"),
            f"{stage.name}/wait": Leaf(duration(load.median_wait_us) if load.in_flight else "–"),
        }
        for call in stage.interfaces:
            share = call.errors / call.calls
            tone = "bad" if share >= RED_ERRORS else "warn" if share >= AMBER_ERRORS else "good"
            values[f"{stage.name}/{call.interface}/errors"] = Leaf(f"{percent(share)} errors", tone)
            values[f"{stage.name}/{call.interface}/p95"] = Leaf(
                f"p95 {duration(call.p95_us)} · {count(call.calls)} calls", "quiet"
            )
    return values


def stage_tone(stage: Stage) -> str:
    """A stage is bad when a tenth of its cases are breached, warned when any is at risk or breached."""
    load = stage.load
    if load.in_flight and load.breached / load.in_flight >= 0.25:
        return "bad"
    return "warn" if load.breached or load.at_risk else "good" if load.in_flight else "quiet"


def stage_links(stages: Sequence[Stage], address: Address) -> dict[str, str]:
    """Where each number of the board leads."""
    links: dict[str, str] = {}
    for stage in stages:
        links[stage.name] = address.link("/cases", list="open", state=stage.name)
        links[f"{stage.name}/to-risk"] = address.link("/cases", list="at_risk", state=stage.name)
        links[f"{stage.name}/to-breached"] = address.link("/cases", list="breached", state=stage.name)
        for call in stage.interfaces:
            links[f"{stage.name}/{call.interface}"] = address.link("/cases", interface=call.interface)
    return links


def board(stages: Sequence[Stage], values: Mapping[str, Leaf], links: Mapping[str, str]) -> list[Component]:
    """The board as a tree: one row of columns a branch."""
    rows: list[Component] = []
    for branch in dict.fromkeys(stage.branch for stage in stages):
        columns = [_column(stage, values, links) for stage in stages if stage.branch == branch]
        if branch:
            rows.append(html.H3(f"In parallel: {branch}", className="fg-branch"))
        rows.append(html.Div(columns, className="fg-board", role="list"))
    return rows


def _column(stage: Stage, values: Mapping[str, Leaf], links: Mapping[str, str]) -> Component:
    def text(part: str) -> Component:
        return leaf("stages", f"{stage.name}/{part}", values[f"{stage.name}/{part}"])

    def to(name: str, child: Any) -> Component:
        return link("stages", name, child, links[name])

    facts: tuple[tuple[str, Any], ...] = (
        ("In / out today", [text("entered"), " / ", text("left")]),
        ("At risk", to(f"{stage.name}/to-risk", text("risk"))),
        ("Breached", to(f"{stage.name}/to-breached", text("breached"))),
        ("Median wait", text("wait")),
    )
    lanes = [_lane(stage, call, values, links) for call in stage.interfaces]
    return html.Div(
        [
            text("bar"),
            html.H3(stage.title, className="fg-stage-title", title=stage.title),
            html.Div(
                [to(stage.name, text("value")), html.Span("in flight", className="fg-unit")], className="fg-stage-value"
            ),
            html.Dl(
                [part for label, value in facts for part in (html.Dt(label), html.Dd(value))], className="fg-facts"
            ),
            html.Div(lanes or html.Span("No interface calls seen", className="fg-lane-none"), className="fg-lanes"),
        ],
        className="fg-stage",
        role="listitem",
    )


def _lane(stage: Stage, call: StageInterface, values: Mapping[str, Leaf], links: Mapping[str, str]) -> Component:
    name = f"{stage.name}/{call.interface}"
    return html.Div(
        [
            link("stages", name, interface_words(call.interface), links[name], "fg-lane-name"),
            html.Div(
                [
                    leaf("stages", f"{name}/errors", values[f"{name}/errors"]),
                    leaf("stages", f"{name}/p95", values[f"{name}/p95"]),
                ]
            ),
        ],
        className="fg-lane",
    )
