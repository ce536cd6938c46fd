"""Departures made on purpose: each is told, found by the truth, and found by folding the case's events."""

from collections import defaultdict
from typing import Any

from metrics.definitions.load import load
from metrics.words import Event
from streams.cases.fold import apply, new_fold, order_key
from streams.cases.plan import Plan
from streams.simulator import strays
from tests.unit.streams.simulator.conftest import Played

KINDS = [one for one in vars(strays).values() if isinstance(one, strays.Stray)]
Case = tuple[str, str]


def true(played: Played) -> dict[Case, dict[str, Any]]:
    return {(record["process"], record["case"]): record for record in played.of("case")}


def test_each_process_of_the_catalogue_has_a_way_to_go_astray() -> None:
    assert {process for one in KINDS for process, *_ in one.broken} == {one.process for one in load().definitions}


def test_what_goes_astray_names_rules_of_the_catalogue() -> None:
    rules = {(one.process, rule.name) for one in load().definitions for rule in one.conformance.rules}
    named = {(process, rule) for one in KINDS for process, _, rule, _ in one.broken}
    assert named - rules == {("batch_reconciliation", "nothing after the end")}


def test_a_departure_shows_in_the_truth_once_its_step_has_come(harsh: Played) -> None:
    cases = true(harsh)
    due = 0
    for told in harsh.of("deviation"):
        record = cases.get((told["process"], told["case"]))
        reached = {name: last for name, _, last, _ in record["milestones"]} if record else {}
        if record is None or reached.get(told["step"], 0) < told["at"]:
            continue
        kinds = {kind for kind, rule, *_ in record["deviations"] if rule == told["rule"]}
        assert kinds & {told["kind"], "missing"}, told
        due += 1
    assert due > 20


def test_folding_a_case_comes_to_what_the_truth_says_of_it(harsh: Played) -> None:
    check_folded(harsh)
    assert len({process for (process, _), record in true(harsh).items() if record["deviations"]}) >= 3


def check_folded(played: Played) -> None:
    """Each case, folded from its events alone, deviates as the truth says."""
    plans = {one.process: Plan(one) for one in load().definitions}
    members: dict[tuple[str, str], list[Case]] = {}
    for record in played.of("object"):
        members[record["type"], record["id"]] = [(process, case) for process, case in record["cases"]]
    events: dict[Case, dict[str, Event]] = defaultdict(dict)
    for event in played.sent:
        for case in {case for ref in event.objects for case in members.get((ref.type, ref.id), ())}:
            if event.type not in plans[case[0]].definition.ignores:
                events[case][event.id] = event
    cases = true(played)
    for case, own in events.items():
        plan = plans[case[0]]
        fold = new_fold(plan)
        for key, event in sorted(((order_key(plan, event), event) for event in own.values()), key=lambda pair: pair[0]):
            apply(fold, plan, event, key)
        found = fold.verdict.deviations if fold.verdict else ()
        folded = sorted([one.kind, one.rule, one.milestone, one.object, one.at, one.count] for one in found)
        assert folded == cases[case]["deviations"], case
