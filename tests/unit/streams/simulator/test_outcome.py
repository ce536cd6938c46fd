"""SLA outcomes of the truth against examples worked out by hand."""

from datetime import UTC, datetime

from metrics.words import HOUR, MINUTE
from streams.simulator.clockwork import micros
from streams.simulator.outcome import Outcomes

START = micros(datetime(2026, 11, 1, tzinfo=UTC))
R2P = "requisition_to_pay"


def at(day: int, hour: int, minute: int = 0) -> int:
    """An instant of November 2026, UTC; New York is five hours behind."""
    return micros(datetime(2026, 11, day, hour, minute, tzinfo=UTC))


def approval(occurred: list[tuple[int, str]], now: int) -> dict[str, object]:
    return Outcomes(START).judge(R2P, "north", occurred, now)["approval"]


def test_a_night_does_not_count_as_working_time() -> None:
    # Tuesday 16:00 to Wednesday 9:00 in New York: one hour and one hour.
    clock = approval([(at(17, 21), "submitted"), (at(18, 14), "approved")], at(20, 0))
    assert (clock["status"], clock["net_us"]) == ("met", 2 * HOUR)


def test_thanksgiving_is_no_working_day() -> None:
    # Wednesday 25th 16:00 to Friday 27th 9:00: the holiday between them counts nothing.
    clock = approval([(at(25, 21), "submitted"), (at(27, 14), "approved")], at(28, 0))
    assert clock["net_us"] == 2 * HOUR


def test_seconds_count_as_well_as_minutes() -> None:
    start = at(17, 15) + 30_000_001
    clock = approval([(start, "submitted"), (start + 90 * MINUTE, "approved")], at(18, 0))
    assert clock["net_us"] == 90 * MINUTE


def test_the_clock_stands_still_while_information_is_awaited() -> None:
    occurred = [
        (at(17, 14), "submitted"),
        (at(17, 15), "info_requested"),
        (at(18, 20), "info_provided"),
        (at(18, 21), "approved"),
    ]
    assert approval(occurred, at(20, 0))["net_us"] == 2 * HOUR
    assert approval(occurred[:2], at(18, 0))["status"] == "paused"


def test_a_refused_requisition_starts_anew_when_it_is_submitted_again() -> None:
    occurred = [(at(2, 14), "submitted"), (at(3, 14), "rejected")]
    assert approval(occurred, at(20, 0))["status"] == "cancelled"
    again = [*occurred, (at(17, 14), "submitted"), (at(17, 16), "approved")]
    clock = approval(again, at(20, 0))
    assert (clock["status"], clock["net_us"]) == ("met", 2 * HOUR)


def test_an_open_clock_is_at_risk_and_then_breached() -> None:
    submitted = [(at(17, 13), "submitted")]  # 8:00 in New York; 18 hours end on Wednesday at 17:00
    assert approval(submitted, at(18, 18))["status"] == "running"
    assert approval(submitted, at(18, 19))["status"] == "at_risk"
    assert approval(submitted, at(18, 21, 59))["status"] == "at_risk"
    assert approval(submitted, at(18, 22))["status"] == "breached"


def test_daylight_saving_moves_the_working_day_in_utc() -> None:
    # Clocks went back on 1 November 2026: New York opens at 13:00 UTC from then on.
    clock = approval([(at(2, 12), "submitted"), (at(2, 14), "approved")], at(3, 0))
    assert clock["net_us"] == HOUR
