"""Where consumer groups go on after a restore."""

from streams.broker.rewind import Log, plan_rewind

PLACE = ("cases", "flowglass.events", 2)


def test_a_group_goes_back_to_what_the_store_holds() -> None:
    (step,) = plan_rewind({PLACE: 40}, {PLACE: Log(first=0, committed=100)})
    assert (step.target, step.again, step.gone) == (40, 60, 0)
    assert step.moves


def test_a_group_is_never_set_forward() -> None:
    (step,) = plan_rewind({PLACE: 100}, {PLACE: Log(first=0, committed=90)})
    assert not step.moves
    assert step.again == 0


def test_of_a_partition_that_the_store_does_not_know_everything_is_read_again() -> None:
    (step,) = plan_rewind({}, {PLACE: Log(first=0, committed=7)})
    assert (step.target, step.again) == (0, 7)


def test_what_the_topic_has_dropped_is_counted_as_gone() -> None:
    (step,) = plan_rewind({PLACE: 40}, {PLACE: Log(first=70, committed=100)})
    assert (step.target, step.again, step.gone) == (70, 30, 30)


def test_a_topic_that_dropped_more_than_was_committed_sets_nobody_forward() -> None:
    (step,) = plan_rewind({PLACE: 40}, {PLACE: Log(first=200, committed=100)})
    assert (step.target, step.again, step.gone) == (100, 0, 60)


def test_a_group_that_committed_nothing_begins_at_the_beginning_by_itself() -> None:
    assert plan_rewind({PLACE: 40}, {PLACE: Log(first=0, committed=-1)}) == []
