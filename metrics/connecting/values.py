"""What the values of a column look like: times, money, codes, personal data."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from metrics.connecting.times import TimeFound, time_in
from metrics.connecting.words import CURRENCIES, SYMBOLS
from metrics.texts.money import FORMS, decimal_reader
from metrics.texts.unreadable import Unreadable

_LOOKED_AT: Final = 500
_NUMBER: Final = re.compile(r"[-+]?[\d.,'\u2019 \u00a0\u202f]*\d[\d.,'\u2019 \u00a0\u202f]*-?", re.ASCII)
_THREE_BEHIND: Final = re.compile(r"-?\d{1,3}[.,]\d{3}", re.ASCII)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_IBAN: Final = re.compile(r"[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?", re.ASCII)
_SSN: Final = re.compile(r"\d{3}-\d{2}-\d{4}", re.ASCII)
_PERSON: Final = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*[,.]?(?: [^\W\d_]+(?:[-'][^\W\d_]+)*\.?){1,3}")
_MOSTLY: Final = 0.9
_MANY: Final = 0.6
_FORMS: Final = ("point", "comma_groups", "comma", "point_groups", "space_groups", "apostrophe_groups")


@dataclass(frozen=True, slots=True)
class MoneyFound:
    """A form of money; `share` of the values fit; `symbol` stands beside them; `sure`: no other form fits as well."""

    form: str
    share: float
    symbol: str
    sure: bool


@dataclass(frozen=True)
class Values:
    """The values of one column, in the order of the rows."""

    all: Sequence[str]

    @cached_property
    def filled(self) -> list[str]:
        """Those that are not empty."""
        return [value for value in self.all if value]

    @cached_property
    def some(self) -> list[str]:
        """Those that are looked at closely: different ones, spread over the rows."""
        different = list(dict.fromkeys(self.filled))
        step = max(len(different) // _LOOKED_AT, 1)
        return different[::step][:_LOOKED_AT]

    @cached_property
    def counts(self) -> dict[str, int]:
        """Each different value with its number, most frequent first."""
        counts: dict[str, int] = {}
        for value in self.filled:
            counts[value] = counts.get(value, 0) + 1
        return dict(sorted(counts.items(), key=lambda one: -one[1]))

    @cached_property
    def samples(self) -> tuple[str, ...]:
        """The first few different values."""
        return tuple(dict.fromkeys(self.filled[:200]))[:3]

    @property
    def unique(self) -> bool:
        """Whether every row has a value of its own."""
        return bool(self.all) and len(self.counts) == len(self.all)

    @cached_property
    def time(self) -> TimeFound | None:
        """How times are written, if this is what they are."""
        return time_in(self.some)

    @cached_property
    def money(self) -> MoneyFound | None:
        """In which form numbers are written, if this is what they are."""
        return money_in(self.some)

    @property
    def are_currencies(self) -> bool:
        """Whether these are currencies by their three letters."""
        return self.share(lambda value: value in CURRENCIES) >= _MOSTLY

    @property
    def are_personal(self) -> str:
        """'' or what kind of personal data this looks like."""
        kinds = ((_EMAIL, "e-mail addresses"), (_IBAN, "bank accounts"), (_SSN, "social security numbers"))
        return next((what for pattern, what in kinds if self.share(pattern.fullmatch) >= 0.5), "")

    @property
    def are_names(self) -> bool:
        """Whether these look like names of people: a few words of letters."""
        return self.share(_PERSON.fullmatch) >= _MANY

    @property
    def are_codes(self) -> bool:
        """Whether these look like numbers of documents: short, with a digit, without blanks."""
        return self.share(lambda value: len(value) <= 40 and " " not in value and _has_digit(value)) >= _MOSTLY

    @property
    def mean_length(self) -> float:
        """Characters of a value."""
        return sum(map(len, self.some)) / len(self.some) if self.some else 0.0

    def share(self, test: Callable[[str], object]) -> float:
        """The part of the values for which a test holds; 0 when there are none."""
        return sum(1 for value in self.some if test(value)) / len(self.some) if self.some else 0.0


def _has_digit(value: str) -> bool:
    return any(sign.isdigit() for sign in value)


def bare_number(value: str) -> str:
    """A number without the sign of a currency or its three letters; '' for anything else."""
    for sign in SYMBOLS:
        value = value.replace(sign, "")
    code = next((code for code in (value[:3], value[-3:]) if code in CURRENCIES), "")
    number = value.replace(code, "").strip() if code else value.strip()
    return number if _NUMBER.fullmatch(number) else ""


def money_in(values: Sequence[str]) -> MoneyFound | None:
    """The form in which most of the values are written as decimal numbers; None when they are something else."""
    numbers = [number for value in values if (number := bare_number(value))]
    if not values or len(numbers) < _MOSTLY * len(values):
        return None
    fits = {form: sum(1 for number in numbers if _reads(form, number)) for form in _FORMS}
    form = max(_FORMS, key=lambda name: fits[name])
    marks = {sign for value in values for sign in SYMBOLS if sign in value}
    marks |= {value.strip(" 0123456789.,'-+") for value in values} & set(CURRENCIES)
    unclear = all(_THREE_BEHIND.fullmatch(number) for number in numbers if not number.lstrip("-").isdigit())
    marked = any(not number.lstrip("-").isdigit() for number in numbers)
    symbol = marks.pop() if len(marks) == 1 else ""
    return MoneyFound(form, fits[form] / len(values), symbol, sure=not (marked and unclear))


_READERS: Final = {form: decimal_reader(form) for form in FORMS}


def _reads(form: str, number: str) -> bool:
    try:
        _READERS[form](number)
    except Unreadable:
        return False
    return True
