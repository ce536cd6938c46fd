"""What a change of partitions asks for, and when workers refuse to work."""

import pytest

from streams import topics
from streams.broker.partition_change import Change, Noted, unsettled
from streams.repartition.plan import Marked, Refused, check_change, phases_to_copy


def both(events: int, deliveries: int) -> dict[str, int]:
    return {topics.EVENTS: events, topics.DELIVERIES: deliveries}


def test_partitions_grow_up_to_the_number_of_shards_and_never_shrink() -> None:
    check_change(4, both(4, 4), 6)
    check_change(4, both(6, 4), 6)  # a change that broke off between the topics
    check_change(4, both(6, 6), 6)  # added by other means
    for wanted in (0, 257):
        with pytest.raises(Refused, match="use 1 to 256"):
            check_change(4, both(4, 4), wanted)
    with pytest.raises(Refused, match="take none away"):
        check_change(4, both(6, 4), 5)


def test_a_feed_says_in_new_partitions_the_earliest_phase_that_it_is_in_anywhere() -> None:
    marked = [
        Marked("erp", 0, "live"), Marked("erp", 1, "backfill"), Marked("hr", 0, "end"), Marked("hr", 1, "end"),
        Marked("new", 2, "live"),
    ]  # fmt: skip
    assert phases_to_copy(marked, 2, 4) == [
        Marked("erp", 2, "backfill"), Marked("erp", 3, "backfill"), Marked("hr", 2, "end"), Marked("hr", 3, "end"),
    ]  # fmt: skip


def change(before: int, partitions: int, state: str) -> Change:
    return Change(before, partitions, "done" if state == "done" else "begun", 1)


@pytest.mark.parametrize(
    ("changes", "found", "told"),
    [
        ([], 4, ""),
        ([change(4, 4, "done")], 4, ""),
        ([change(4, 6, "begun")], 4, "run `flowglass repartition 6` to its end"),
        ([change(4, 6, "begun")], 6, "run `flowglass repartition 6` to its end"),
        ([change(4, 6, "begun"), change(4, 6, "done")], 6, ""),
        ([change(4, 4, "done")], 6, "changed by other means"),
    ],
)
def test_workers_work_only_with_the_partitions_that_the_log_was_given(
    changes: list[Change], found: int, told: str
) -> None:
    reason = unsettled(Noted(changes), found)
    assert told in reason
    assert bool(reason) == bool(told)
