"""The judge: what facts of many events, read in any order by several readers, come to."""

import copy

from metrics.quality.finding import Finding
from metrics.words import DAY, HOUR, Event, Marker
from streams.quality.subjects import MOST_ALIASES
from tests.unit.metrics.quality.telling import START, WRITTEN, domains, hired, told
from tests.unit.streams.quality.rig import Rig

LATER = START + 30 * DAY


def open_findings(rig: Rig, kind: str = "") -> list[Finding]:
    found, _ = rig.store.outcome()
    return [one for one in found.values() if one.healed is None and (not kind or one.kind == kind)]


def feed(rig: Rig, *events: Event, partition: int = 0) -> None:
    """Read and judge events, one flush each."""
    for event in events:
        rig.read(partition, [event])
        rig.tell(partition)
        rig.judge_some()


def supplier(number: str, id: str, hours: float, tax: str) -> Event:
    return told(id, "supplier.changed.v1", f"supplier/{number}", "/coupa/x", hours, tax_id=tax)


def alias(one: str, other: str, id: str, hours: float = 9) -> Event:
    return told(id, "supplier.changed.v1", f"supplier/{one}", "/coupa/x", hours, ("supplier", other, "alias"))


def test_a_duplicate_across_two_readers_is_found() -> None:
    rig = Rig()
    feed(rig, supplier("10", "a", 1, "77"), partition=0)
    feed(rig, supplier("11", "b", 2, "77"), partition=1)
    assert [one.kind for one in open_findings(rig)] == ["duplicate"]


def test_an_alias_that_comes_later_takes_a_duplicate_back() -> None:
    rig = Rig()
    feed(rig, supplier("10", "a", 1, "77"), supplier("11", "b", 2, "77"), alias("10", "11", "c"))
    assert open_findings(rig) == []
    assert {one.state for one in rig.store.transitions} == {"open", "withdrawn"}


def test_a_chain_of_aliases_makes_one_object() -> None:
    rig = Rig()
    feed(
        rig, supplier("10", "a", 1, "77"), supplier("12", "b", 2, "77"), alias("10", "11", "c"), alias("11", "12", "d")
    )
    assert open_findings(rig) == []


def test_a_fingerprint_that_an_object_leaves_is_judged_again() -> None:
    rig = Rig()
    feed(rig, supplier("10", "a", 1, "77"), supplier("11", "b", 2, "77"), supplier("11", "c", 5, "78"))
    assert open_findings(rig) == []


def test_two_numbers_joined_by_an_alias_are_judged_as_one_worker() -> None:
    rig = Rig()
    in_ukg = told("u", "worker.changed.v1", "worker/ukg:7", "/ukg/x", 1, ("worker", "7", "alias"), department="ER")
    feed(rig, hired(department="Surgery"), in_ukg)
    rig.settle(START + HOUR)
    (found,) = open_findings(rig, "contradiction")
    assert (found.subject_id, {one.object for one in found.said}) == ("7", {"7", "ukg:7"})


def test_what_nobody_sends_is_found_by_time_alone() -> None:
    rig = Rig(clock=START + HOUR)
    feed(rig, hired())
    rig.settle(START + HOUR)
    assert open_findings(rig) == []
    assert not rig.judge.is_due()
    rig.settle(START + 2 * HOUR)
    assert [one.target for one in open_findings(rig)] == ["identity"]


def test_a_judge_that_starts_again_still_knows_what_to_wait_for() -> None:
    rig = Rig(clock=START + HOUR)
    feed(rig, hired())
    rig.start_judge()
    rig.settle(START + 2 * HOUR)
    assert [one.target for one in open_findings(rig)] == ["identity"]


def test_nothing_is_missing_before_every_partition_was_read_to_its_end() -> None:
    rig = Rig(clock=LATER)
    feed(rig, hired(), partition=0)
    assert open_findings(rig) == []
    rig.read(1, [], at_end=False)
    rig.tell(1)
    rig.judge_some()
    assert open_findings(rig) == []
    rig.settle(LATER)
    assert len(open_findings(rig, "propagation")) == 2


def marked(kind: str, partition: int) -> Marker:
    return Marker(feed="history", kind=kind, partition=partition, count=0, origin="", position=0)


def test_a_history_is_judged_by_its_own_time_and_by_the_wall_once_it_is_live() -> None:
    rig = Rig(clock=LATER)
    for partition in (0, 1):
        rig.read(partition, [], [marked("backfill", partition)])
    rig.read(0, [hired(feed="history")])
    rig.read(1, [told("x", "supplier.changed.v1", "supplier/1", "/coupa/x", 1, feed="history")])
    rig.settle(LATER)
    assert open_findings(rig) == [], "the history is at 00:00 and 01:00"
    for partition in (0, 1):
        rig.read(partition, [told("y", "supplier.changed.v1", "supplier/1", "/coupa/x", 3, feed="history")])
    rig.settle(LATER)
    assert [one.target for one in open_findings(rig)] == ["identity"], "both partitions are at 03:00"
    for partition in (0, 1):
        rig.read(partition, [], [marked("live", partition)])
    rig.settle(LATER)
    assert {one.target for one in open_findings(rig)} == {"identity", "ukg"}


def test_a_history_waits_for_a_partition_that_has_not_been_read_at_all() -> None:
    rig = Rig(clock=LATER)
    rig.read(0, [hired(feed="history")], [marked("backfill", 0)])
    rig.read(0, [told("y", "supplier.changed.v1", "supplier/1", "/coupa/x", 30, feed="history")])
    rig.settle(LATER)
    assert open_findings(rig) == []


def test_what_was_forgotten_is_read_back_from_the_store() -> None:
    rig = Rig()
    feed(rig, supplier("10", "a", 1, "77"), alias("10", "11", "c"))
    rig.start_judge()
    feed(rig, supplier("11", "b", 2, "77"))
    assert open_findings(rig) == [], "the alias is known from the store"
    rig.start_judge()
    feed(rig, supplier("12", "d", 3, "77"))
    (found,) = open_findings(rig)
    assert {one.object for one in found.said} == {"10", "11", "12"}


def test_the_first_known_cost_center_makes_unknown_ones_stand_out() -> None:
    rig = Rig()
    named = told("n", "requisition.created.v1", "requisition/R", "/coupa/x", 1, ("cost_center", "C9", "of"))
    feed(rig, named)
    rig.settle(LATER)
    assert open_findings(rig) == []
    feed(rig, told("c", "cost_center.created.v1", "cost_center/C1", "/sap/s4/x", 2))
    rig.settle(LATER)
    assert [(one.kind, one.subject_id) for one in open_findings(rig)] == [("unmapped", "C9")]


def test_open_findings_are_counted_by_domain_and_kind() -> None:
    rig = Rig()
    feed(rig, supplier("10", "a", 1, "77"), supplier("11", "b", 2, "77"))
    assert +rig.judge.open == {("supplier", "duplicate"): 1}
    feed(rig, supplier("11", "c", 5, "78"))
    assert not +rig.judge.open


def test_a_judge_that_starts_again_does_not_forget_what_is_missing_before_it_hears_of_the_readers() -> None:
    rig = Rig(clock=LATER)
    feed(rig, hired())
    rig.settle(LATER)
    missing = open_findings(rig)
    before = set(rig.store.transitions)
    rig.start_judge()
    feed(rig, hired())
    assert open_findings(rig) == missing
    assert rig.store.transitions == before, "nobody was told that it was withdrawn"


def test_a_rule_that_is_taken_out_of_the_file_takes_its_findings_with_it() -> None:
    rig = Rig()
    feed(rig, supplier("10", "a", 1, "77"), supplier("11", "b", 2, "77"))
    assert len(open_findings(rig)) == 1
    written = copy.deepcopy(WRITTEN)
    del written["domains"]["supplier"]["objects"]["supplier"]["duplicates"]["tax_number"]
    rig.domains = domains(written)
    rig.start_judge()
    rig.judge_some()
    assert open_findings(rig) == []


def test_a_number_that_everybody_uses_as_an_alias_joins_a_few_only() -> None:
    rig = Rig()
    many = [alias(str(100 + n), "0", f"a{n}", hours=n) for n in range(MOST_ALIASES + 5)]
    feed(rig, *many)
    rig.judge.prepare()
    assert len(rig.subjects.numbers(("supplier", "0"))) == MOST_ALIASES + 1
    assert rig.subjects.numbers(("supplier", str(100 + MOST_ALIASES))) == [("supplier", str(100 + MOST_ALIASES))]


def test_a_number_that_an_earlier_alias_pushes_out_is_judged_by_itself_again() -> None:
    def joined(n: int) -> Event:
        other = ("worker", "0", "alias")
        return told(f"a{n}", "worker.changed.v1", f"worker/{100 + n}", "/coupa/x", 90 - n, other)

    def hops_of() -> set[str]:
        _, hops = rig.store.outcome()
        return {hop.id for hop in hops.values()}

    rig = Rig()
    feed(rig, hired(worker="100"), *(joined(n) for n in range(MOST_ALIASES)))
    assert hops_of() == {"0"}, "one worker with many numbers"
    feed(rig, joined(MOST_ALIASES))
    assert hops_of() == {"100"}
