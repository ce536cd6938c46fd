"""Rates into another currency: they follow from the declared ones, and nothing is made up where one is missing."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.ledger.cross_rates import currencies, into, rate_words
from metrics.ledger.rates import PRECISION, Rates

MONTHS = [f"{year}-{month:02d}" for year in (2025, 2026) for month in (1, 2, 3)]
PERIODS = [*MONTHS, "2025", "2026"]
worths = st.decimals("0.0001", "2000", places=6)
declared = st.dictionaries(
    st.tuples(st.sampled_from(["EUR", "CAD", "JPY"]), st.sampled_from(PERIODS)), worths, max_size=12
).map(lambda found: Rates("USD", {f"{own} {period}": rate for (own, period), rate in found.items()}, {}))


def used(rates: Rates, own: str, month: str) -> Decimal | None:
    """The rate that queries use for a document of a month: that of the month, else of the year."""
    if own == rates.currency:
        return Decimal(1)
    return rates.worth.get(f"{own} {month}", rates.worth.get(f"{own} {month[:4]}"))


@settings(max_examples=60)
@given(declared, st.sampled_from(["USD", "EUR", "CAD", "JPY", "GBP"]), st.sampled_from(MONTHS))
def test_a_document_is_converted_at_the_quotient_of_its_month_or_not_at_all(
    rates: Rates, wanted: str, month: str
) -> None:
    turned = into(rates, wanted)
    assert turned.currency == (wanted if wanted in currencies(rates) else "USD")
    for own in currencies(rates):
        one, other = used(rates, own, month), used(rates, turned.currency, month)
        found = used(turned, own, month)
        if one is None or other is None:
            assert found is None or own == turned.currency
        else:
            assert found is not None
            assert abs(found - one / other) <= PRECISION


@settings(max_examples=30)
@given(declared)
def test_the_declared_currency_and_one_without_rates_leave_them_as_they_are(rates: Rates) -> None:
    assert into(rates, "USD") is rates
    assert into(rates, "GBP") is rates
    assert into(rates, "") is rates


def test_the_rate_of_the_month_is_told_before_that_of_the_year_each_once() -> None:
    rates = Rates("USD", {"EUR 2026": Decimal("1.1"), "EUR 2026-03": Decimal("1.125")}, {"EUR": "a bank, 2026-04-01"})
    origins = {("EUR", "2026-03"), ("EUR", "2026-02"), ("EUR", "2026-01"), ("GBP", "2026-01")}
    assert rate_words(rates, origins) == (
        "EUR at 1.1 USD (2026; a bank, 2026-04-01), EUR at 1.125 USD (2026-03; a bank, 2026-04-01)"
    )
