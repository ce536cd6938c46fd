"""How a restatement reads: what the figure was, what it is, and why."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from metrics.commands.wording import duration
from metrics.figures.causes import CORRECTION, DEADLINE, DEFINITION, DUPLICATE, LATE, OVERTURNED, PLACED, UNLINKED

NOTHING: Final = "nothing"
_TIMES: Final = {
    "net_median_us": "median net",
    "net_p90_us": "p90 net",
    "gross_median_us": "median gross",
    "gross_p90_us": "p90 gross",
}
Teller = Callable[[Mapping[str, str], Sequence[str]], str]


def both(figure: str, before: str, after: str, currency: str = "") -> tuple[str, str]:
    """What the figure was and what it is, of JSON objects as stored: its rate or sum, else only what differs."""
    was: dict[str, str] = msgspec.json.decode(before)
    now: dict[str, str] = msgspec.json.decode(after)
    if figure == "sla":
        old, new = _rate(was), _rate(now)
        return (old, new) if old != new else (_differing(was, now, _times), _differing(now, was, _times))
    if figure == "money":
        old, new = _money(was, currency), _money(now, currency)
        return (old, new) if old != new else (_differing(was, now, _counts), _differing(now, was, _counts))
    return _differing(was, now, _counts), _differing(now, was, _counts)


def _rate(said: Mapping[str, str]) -> str:
    decided = int(said.get("decided", "0"))
    if not decided:
        return "none decided"
    return f"{100 * int(said['met']) / decided:.1f} % ({int(said['missed']):,} of {decided:,} missed)"


def _money(said: Mapping[str, str], currency: str) -> str:
    if not said:
        return NOTHING
    amount = f"{Decimal(said['amount']):,.2f} {currency}".strip()
    hours = f", {Decimal(said['hours']):,.1f} h" if Decimal(said["hours"]) else ""
    return f"{amount}{hours} in {int(said['documents']):,} documents"


def _times(said: Mapping[str, str], names: Sequence[str]) -> str:
    told = [f"{_TIMES[name]} {duration(int(said[name]))}" for name in names if name in _TIMES and said.get(name)]
    closures = [f"{int(said.get('closures', '0')):,} closures"] if "closures" in names else []
    return ", ".join([*closures, *told]) or NOTHING


def _counts(said: Mapping[str, str], names: Sequence[str]) -> str:
    return ", ".join(f"{name} {said.get(name, '0')}" for name in names) or NOTHING


def _differing(said: Mapping[str, str], other: Mapping[str, str], told: Teller) -> str:
    names = [name for name in dict.fromkeys([*said, *other]) if said.get(name) != other.get(name)]
    return told(said, sorted(names))


def because(causes: Sequence[str], counts: Sequence[int], late_us: int, what: str = "case") -> str:
    """Why, as the end of a sentence; `what` is counted: cases, or documents of the ledger."""
    return "; ".join(_cause(word, count, late_us, what) for word, count in zip(causes, counts, strict=True))


def _cause(word: str, count: int, late_us: int, what: str) -> str:
    some = f"{count:,} {what}{'' if count == 1 else 's'}"
    late = f" up to {duration(late_us)}" if count > 1 else f" {duration(late_us)}"
    sentences = {
        LATE: f"events of {some} came{late} late",
        CORRECTION: f"a source corrected {some}",
        DEFINITION: f"{some} {_follow(count)} a new definition",
        DUPLICATE: f"{some} turned out to be counted under another name",
        UNLINKED: f"events turned out not to belong to {some}",
        OVERTURNED: f"later events changed what was decided of {some}",
        DEADLINE: f"the deadline of {some} was judged after closing",
        PLACED: f"another document told the amount or place of {some}",
    }
    return sentences.get(word, f"{some} changed and no cause was found")


def _follow(count: int) -> str:
    return "follows" if count == 1 else "follow"


def interval(unit: str, start: str) -> str:
    """'2 Mar 2026', 'week 10 of 2026', 'March 2026'."""
    first = date.fromisoformat(start)
    if unit == "week":
        year, week, _ = first.isocalendar()
        return f"week {week} of {year}"
    return f"{first:%B %Y}" if unit == "month" else f"{first.day} {first:%b %Y}"
