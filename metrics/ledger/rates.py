"""Reads `rates.yaml`: how money in other currencies is shown in one. What has no rate keeps its own currency."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from metrics.definitions.load import RATES_FILE
from metrics.definitions.one_file import own_or_shipped, read_file
from metrics.definitions.schema_words import Text, Written

SHIPPED: Final = Path(__file__).with_name(RATES_FILE)
PRECISION: Final = Decimal("0.000000000001")
"""A rate is used with twelve decimals: on a thousand million that is a tenth of a cent."""

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Period = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2]))?$", description="A year (2026) or a month (2026-03).")]
Rate = Annotated[Decimal, Field(gt=0)]


class RatesText(Written):
    """The rates of one other currency, with their source."""

    source: Text
    dated: Text
    per_unit: Literal["foreign", "own"] = Field(
        description="foreign: so many foreign units for one of ours, amounts are divided; own: the other way round."
    )
    values: dict[Period, Rate] = Field(min_length=1)


class RatesFileText(Written):
    """The whole file."""

    version: Literal[1]
    currency: Currency
    rates: dict[Currency, RatesText] = Field(default={})


class Rates(NamedTuple):
    """The currency of the pages, and by `EUR 2026-03` or `EUR 2026` what one foreign unit is worth in it."""

    currency: str
    worth: Mapping[str, Decimal]
    sources: Mapping[str, str]

    @property
    def parameters(self) -> dict[str, object]:
        """What queries take that show money."""
        return {
            "currency": self.currency,
            "rate_keys": list(self.worth),
            "rates": [format(rate, "f") for rate in self.worth.values()],
        }


def load_rates(definitions: Path | None = None) -> Rates:
    """The `rates.yaml` beside the process definitions, else the shipped one. Raises DefinitionsError."""
    return read_rates(own_or_shipped(definitions, SHIPPED))


@cache
def read_rates(file: Path) -> Rates:
    """The rates of one file. Raises DefinitionsError with every mistake."""
    written = read_file(file, RatesFileText)
    worth = {
        f"{currency} {period}": _worth(rate, text.per_unit)
        for currency, text in written.rates.items()
        for period, rate in text.values.items()
    }
    sources = {currency: f"{text.source}, {text.dated}" for currency, text in written.rates.items()}
    return Rates(written.currency, worth, sources)


def _worth(rate: Decimal, per_unit: str) -> Decimal:
    return (Decimal(1) / rate if per_unit == "foreign" else rate).quantize(PRECISION)
