"""Money as decimal strings, read in a declared form, never through a binary float."""

import re
from collections.abc import Callable, Iterable
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, Underflow
from typing import Final

from metrics.texts.unreadable import BAD_AMOUNT, Unreadable
from metrics.words import Amount

PREFIXED: Final = "prefixed"
_NOTHING: Final = ""

# form -> (grouping sign as a regular expression, decimal sign)
FORMS: Final[dict[str, tuple[str, str]]] = {
    "point": (_NOTHING, r"\."),  # 1234.56
    "comma": (_NOTHING, ","),  # 1234,56
    "comma_groups": (",", r"\."),  # 1,234.56
    "point_groups": (r"\.", ","),  # 1.234,56
    "space_groups": ("[ \u00a0\u202f]", ","),  # 1 234,56
    "apostrophe_groups": ("['\u2019]", r"\."),  # 1'234.56
    PREFIXED: (_NOTHING, r"\."),  # USD;1234.56
}
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_PREFIX: Final = re.compile(r"([A-Z]{3})\s*;\s*(.*)", re.ASCII | re.DOTALL)
_EXPONENT: Final = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?[eE][+-]?\d{1,2}", re.ASCII)
_PLAIN: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_LONGEST: Final = 40
_EXACT: Final = Context(prec=400, traps=[Inexact, InvalidOperation, Overflow, Underflow])

Decimals = Callable[[str], str]


def decimal_reader(form: str, implied: int = 0) -> Decimals:
    """A text in the form to a plain decimal text (`-1234.50`; zeros behind the point are kept).

    `implied`: digits behind a point that is not written (1234 with 2 is 12.34). A minus may stand before or behind.
    The reader raises `Unreadable` (bad_amount).
    """
    group, point = FORMS[form]
    whole = rf"\d{{1,3}}(?:{group}\d{{3}})+|\d+" if group else r"\d+"
    pattern = re.compile(rf"([-+]?)\s?({whole})?(?:{point}(\d*))?\s?(-?)", re.ASCII)

    def read(text: str) -> str:
        if implied == 0 and form == "point" and len(text) <= _LONGEST and _PLAIN.fullmatch(text):
            return text
        match = pattern.fullmatch(text) if len(text) <= _LONGEST else None
        if match is None or not (match[2] or match[3]):
            if _EXPONENT.fullmatch(text):
                return f"{Decimal(text):f}"
            raise Unreadable(BAD_AMOUNT, f"{text[:_LONGEST]!r} is not a decimal number in the form '{form}'")
        before, digits, behind, after = match.groups()
        digits = re.sub(r"\D", "", digits or "0")
        if implied and not behind:
            digits = digits.rjust(implied + 1, "0")
            digits, behind = digits[:-implied], digits[-implied:]
        number = (digits.lstrip("0") or "0") + (f".{behind}" if behind else "")
        return f"-{number}" if (before == "-") != (after == "-") else number

    return read


def added(numbers: Iterable[str]) -> Decimal:
    """The exact sum of plain decimal texts. Raises `Unreadable` (bad_amount) when it has too many digits."""
    return _exactly(_EXACT.add, numbers, Decimal(0))


def multiplied(numbers: Iterable[str]) -> Decimal:
    """The exact product of plain decimal texts. Raises `Unreadable` (bad_amount) when it has too many digits."""
    return _exactly(_EXACT.multiply, numbers, Decimal(1))


def _exactly(work: Callable[[Decimal, Decimal], Decimal], numbers: Iterable[str], found: Decimal) -> Decimal:
    try:
        for number in numbers:
            found = work(found, Decimal(number))
    except ArithmeticError:
        raise Unreadable(BAD_AMOUNT, f"the result has more than {_EXACT.prec} digits") from None
    return found


def amount(text: str, currency: str | None, decimals: Decimals, prefixed: bool) -> Amount:
    """The amount of a value and its currency, which the form `prefixed` holds itself."""
    if prefixed and (match := _PREFIX.fullmatch(text)):
        currency, text = match[1], match[2].strip()
    if currency is None or not _CURRENCY.fullmatch(currency):
        raise Unreadable(BAD_AMOUNT, f"currency {currency!r} is not three capital letters")
    return Amount(decimals(text), currency)
