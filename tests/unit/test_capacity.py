"""docs/capacity.md is what the rules make of the measured figures."""

import json

from benchmarks.capacity import MEASURED, PAGE
from benchmarks.capacity_page import Weights, held_bytes, page, partitions, weights, workers


def test_the_page_is_computed_from_what_was_measured() -> None:
    assert PAGE.read_text() == page(json.loads(MEASURED.read_text())), "run `python -m benchmarks.capacity`"


def test_workers_and_partitions_follow_the_rules() -> None:
    assert [workers(rate, 100.0) for rate in (1, 1_000, 6_000, 6_001, 100_000)] == [1, 1, 1, 2, 17]
    assert [partitions(count) for count in (1, 2, 3, 17, 64, 1_000)] == [4, 4, 8, 64, 128, 256]


def test_a_store_weighs_what_its_tables_do() -> None:
    tables = {"events": {"rows": 80, "bytes": 800}, "cases": {"rows": 10, "bytes": 200}}
    found = weights({"items": 80, "record_bytes": 1, "tables": tables, "worker_peak": 5, "store_peak": 6})
    assert (found.per_event, found.per_case) == (12.5, 100.0)


def test_memory_for_a_case_comes_from_two_sizes() -> None:
    small, large = Weights(80, 10, 0, 0, 1_000, 0), Weights(160, 20, 0, 0, 3_000, 0)
    assert held_bytes(small, large) == 200.0
    assert held_bytes(large._replace(cases=10), small._replace(cases=20)) == 0.0
