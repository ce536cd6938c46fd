"""How chances, tiers and budgets read."""

from metrics.objectives.money import MoneyBudget
from metrics.objectives.standing import TierStanding


def likelihood(chance: float) -> str:
    """The chance (0 to 1) of such a month, in words: 'in fewer than one month in a million'."""
    if chance >= 1:
        return "in any month"
    if chance > 0.2:
        return f"in {100 * chance:.0f} % of all months"
    for size, word in ((1e-9, "a thousand million"), (1e-6, "a million")):
        if chance < size:
            return f"in fewer than one month in {word}"
    return f"in one month in {_two_digits(1 / chance):,}"


def _two_digits(number: float) -> int:
    return int(float(f"{number:.2g}"))


def tier_words(tier: TierStanding) -> str:
    """A tier in a few words: 'fires for 12 cases, 30 of the last 32 missed (19 fire)'."""
    if not tier.can_fire:
        return "can't fire"
    if not tier.cases:
        return "quiet, too few cases yet"
    state = f"fires for {tier.held:,} {'case' if tier.held == 1 else 'cases'}" if tier.firing else "quiet"
    return f"{state}, {tier.misses:,} of the last {tier.cases:,} missed ({tier.fires:,} fire)"


def money_words(one: MoneyBudget) -> str:
    """What is left of a budget in money: '1,200.50 of 4,000.00 USD left', or how much is over."""
    left, allowed = _grouped(one.left.removeprefix("-")), _grouped(one.allowed)
    if one.left.startswith("-"):
        return f"{left} {one.currency} over {allowed}".replace("  ", " ")
    return f"{left} of {allowed} {one.currency} left"


def _grouped(amount: str) -> str:
    whole, point, fraction = amount.partition(".")
    return f"{int(whole):,}{point}{fraction}"
