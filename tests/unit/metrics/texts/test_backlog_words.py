"""How a backlog is told."""

from metrics.texts.backlog import Backlog, age_of_oldest, catching_up, is_backlog
from metrics.words import MINUTE, SECOND

NOW = 1_700_000_000 * SECOND


def behind(records: int, worker: str = "cases", old: int = 12 * MINUTE, left: int = 4 * MINUTE) -> Backlog:
    return Backlog(worker, records, NOW - old, left, NOW - SECOND)


def test_a_backlog_is_told_in_a_sentence() -> None:
    rows = [behind(120_000)]
    assert catching_up(rows, NOW) == "Catching up: 120,000 events behind, about 4 min"
    assert age_of_oldest(rows, NOW) == "The oldest of them came 12 min ago."


def test_what_is_always_on_its_way_is_no_backlog() -> None:
    assert not is_backlog(behind(900), NOW)
    assert not is_backlog(behind(5_000, old=SECOND), NOW)
    assert is_backlog(behind(5_000, old=MINUTE), NOW)
    assert is_backlog(behind(20_000, old=SECOND), NOW)
    assert catching_up([behind(900)], NOW) == catching_up([], NOW) == ""


def test_an_unknown_pace_promises_nothing() -> None:
    assert catching_up([behind(5_000, left=-1)], NOW) == "Catching up: 5,000 events behind"
    assert catching_up([behind(5_000, left=3)], NOW).endswith("about 1.0 s")


def test_events_come_before_what_figures_do_not_wait_for() -> None:
    rows = [behind(90_000, "spans"), behind(2_000)]
    assert catching_up(rows, NOW).startswith("Catching up: 2,000 events behind")
    assert "90,000 batches of spans" in catching_up(rows[:1], NOW)


def test_a_worker_that_stores_nothing_is_not_catching_up() -> None:
    row = Backlog("cases", 5_000, NOW - 10 * MINUTE, MINUTE, NOW - 9 * MINUTE)
    assert catching_up([row], NOW) == "Standing still: 5,000 events behind, nothing stored for 9 min"


def test_nobody_knows_how_old_a_backlog_is_of_which_nothing_was_read() -> None:
    assert age_of_oldest([Backlog("cases", 50_000, 0, -1, NOW)], NOW) == ""
