"""What a worker has still to read, and how long that takes."""

from streams.engine.backlog import UNKNOWN, Backlog, Standing
from streams.engine.progress import Progress

A, B = ("events", 0), ("events", 1)
SECOND = 1_000_000


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def outage(clock: Clock) -> Backlog:
    backlog = Backlog(clock)
    backlog.start_at({A: 10_000, B: 2_000}, {A: 0, B: 0})
    return backlog


def test_a_backlog_is_known_before_anything_of_it_is_read() -> None:
    assert outage(Clock()).look() == Standing(12_000, 0, UNKNOWN)


def test_what_was_never_committed_is_no_backlog_until_it_is_read() -> None:
    backlog = Backlog(Clock())
    backlog.start_at({A: 10_000}, {})
    assert backlog.look().records == 0
    backlog.advance(A, 4_000, 10_000, 5)
    assert backlog.look().records == 6_000


def test_the_time_left_follows_from_the_pace() -> None:
    clock = Clock()
    backlog = outage(clock)
    clock.now = 2.0
    backlog.advance(A, 2_000, 10_000, 7 * SECOND)
    assert backlog.look() == Standing(10_000, 7 * SECOND, 10 * SECOND)  # 2,000 in 2 s


def test_what_arrives_meanwhile_takes_longer_and_may_have_no_end() -> None:
    clock = Clock()
    backlog = outage(clock)
    clock.now = 2.0
    backlog.advance(A, 2_000, 11_000, 1)
    assert backlog.look().left_us == 22 * SECOND  # 12,000 became 11,000
    backlog.advance(A, 2_000, 14_000, 1)
    assert backlog.look().left_us == UNKNOWN


def test_only_the_last_half_minute_makes_the_pace() -> None:
    clock = Clock()
    backlog = outage(clock)
    for second in range(1, 101):
        clock.now = float(second)
        backlog.advance(A, second * 10, 10_000, 1)
        backlog.look()
    backlog.advance(A, 4_000, 10_000, 1)  # 3,000 at once, after 10 a second
    clock.now = 131.0
    assert 60 * SECOND < backlog.look().left_us < 90 * SECOND


def test_nothing_is_left_once_all_is_read() -> None:
    backlog = outage(Clock())
    backlog.advance(A, 10_000, 10_000, 9)
    backlog.advance(B, 2_000, 2_000, 9)
    assert backlog.look() == Standing(0, 0, 0)


def test_positions_carry_what_the_page_says() -> None:
    progress = Progress({A: 100})
    progress.start_at({A: 0})
    progress.advance(A, 60, 100, 0, 60, came=5)
    (position,) = progress.take().values()
    assert (position.read_to, progress.standing.records) == (5, 40)
    assert position.left_us == progress.standing.left_us > 0
