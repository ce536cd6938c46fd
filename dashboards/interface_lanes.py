"""Interfaces as the page speaks of them: who calls whom, how it goes, and what hangs on it."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from dashboards.address import Address
from dashboards.board import AMBER_ERRORS, RED_ERRORS
from dashboards.domains import Domains
from dashboards.figures.topology_svg import Lane
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import DAY, HOUR, MINUTE, count, duration, interface_words, percent
from metrics.queries.interface_rows import InterfaceEnd, InterfaceFlow, InterfaceImpact, InterfaceSeen

PATH = "/integrations"
SAMPLE, SEEN_DAYS = 15, 22  # three weekends
SLOWER, ENOUGH, FEW_ERRORS = 2.0, 20, 5
LOOKS = {"good": "met", "warn": "at_risk", "bad": "breached", "quiet": "paused"}


class Interface(NamedTuple):
    """One interface; `flow` is None when it was not called in the window. Times in microseconds.

    `rests`: its silence is no longer than it was before between two calls.
    """

    name: str
    caller: str
    via: str
    called: str
    flow: InterfaceFlow | None
    last_us: int
    impact: tuple[InterfaceImpact, ...]
    days: int
    rests: bool = False

    @property
    def title(self) -> str:
        """The name for people."""
        return interface_words(self.name)

    @property
    def calls(self) -> int:
        """Calls in the window."""
        return self.flow.calls if self.flow else 0

    @property
    def share(self) -> float | None:
        """The share of calls that failed."""
        return self.flow.errors / self.flow.calls if self.flow and self.flow.calls else None

    @property
    def slower(self) -> bool:
        """Whether the slowest calls take far longer than in the window before."""
        flow = self.flow
        if flow is None or min(flow.calls, flow.calls_before) < ENOUGH or math.isnan(flow.p95_before_us):
            return False
        return flow.p95_us > SLOWER * flow.p95_before_us

    @property
    def standing(self) -> tuple[str, str]:
        """Tone and word."""
        if self.share is None:
            return ("good", "Quiet") if self.rests else ("warn", "Silent")
        few = self.flow is None or self.flow.errors < FEW_ERRORS
        if self.share >= RED_ERRORS and not few:
            return "bad", "Failing"
        if self.share >= AMBER_ERRORS and not few:
            return "warn", "Some fail"
        return ("warn", "Slower") if self.slower else ("good", "In order")

    @property
    def breached(self) -> int:
        """Open cases behind it with a breached clock, over all processes."""
        return sum(one.breached for one in self.impact)

    @property
    def cases(self) -> int:
        """Cases behind it, over all processes."""
        return sum(one.cases for one in self.impact)


def window(scope: Scope) -> int:
    """From when on calls are looked at: whole minutes, so that open pages share the answer."""
    return (scope.as_of - scope.address.call_days * DAY) // MINUTE * MINUTE


def read_interfaces(reader: Reader, scope: Scope) -> list[Interface]:
    """All interfaces seen lately, those in trouble first, then the busiest."""
    since, as_of = window(scope), scope.as_of // MINUTE * MINUTE
    flows = {row.interface: row for row in reader.rows("interface_flow", InterfaceFlow, since=since, as_of=as_of)}
    ends = reader.rows("interface_ends", InterfaceEnd, since=as_of - SEEN_DAYS * DAY, sample=SAMPLE)
    seen = {row.interface: row for row in reader.rows("interface_seen", InterfaceSeen, as_of=as_of, days=SEEN_DAYS)}
    impact = reader.rows("interface_impact", InterfaceImpact, since=since, interface="", failed=0)
    found = []
    for name in sorted({*flows, *seen}):
        flow = flows.get(name)
        flow = flow if flow and flow.calls else None
        caller, via, called = who_calls_whom(name, ends)
        last = max([row.last_us for row in (flow, seen.get(name)) if row], default=0)
        rests = name in seen and as_of - last <= seen[name].pause_us + HOUR
        own = tuple(row for row in impact if row.interface == name)
        known = seen[name].service if name in seen else flow.service if flow else ""
        found.append(Interface(name, caller or known, via, called, flow, last, own, scope.address.call_days, rests))
    order = {"bad": 0, "warn": 1, "good": 2}
    return sorted(found, key=lambda one: (order[one.standing[0]], -one.calls, one.name))


def who_calls_whom(name: str, ends: Sequence[InterfaceEnd]) -> tuple[str, str, str]:
    """The first caller of an interface, who calls in its place ('' for nobody), and who is called ('' if unknown)."""
    own = sorted((end for end in ends if end.interface == name), key=lambda end: (-end.calls, end.service, end.called))
    client = next((end.service for end in own if end.kind == "client"), "")
    begins = next((end.service for end in own if end.kind in ("producer", "internal")), "")
    kind = "client" if client else "producer"
    called = next((end.called for end in own if end.kind == kind and end.called), "")
    caller = begins or client
    return caller, client if client and client != caller else "", called


def rate(calls: int, days: int) -> str:
    """Calls per hour, or per day when they are fewer."""
    hourly = calls * HOUR / (days * DAY)
    number, unit = (hourly, "h") if hourly >= 1 else (calls / days, "d")
    return f"{count(number)} call{'' if round(number) == 1 else 's'}/{unit}"


def words(one: Interface, as_of: int) -> str:
    """How it goes, in one line."""
    if one.flow is None:
        word = "Quiet as before" if one.rests else "Silent"
        return f"{word}, last called {duration(max(as_of - one.last_us, 0))} ago"
    return f"{rate(one.calls, one.days)} · p95 {duration(one.flow.p95_us)} · {failed_words(one.flow)}"


def failed_words(flow: InterfaceFlow) -> str:
    """The share that failed; a handful is told in full, since a share of few says little."""
    if 0 < flow.errors < FEW_ERRORS:
        return f"{flow.errors} of {count(flow.calls)} failed"
    return f"{percent(flow.errors / flow.calls if flow.calls else None)} failed"


def ends_words(one: Interface, domains: Domains, via: bool = False) -> str:
    """Who calls whom; with `via` also who stands between."""
    caller, called = (domains.service_title(name) or "unknown" for name in (one.caller, one.called))
    between = f" via {domains.service_title(one.via)}" if via and one.via else ""
    return f"{caller}{between} → {called}"


def lane(one: Interface, scope: Scope, domains: Domains) -> Lane:
    """The interface as it is drawn."""
    link = PATH + scope.address.with_(interface=one.name).search()
    chosen = scope.address.interface == one.name
    caller, via, called = (domains.service_title(name) for name in (one.caller, one.via, one.called))
    said = words(one, scope.as_of)
    return Lane(one.name, caller or "unknown", via, called, said, one.calls, one.standing[0], link, chosen)


def narrowed(found: Sequence[Interface], address: Address) -> list[Interface]:
    """The interfaces that the page's system lets through, at either end."""
    return [one for one in found if address.service in ("", one.caller, one.via, one.called)]


def money(impact: Sequence[InterfaceImpact]) -> str:
    """What the cases are worth, by currency. Each case counts once."""
    sums: dict[str, Decimal] = {}
    for one in impact:
        for currency, amount in zip(one.currencies, one.amounts, strict=True):
            sums[currency] = sums.get(currency, Decimal(0)) + Decimal(amount)
    return ", ".join(f"{value:,.2f} {currency}".strip() for currency, value in sorted(sums.items()) if value) or "–"
