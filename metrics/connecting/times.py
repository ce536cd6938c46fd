"""How a column writes its times, as the language of mappings names it."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from typing import Final

from metrics.texts.moments import time_reader
from metrics.texts.unreadable import Unreadable
from metrics.words import DAY, MINUTE

MOSTLY: Final = 0.9
"""So many values of a column fit its format; with fewer its name must say that it holds times."""
_AT_LEAST: Final = 0.5
_ENOUGH: Final = 20
_CLOCKS: Final = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
_YEAR_FIRST: Final = ("%Y/%m/%d", "%Y.%m.%d")
_MONTH_NAMES: Final = ("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y")
_SHORT: Final = ("%d.%m.%y", "%m/%d/%y", "%d/%m/%y")
_COMPACT: Final = ("%Y%m%d", "%Y%m%dT%H%M%S", "%Y%m%d%H%M%S", "%Y%m%d%H%M")
_YEARS_LAST: Final = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b.*", re.ASCII)
_OFFSET: Final = re.compile(r".*(?:[Zz]|[+-]\d\d:?\d\d)", re.ASCII)
_SINCE, _UNTIL = 315_532_800_000_000, 4_102_444_800_000_000  # 1980 to 2100: other numbers are no epochs
NAMED: Final = ("iso", "dmy", "mdy", "epoch_s", "epoch_ms", "epoch_us", "odata")
PATTERNS: Final = (
    *(date + clock for date in (*_YEAR_FIRST, *_MONTH_NAMES, *_SHORT) for clock in _CLOCKS),
    *_COMPACT,
)
"""Every strptime pattern that is ever guessed."""


@dataclass(frozen=True, slots=True)
class TimeFound:
    """A format (a name, or a strptime pattern); `share` of the values fit.

    `precision`: the finest that they mean, '' where their form says it; `sure`: day and month can be told apart;
    `offset`: they carry an offset of their own.
    """

    form: str
    share: float
    precision: str = ""
    sure: bool = True
    offset: bool = False


def time_in(values: Sequence[str]) -> TimeFound | None:
    """How most of the values are written as times; None when they are something else."""
    if not values:
        return None
    best = None
    for form in _candidates(values[: _ENOUGH * 5]):
        times = _read(form, values)
        share = len(times) / len(values)
        if share >= _AT_LEAST and (best is None or share > best.share) and _plausible(form, times):
            offset = sum(1 for value in values if _OFFSET.fullmatch(value)) * 2 > len(values)
            best = TimeFound(form, share, _precision(form, times, values), _is_sure(form, values), offset)
    return best


def fitting(form: str, values: Sequence[str]) -> TimeFound:
    """The same for a format that somebody chose."""
    times = _read(form, values)
    return TimeFound(form, len(times) / max(len(values), 1), _precision(form, times, values))


def _candidates(values: Sequence[str]) -> list[str]:
    """The formats worth a try, by a look at the values; the likelier of two that both fit comes first."""
    text = " ".join(values)
    if not any(sign.isdigit() for sign in text):
        return []
    if sum(1 for value in values if _YEARS_LAST.fullmatch(value)) * 2 > len(values):
        return ["mdy", "dmy"] if re.search(r"[ap]m\b", text, re.IGNORECASE) else ["dmy", "mdy"]
    if all(value.lstrip("-").replace(".", "", 1).isdigit() for value in values):
        return [*_COMPACT, "epoch_s", "epoch_ms", "epoch_us"]
    dates = (*_YEAR_FIRST, *_SHORT, *(_MONTH_NAMES if any(sign.isalpha() for sign in text) else ()))
    clocks = [clock for clock in _CLOCKS if (":" in clock) == (":" in text)]
    return ["iso", "odata", *(date + clock for date in dates for clock in clocks), "%Y%m%dT%H%M%S"]


def _read(form: str, values: Sequence[str]) -> list[int]:
    read = time_reader((form,), UTC)
    times = []
    for number, value in enumerate(values):
        with suppress(Unreadable):
            times.append(read(value)[0])
        if number == _ENOUGH and len(times) < _ENOUGH // 2:
            break
    return times


def _plausible(form: str, times: Sequence[int]) -> bool:
    """Numbers are times only if they mean something between 1980 and 2100."""
    if form.startswith("epoch") or form in _COMPACT:
        return all(_SINCE <= time < _UNTIL for time in times)
    return True


def _precision(form: str, times: Sequence[int], values: Sequence[str]) -> str:
    """A day where every clock shows midnight, a minute where no second was ever counted; else what the form says."""
    if form.startswith("epoch") or not any(":" in value for value in values[:_ENOUGH]):
        return ""
    if len(times) >= 3 and not any(time % DAY for time in times):
        return "day"
    if len(times) >= _ENOUGH and (form in NAMED or "%S" in form) and not any(time % MINUTE for time in times):
        return "minute"
    return ""


def _is_sure(form: str, values: Sequence[str]) -> bool:
    """Whether day and month can be told apart: not where no number above 12 stands in either place."""
    if form not in ("dmy", "mdy", "%d/%m/%y", "%m/%d/%y"):
        return True
    if any("." in value[:6] for value in values[:1]):
        return True
    pairs = (re.match(r"(\d{1,2})\D(\d{1,2})\D", value) for value in values)
    return any(pair is not None and (int(pair[1]) > 12 or int(pair[2]) > 12) for pair in pairs)
