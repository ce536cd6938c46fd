"""Verdicts against an oracle that asks each rule of the whole case at once, whatever came when, twice or late."""

import asyncio
from collections import defaultdict
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.definitions.conformance import compile_conformance
from metrics.definitions.model import Match
from metrics.definitions.schema_conformance import ConformanceText
from metrics.words import Event
from streams.cases.fold import apply, new_fold, order_key
from streams.cases.plan import Plan
from streams.simulator.ways import Went, judged_by
from tests.fakes.clocked import CLOCKED, NAMES
from tests.fakes.events import event
from tests.properties.engine.test_order_and_crashes import STAGES, outcome, run

BOTH = "received_and_paid"
"""An activity that reaches two milestones at once."""
REACHED = {name: (name,) for name in NAMES} | {BOTH: ("received", "paid")}
MATCHES = {activity: tuple(Match(NAMES.index(name), None) for name in names) for activity, names in REACHED.items()}
ENDS = {"ends": [{"milestone": "paid"}, {"milestone": "refused"}], "reopens": ["asked"]}

steps = st.sampled_from(NAMES)
scopes = st.fixed_dictionaries({}, optional={"each": st.just("purchase_order")})


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """A handful of rules of every form, none against itself."""

    def rule(*words: str) -> dict[str, Any]:
        names = draw(st.lists(steps, min_size=len(words), max_size=len(words), unique=True))
        return dict(zip(words, names, strict=True)) | draw(scopes)

    shapes = draw(st.lists(st.integers(0, 6), min_size=1, max_size=5))
    found: dict[str, Any] = {"order": [], "never": [], "repeats": []}
    for shape in shapes:
        if shape < 3:
            found["order"].append(rule("step", "after", "since") if shape else rule("step", "after"))
        elif shape < 5:
            found["never"].append(rule("step", "after") if shape == 3 else rule("step"))
        else:
            words = ("step", "since") if shape == 5 else ("step",)
            found["repeats"].append(rule(*words) | {"at_most": draw(st.integers(1, 2))})
    found = {part: [one for at, one in enumerate(some) if one not in some[:at]] for part, some in found.items()}
    if draw(st.booleans()):
        found["after_end"] = draw(st.lists(st.sampled_from([name for name in NAMES if name != "asked"]), max_size=3))
    return found


histories = st.lists(
    st.tuples(st.sampled_from([*REACHED]), st.integers(0, 12), st.sets(st.sampled_from(["P1", "P2"]))), max_size=14
)


def told(history: list[tuple[str, int, set[str]]]) -> list[Event]:
    return [
        event(activity, at, ("requisition", "R"), *(("purchase_order", one) for one in sorted(orders)), sequence=number)
        for number, (activity, at, orders) in enumerate(history)
    ]


def definition(text: dict[str, Any]) -> Any:
    compiled = compile_conformance(ConformanceText.model_validate(text), {name: i for i, name in enumerate(NAMES)})
    return msgspec.structs.replace(CLOCKED, matches=MATCHES, conformance=compiled)


def truth(text: dict[str, Any], events: list[Event]) -> list[tuple[Any, ...]]:
    went = [Went(one.time, one.source, one.sequence, REACHED[one.activity], one.objects) for one in events]
    return sorted(judged_by({**ENDS, "conformance": text}, went))


@settings(max_examples=150, deadline=None)
@given(rules(), histories)
def test_every_verdict_is_that_of_the_oracle(text: dict[str, Any], history: list[tuple[str, int, set[str]]]) -> None:
    plan, events = Plan(definition(text)), told(history)
    fold = new_fold(plan)
    for key, one in sorted(((order_key(plan, one), one) for one in events), key=lambda pair: pair[0]):
        apply(fold, plan, one, key)
    found = fold.verdict.deviations if fold.verdict else ()
    mine = sorted((one.kind, one.rule, one.milestone, one.object, one.at, one.count) for one in found)
    assert mine == truth(text, events)


EVERY = {
    "order": [
        {"step": "paid", "after": "received"},
        {"step": "received", "after": "ordered", "each": "purchase_order"},
        {"step": "paid", "after": "freed", "since": "held"},
    ],
    "never": [{"step": "ordered", "after": "refused"}],
    "repeats": [{"step": "ordered", "at_most": 1, "each": "purchase_order"}],
    "after_end": ["received"],
}
SCENE = told(
    [
        ("asked", 1, set()), ("ordered", 2, {"P1"}), ("received", 3, {"P1"}), ("received", 4, {"P2"}),
        ("ordered", 5, {"P2"}), ("ordered", 6, {"P2"}), ("held", 7, set()), ("paid", 8, set()), ("freed", 9, set()),
        ("held", 10, set()), ("received", 11, set()),
    ]
)  # fmt: skip


def final(events: list[Event], cuts: set[int], kills: dict[int, str]) -> tuple[Any, list[dict[str, Any]]]:
    store = asyncio.run(run(events, cuts, kills, definition(EVERY)))
    return outcome(store), store.rows("deviation_changes")


TRUTH, _ = final(SCENE, set(), {})


@settings(max_examples=60, deadline=None)
@given(
    st.permutations(SCENE),
    st.lists(st.sampled_from(SCENE), max_size=4),
    st.sets(st.integers(0, 14)),
    st.dictionaries(st.integers(1, 8), st.sampled_from(STAGES), max_size=3),
)
def test_any_order_doubles_batches_and_crashes_end_in_the_same_verdict_and_what_is_gone_was_withdrawn(
    events: list[Event], doubles: list[Event], cuts: set[int], kills: dict[int, str]
) -> None:
    found, changes = final([*events, *doubles], cuts, kills)
    assert found == TRUTH
    row = found["cases"]["ordering", "R"]
    columns = (row[f"deviation.{name}"] for name in ("rule", "object", "event_id"))
    standing = set(zip(*columns, strict=True))
    history: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for change in sorted(changes, key=lambda one: (one["version"], one["change"] != "withdrawn")):
        history[change["rule"], change["object"], change["event_id"]].append(change)
    lasting = {key for key, rows in history.items() if rows[-1]["change"] != "withdrawn"}
    assert lasting == standing


def test_the_scene_breaks_every_kind_of_rule() -> None:
    kinds = set(TRUTH["cases"]["ordering", "R"]["deviation.kind"])
    assert kinds == {"missing", "wrong_order", "extra", "rework"} or kinds == {"wrong_order", "extra", "rework"}
