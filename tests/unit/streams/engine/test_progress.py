"""How far a worker has read, and when the backlog found at its start is through."""

from streams.engine.flush import Position
from streams.engine.progress import Progress

A, B = ("events", 0), ("events", 1)


def test_an_empty_log_has_no_backlog() -> None:
    assert Progress({A: 0, B: 0}).caught_up


def test_the_backlog_is_through_when_every_partition_was_read_to_its_end_at_the_start() -> None:
    progress = Progress({A: 10, B: 5})
    progress.advance(A, 10, 12, 0, 10)
    assert not progress.caught_up
    progress.advance(B, 4, 5, 0, 4)
    assert not progress.caught_up
    progress.advance(B, 5, 5, 0, 1)
    assert progress.caught_up


def test_what_was_committed_before_needs_no_reading() -> None:
    progress = Progress({A: 10, B: 5})
    progress.start_at({A: 10, B: 4})
    assert not progress.caught_up
    progress.start_at({B: 5})
    assert progress.caught_up


def test_positions_are_handed_out_once_with_the_newest_time_ever_seen() -> None:
    progress = Progress({A: 0})
    progress.advance(A, 3, 9, 50, 3)
    progress.advance(A, 6, 9, 20, 3)
    assert progress.records == 6
    assert progress.take() == {A: Position(6, 9, 50)}
    assert (progress.take(), progress.records) == ({}, 0)


def test_a_batch_before_what_was_read_is_of_another_log() -> None:
    progress = Progress({A: 0, B: 0})
    assert not progress.goes_back(A, 0)
    progress.advance(A, 10, 10, 0, 10)
    assert not progress.goes_back(A, 10)
    assert progress.goes_back(A, 0)
    assert not progress.goes_back(B, 0)


def test_the_backlog_is_what_was_there_at_the_start_and_what_was_seen_since() -> None:
    progress = Progress({A: 10, B: 5})
    progress.start_at({A: 4})
    assert progress.backlog == 6 + 5
    progress.advance(A, 10, 30, 0, 6)
    progress.take()
    assert progress.backlog == 20 + 5
    progress.advance(A, 30, 30, 0, 20)
    progress.advance(B, 5, 5, 0, 5)
    assert progress.backlog == 0
