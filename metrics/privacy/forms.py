"""What a text looks like: a code, a few words, a number of a document; and whether it shows a person all the same."""

import re
from typing import Final

_NUMBERS: Final = re.compile(
    r"\d{3}[- ]\d{2}[- ]\d{4}"  # a social security number
    r"|\+\d(?:[ ().-]{0,2}\d){7,14}(?!\d)"  # a telephone number, and those without a country
    r"|\(\d{3}\) ?\d{3}[-. ]\d{4}(?!\d)|(?<!\d)\d{3}[-. ]\d{3}[-. ]\d{4}(?!\d)"
)
_MAIL: Final = re.compile(r"[A-Za-z][\w.%+-]{0,63}@[\w-]{1,63}\.[\w.-]{0,200}[A-Za-z]")
_ACCOUNT: Final = re.compile(r"(?=([A-Za-z]{2})\d\d)")
_ACCOUNT_LENGTHS: Final = {  # ISO 13616, the registry of June 2024
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FO FI GL NL SD", 19: "MK SI", 20: "AT BA EE KZ XK LT LU", 21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL", 24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HU LB NI PL",
        29: "BR EG PS QA UA", 30: "JO KW MU", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_MOST_PARTS: Final = 10
"""Words in one code: the longest names of event types have six, a sentence joined by _ has more."""
_CODE: Final = re.compile(r"[\w./:#@+~=&%,()|*!$\[\]-]{1,128}(?:\?[\w./:#@+~=&%,;-]{1,128})?")
_SHORT_CODE: Final = re.compile(r"[A-Z0-9]{1,4}(?: [A-Z0-9]{1,4}){1,2}")  # QTY REC
_WORDS: Final = re.compile(r"[\w(][\w.,/&()'+:-]*(?: +[\w&/(+–-][\w.,/&()'+:-]*){0,5}")
_MOST_WORDS: Final = 64
_NUMBER: Final = re.compile(  # INV 2026/17: no word of a name's length, and a digit in all but the first
    r"(?!.*[^\W\d_]{4})(?:[^\W\d_]{1,3} )?[\w./:#@+~=&%,()|*$-]*\d[\w./:#@+~=&%,()|*$-]*"
    r"(?: [\w./:#+~=-]*\d[\w./:#+~=-]*)?"
)
_MOST_NUMBER: Final = 64
_SHORT: Final = 32
_SHORTEST: Final = 14


def shows_a_person(text: str) -> bool:
    """Whether it holds an IBAN, a social security number, an e-mail address or a telephone number."""
    if "@" in text and _MAIL.search(text):
        return True
    if not text.isalnum() and _NUMBERS.search(text):
        return True
    return len(text) > _SHORTEST and any(
        _is_account(text[match.start() :], match[1].upper()) for match in _ACCOUNT.finditer(text)
    )


def is_code(text: str) -> bool:
    """One word, as systems write: a code, a number, an address of a system; or two or three very short ones."""
    return (_joined(text) or _SHORT_CODE.fullmatch(text) is not None) and not shows_a_person(text)


def is_words(text: str) -> bool:
    """A code, or up to six words without a sentence's signs: the name of a department, of a status."""
    fits = _joined(text) or (len(text) <= _MOST_WORDS and _WORDS.fullmatch(text) is not None and _has_few_words(text))
    return fits and not shows_a_person(text)


def is_number(text: str) -> bool:
    """A code, or a short word and figures: the number of a document."""
    fits = _joined(text) or (len(text) <= _MOST_NUMBER and _NUMBER.fullmatch(text))
    return bool(fits) and not shows_a_person(text)


def _joined(text: str) -> bool:
    return _CODE.fullmatch(text) is not None and _has_few_words(text)


def _has_few_words(text: str) -> bool:
    return len(text) <= _SHORT or len(_WORD.findall(text)) <= _MOST_PARTS


def _is_account(text: str, country: str) -> bool:
    """Whether an IBAN stands at the beginning: its country, its length and its check digits are right."""
    length = _ACCOUNT_LENGTHS.get(country)
    if length is None:
        return False
    plain = text.replace(" ", "").upper()[:length]
    if len(plain) < length or not (plain.isalnum() and plain.isascii()):
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1
