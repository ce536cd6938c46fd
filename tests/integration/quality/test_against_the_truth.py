"""The flaws that the simulated hospital group plays on purpose are found: those and, of their kinds, no others."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from metrics.words import DAY, HOUR
from streams.simulator.plan import DISORDERS, SimulationPlan
from tests.faults.stack import Stack
from tests.integration.truth.replay import Truth, played

pytestmark = [pytest.mark.broker, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(1500)]
ANCHOR = int(datetime(2026, 3, 13, 15, 30, tzinfo=UTC).timestamp()) * 1_000_000
FULL = os.environ.get("FLOWGLASS_FULL") == "1"
DAYS, WITHIN = (90, 1200.0) if FULL else (15, 400.0)
KINDS = ("contradiction", "duplicate", "unmapped")
GUARDS = {
    "batch_reconciliation/difference_repaired", "employee_offboarding/access_revoked",
    "requisition_to_pay/approval_limit", "requisition_to_pay/approver_employed", "requisition_to_pay/four_eyes",
    "requisition_to_pay/supplier_ready",
}  # fmt: skip
SLACK = HOUR
"""Systems write some times by the second, and a message that was lost is sent again: at most an hour apart."""
SETTLED = ANCHOR - 2 * HOUR
"""What began before it is in everybody's books."""
NIGHT_OVER = ANCHOR - DAY
"""A nightly file may be that late, and with it the end of what is violated."""


class Judged(NamedTuple):
    truth: Truth
    stack: Stack


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    """Fifteen days of the group (in full: ninety), sent as its products send them, mapped and judged."""
    carriers, disorder = DISORDERS["small"]
    plan = SimulationPlan(
        seed=7, anchor=ANCHOR, days=DAYS, carriers=carriers, disorder=disorder, native=True, native_days=DAYS
    )
    with Stack(tmp_path_factory.mktemp("truth")) as stack:
        yield Judged(played(stack, plan, ("sources", "quality"), WITHIN), stack)


def flaws(truth: Truth) -> dict[tuple[str, str], dict[str, Any]]:
    """(kind, object) → the newest record of the flaw; of a duplicate the smaller number."""
    found = {(one["what"], min(id for _, id in one["objects"])): one for one in truth.flaws}
    waits = {"unmapped": DAY}
    return {
        key: {**one, "from": one["from"] + waits.get(one["what"], 0)}
        for key, one in found.items()
        if one["until"] is None or one["until"] > one["from"] + waits.get(one["what"], 0)
    }


def findings(stack: Stack) -> dict[tuple[str, str], dict[str, Any]]:
    rows = stack.rows(
        """SELECT kind, subject_id, state, toUnixTimestamp64Micro(opened) AS opened, objects,
                  toUnixTimestamp64Micro(healed) AS healed FROM v_quality_findings"""
    )
    return {(row["kind"], row["subject_id"]): row for row in rows if row["kind"] in KINDS}


def violated(truth: Truth) -> dict[tuple[str, str], dict[str, Any]]:
    """(guard, document) → the newest record of the truth, where a guard is violated."""
    newest = {(f"{one['process']}/{one['guard']}", one["document"]): one for one in truth.guards}
    return {key: one for key, one in newest.items() if one["until"] is None or one["until"] > one["from"]}


def violations(stack: Stack) -> dict[tuple[str, str], dict[str, Any]]:
    rows = stack.rows(
        """SELECT field, target, toUnixTimestamp64Micro(opened) AS opened, toUnixTimestamp64Micro(healed) AS healed,
                  severity, title, events, proof FROM v_quality_findings WHERE kind = 'guard'"""
    )
    return {(row["field"], row["target"]): row for row in rows}


def untold(stack: Stack) -> set[tuple[str, str]]:
    """(guard, document) of approvals in E-Business Suite, which says neither who asked nor on which level it was."""
    rows = stack.rows(
        """SELECT DISTINCT field, JSONExtractString(value, 'document') AS document FROM v_quality_facts
           WHERE kind = 'asked' AND system = 'ebs'"""
    )
    return {(row["field"], row["document"]) for row in rows if row["document"].startswith("approval_step/")}


def test_every_flaw_of_the_group_is_found_and_nothing_else(group: Judged) -> None:
    expected, found = flaws(group.truth), findings(group.stack)
    wanted = {key for key, said in expected.items() if key[0] in KINDS and said["from"] < SETTLED}
    assert {kind for kind, _ in wanted} == set(KINDS)
    assert {key for key, row in found.items() if row["opened"] < SETTLED} == wanted


def test_they_opened_and_healed_when_the_group_says(group: Judged) -> None:
    expected, found = flaws(group.truth), findings(group.stack)
    for key in expected.keys() & found.keys():
        said, row = expected[key], found[key]
        assert abs(row["opened"] - said["from"]) <= SLACK, key
        assert (row["healed"] is None) == (said["until"] is None), key
        assert said["until"] is None or abs(row["healed"] - said["until"]) <= SLACK, key


def test_every_violation_of_a_guard_is_found_and_nothing_else(group: Judged) -> None:
    expected, found = violated(group.truth), violations(group.stack)
    unknown = untold(group.stack)
    wanted = {key for key, said in expected.items() if said["from"] < NIGHT_OVER} - unknown
    assert {guard for guard, _ in wanted} >= GUARDS
    assert {key for key, row in found.items() if row["opened"] < NIGHT_OVER} - unknown == wanted
    for key in wanted:
        said, row = expected[key], found[key]
        assert abs(row["opened"] - said["from"]) <= SLACK, key
        if said["until"] is None or said["until"] < NIGHT_OVER:
            assert (row["healed"] is None) == (said["until"] is None), key
        assert row["proof"] in row["events"], key
