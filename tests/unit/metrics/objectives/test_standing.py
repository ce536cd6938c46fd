"""How an objective stands: in cases, in money, by its alarms, and what of it can never fire."""

from decimal import Decimal

import pytest

from metrics.objectives.money import decimals, money_budget, written
from metrics.objectives.standing import ObjectiveStanding, standing, standings
from metrics.objectives.tiers import PAGE, TICKET, fewest_cases, ladder, looks_of
from metrics.objectives.wording import likelihood, money_words, tier_words
from tests.unit.metrics.objectives.scene import AIM, QUIET, outcomes


def tiers(one: ObjectiveStanding) -> dict[str, bool]:
    return {tier.tier: tier.firing for tier in one.tiers}


def test_an_open_case_counts_as_missed_however_long_it_has_waited() -> None:
    one = standing(AIM, outcomes("0" * 17 + "11", overdue=1, old=1))
    assert (one.met, one.missed, one.overdue, one.long_overdue) == (17, 1, 2, 1)
    assert one.attainment == 17 / 20
    assert (one.allowed, one.left) == (2, -1)


def test_a_quiet_objective_alarms_nobody_and_a_run_of_misses_does() -> None:
    assert tiers(standing(AIM, outcomes())) == {"page": False, "ticket": False}
    assert tiers(standing(AIM, outcomes(QUIET + "1" * 12))) == {"page": True, "ticket": True}


def test_a_slow_drain_is_a_ticket_and_no_page() -> None:
    drained = ("1" + "0" * 5) * 128
    assert tiers(standing(AIM, outcomes("0000000001" * 100 + drained))) == {"page": False, "ticket": True}


def test_an_alarm_lets_go_only_when_the_cases_are_better_for_a_while() -> None:
    bad = QUIET + "1" * 12
    lengths = range(60)
    firing = [tiers(standing(AIM, outcomes(bad + "0" * length)))["page"] for length in lengths]
    assert firing[:4] == [True] * 4
    assert not firing[-1]
    assert sorted(firing, reverse=True) == firing, "it lets go once and does not flutter"


def test_an_alarm_holds_on_below_the_count_at_which_it_fired() -> None:
    (page,) = (one for one in standing(AIM, outcomes(QUIET + "1" * 8 + "000")).tiers if one.tier == "page")
    assert page.firing
    assert page.held > 3


def test_five_cases_with_one_miss_are_no_alarm() -> None:
    one = standing(AIM._replace(target=0.95), outcomes("00010"))
    assert tiers(one) == {"page": False, "ticket": False}
    assert one.chance == pytest.approx(1 - 0.95**5)


def test_what_can_never_fire_says_why() -> None:
    one = standing(AIM, outcomes())
    assert [(window.hours, window.can_fire) for window in one.windows] == [
        (1, False), (6, True), (24, True), (72, True)
    ]  # fmt: skip
    assert one.windows[0].why_not == "If every case missed, the burn were 10×: it can never reach 14.4×."
    few = ladder(PAGE, 0.5, 6, 28)
    assert not few.can_fire
    assert few.why_not == (
        f"It needs {fewest_cases(0.5, few.chance)} misses in a row to be sure; "
        "too few cases are decided in the window for that."
    )
    assert "below the 2×" in ladder(PAGE, 0.4, 9000, 28).why_not
    assert ladder(TICKET, 0.4, 9000, 28).can_fire


def test_the_looks_of_a_month_do_not_change_with_every_case() -> None:
    assert [looks_of(decided, 30) for decided in (0, 16, 17, 32, 33, 900)] == [16, 16, 32, 32, 64, 1024]
    assert ladder(PAGE, 0.9, 840, 28) is ladder(PAGE, 0.9, 850, 28)


def test_money_has_the_decimals_of_its_currency_and_loses_none() -> None:
    yen, dollars = standing(AIM, outcomes()).money
    assert (yen.allowed, yen.left, yen.missed) == ("100", "60", "40")
    assert (dollars.total, dollars.allowed, dollars.left) == ("250.50", "25.05", "-5.20")
    assert money_words(yen) == "60 of 100 JPY left"
    assert money_words(dollars) == "5.20 USD over 25.05"
    assert [decimals(name) for name in ("USD", "JPY", "KWD", "CLF", "")] == [2, 0, 3, 4, 2]
    assert written(Decimal("0.125"), "USD") == "0.125"
    assert money_budget("USD", "0.07", "0", 0.9).allowed == "0.00"


def test_objectives_come_in_the_order_of_the_definition_and_simulated_ones_apart() -> None:
    other = AIM._replace(sla="delivery")
    rows = [outcomes(simulated=1), outcomes()]
    assert [(one.sla, one.simulated) for one in standings(rows, [other, AIM])] == [
        ("approval", False), ("approval", True)
    ]  # fmt: skip
    assert standings(rows, [other]) == []


def test_chances_read_as_months() -> None:
    assert likelihood(1.0) == "in any month"
    assert likelihood(0.34) == "in 34 % of all months"
    assert likelihood(0.0122) == "in one month in 82"
    assert likelihood(2e-8) == "in fewer than one month in a million"
    assert likelihood(0.0) == "in fewer than one month in a thousand million"


def test_a_tier_reads_as_counts() -> None:
    page, _ = standing(AIM, outcomes("01")).tiers
    assert tier_words(page) in ("can't fire", "quiet, too few cases yet")
    page, _ = standing(AIM, outcomes(QUIET + "1" * 16)).tiers
    assert tier_words(page).startswith(f"fires for {page.held} cases, 16 of the last 16 missed (")
