"""The guards of the catalogue find what the simulated group violates: those documents, and no others."""

from metrics.definitions.load import load
from metrics.guards.model import Guards
from metrics.words import DAY, Marker
from streams.simulator.plan import FEED
from tests.unit.streams.quality.rig import Rig
from tests.unit.streams.simulator.conftest import ANCHOR, Played

Violation = tuple[int, int | None]
PARTITIONS = 2
BATCH = 500
"""Events of one flush."""
SETTLED = ANCHOR - DAY
"""What happened before is in everybody's books: a nightly file comes hours late."""


def true_violations(played: Played) -> dict[tuple[str, str], Violation]:
    """(guard, document) → from when to when, of what had begun by the anchor."""
    newest = {(f"{one['process']}/{one['guard']}", one["document"]): one for one in played.of("guard")}
    return {
        key: (one["from"], one["until"])
        for key, one in newest.items()
        if one["from"] <= SETTLED and (one["until"] is None or one["until"] > one["from"])
    }


def found_violations(played: Played) -> dict[tuple[str, str], Violation]:
    """What the judge makes of the events as they were delivered, late and twice."""
    rig = Rig(PARTITIONS, guards=Guards(tuple(one for known in load().definitions for one in known.guards)))
    for partition in range(PARTITIONS):
        begin = Marker(feed=FEED, kind="backfill", partition=partition, count=0, origin="test", position=0)
        rig.read(partition, (), (begin,))
    for start in range(0, len(played.sent), BATCH):
        for partition in range(PARTITIONS):
            rig.read(partition, played.sent[start + partition : start + BATCH : PARTITIONS], at_end=False)
            rig.tell(partition)
        rig.judge_some()
    for partition in range(PARTITIONS):
        live = Marker(feed=FEED, kind="live", partition=partition, count=0, origin="test", position=0)
        rig.read(partition, (), (live,))
    rig.settle(ANCHOR)
    findings, _ = rig.store.outcome()
    return {
        (one.field, one.target): (one.opened, one.healed)
        for one in findings.values()
        if one.kind == "guard" and one.opened <= SETTLED
    }


def settled(violations: dict[tuple[str, str], Violation]) -> dict[tuple[str, str], Violation]:
    """Without the ends of which not everybody may know."""
    return {
        key: (opened, healed if healed is not None and healed <= SETTLED else None)
        for key, (opened, healed) in violations.items()
    }


def test_every_violation_of_the_group_is_found_and_nothing_else(harsh: Played) -> None:
    expected, found = true_violations(harsh), found_violations(harsh)
    assert {
        key: expected.get(key) for key in expected.keys() | found.keys() if expected.get(key) != found.get(key)
    } == {}


def test_every_kind_of_guard_is_violated_on_purpose(harsh: Played) -> None:
    violated = {guard for guard, _ in true_violations(harsh)}
    assert violated >= {
        "requisition_to_pay/supplier_ready", "requisition_to_pay/four_eyes", "requisition_to_pay/approver_employed",
        "requisition_to_pay/approval_limit", "employee_offboarding/access_revoked",
        "batch_reconciliation/difference_repaired",
    }  # fmt: skip
