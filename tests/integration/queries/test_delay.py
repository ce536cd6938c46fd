"""The delay ledger read from a real store: it adds up, and redelivery does not change it."""

import pytest

from metrics.delay.reading import CaseLedger, Sample, read_ledger, read_sample
from metrics.store.client import StoreClient
from metrics.store.queries import Queries

pytestmark = pytest.mark.store
DAY, ANCHOR = 86_400_000_000, 1_795_190_400_000_000
R2P = "requisition_to_pay"


def sample(client: StoreClient, most: int = 200) -> Sample:
    return read_sample(Queries(client), R2P, ANCHOR, ANCHOR - 60 * DAY, most=most, clocks=True)


def test_every_case_adds_up_and_every_clock_to_its_gross_time(seeded: StoreClient) -> None:
    found = sample(seeded)
    assert len(found.cases) == found.total > 50
    for case in found.cases:
        assert sum(one.lasts for one in case.whole.slices) == case.whole.gross
        assert all(one.evidence.id for one in case.whole.slices)
    said = {
        (row["case_id"], row["sla"]): row["gross_us"]
        for row in seeded.rows("SELECT case_id, sla, gross_us FROM v_clocks WHERE stopped IS NOT NULL", {})
    }
    kept = {(case.case_id, clock.sla): clock.ledger for case in found.cases for clock in case.clocks}
    decided = kept.keys() & said.keys()
    assert len(decided) > 100
    assert all(sum(one.lasts for one in kept[key].slices) == said[key] for key in decided)


def test_all_parts_that_the_story_tells_are_found(seeded: StoreClient) -> None:
    told = {part for case in sample(seeded).cases for part, lasts in case.whole.by_part().items() if lasts}
    assert told >= {"clock_stop", "interface", "retry", "human", "unexplained"}


def test_a_case_alone_has_the_ledger_that_it_has_among_others(seeded: StoreClient) -> None:
    for case in sample(seeded).cases[:3]:
        assert read_ledger(Queries(seeded), R2P, case.case_id, ANCHOR) == case
    assert read_ledger(Queries(seeded), R2P, "R-nobody", ANCHOR) is None


def test_a_sample_is_the_newest_and_says_of_how_many(seeded: StoreClient) -> None:
    every, some = sample(seeded), sample(seeded, most=5)
    assert (len(some.cases), some.total) == (5, every.total)
    assert some.cases == every.cases[:5]


def test_nothing_that_is_delivered_again_takes_more_time(seeded: StoreClient) -> None:
    before = sample(seeded).cases
    for table, change in (
        ("spans", "position + 1000000 AS position"),
        ("span_refs", "ingested + INTERVAL 1 HOUR AS ingested"),
        ("case_events", "version + 1 AS version"),
    ):
        seeded.command(f"INSERT INTO {table} SELECT * REPLACE ({change}) FROM {table}")
    assert sample(seeded).cases == before


def test_a_late_span_explains_what_was_not(seeded: StoreClient) -> None:
    """A queue's two ends in traces of their own: the consumer names the producer's trace by a link."""
    queries = Queries(seeded)
    case = next(one for one in sample(seeded).cases if _unexplained(one))
    piece = max((one for one in case.whole.slices if one.part == "unexplained"), key=lambda one: one.lasts)
    found = seeded.rows("SELECT trace_id FROM v_case_events WHERE case_id = {c:String}", {"c": case.case_id})
    trace = next(row["trace_id"] for row in found if row["trace_id"])
    for trace_id, kind, at in ((trace, "producer", piece.start), ("a" * 32, "consumer", piece.stop)):
        seeded.command(
            "INSERT INTO spans (trace_id, span_id, origin, service, kind, interface, start, ingested) SELECT "
            f"'{trace_id}', '{kind}', 'late', 'hub', '{kind}', 'the_queue', fromUnixTimestamp64Micro({at}), now64()"
        )
    seeded.command(
        "INSERT INTO span_refs (object_type, object_id, trace_id, span_id, carrier, ingested) "
        f"SELECT 'trace', '{trace}', '{'a' * 32}', 'consumer', 'span_link', now64()"
    )
    after = read_ledger(queries, R2P, case.case_id, ANCHOR)
    assert after is not None
    assert after.whole.gross == case.whole.gross
    assert _unexplained(after) == _unexplained(case) - piece.lasts
    assert {one.cause for one in after.whole.slices if one.part == "queue"} == {"the_queue"}


def _unexplained(case: CaseLedger) -> int:
    return case.whole.by_part()["unexplained"]
