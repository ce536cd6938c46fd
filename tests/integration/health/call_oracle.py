"""Calls drawn at random, and the figures of an hour counted call by call, in another way than the query does it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from random import Random
from typing import Any, NamedTuple

from metrics.words import DAY, HOUR, MINUTE

PATIENCE = 2 * HOUR
OPERATIONS = (("orders", "POST /orders"), ("orders", "GET /orders"), ("bank", "send"))


class Call(NamedTuple):
    """One span; times in microseconds. `parent`: of a consumer the message that it takes."""

    trace: str
    span: str
    kind: str
    service: str
    interface: str
    operation: str
    start: int
    lasts: int
    failed: bool
    parent: str = ""

    @property
    def end(self) -> int:
        return self.start + self.lasts

    @property
    def group(self) -> tuple[str, ...]:
        """The calls of one caller for one operation in one trace."""
        return self.interface, self.operation, self.kind, self.service, self.trace


def drawn(seed: int, since: int, hours: int, messages: int) -> list[Call]:
    """Messages with their retries, some tried again after hours or days, and queues that somebody empties."""
    random, found = Random(seed), list[Call]()
    for number in range(messages):
        trace, (interface, operation) = f"t{number}", random.choice(OPERATIONS)
        at, service = since + random.randrange(hours * HOUR), random.choice(("hub", "coupa-connector"))
        kind = "client" if interface == "orders" else "producer"
        for attempt in range(random.choice((1, 1, 1, 2, 3, 6))):
            lasts, failed = random.choice((90, 255, 256, 1000, 3_000_017, 20 * MINUTE)), random.random() < 0.5
            call = Call(trace, f"{number}.{attempt}", kind, service, interface, operation, at, lasts, failed)
            found.append(call)
            if kind == "producer" and random.random() < 0.7:
                taken = call.end + random.choice((-5, 0, 7_000_003, 3 * HOUR, DAY + HOUR))
                found.append(
                    Call(trace, f"{call.span}c", "consumer", "bank", interface, "take", taken, 5, False, call.span)
                )
            at += lasts + random.choice((1, 2_500_001, HOUR, 5 * HOUR, DAY, 26 * HOUR))
    return found


def rounded(us: int) -> int:
    """The value to 8 bits that stands for a duration: the middle of those that share them."""
    drop = max(us.bit_length() - 8, 0)
    return us if us < 256 else (us >> drop << drop) | 1 << drop - 1


def expected(calls: Iterable[Call], hour: int, as_of: int) -> dict[tuple[str, ...], dict[str, Any]]:
    """The figures of one hour by (interface, operation, kind, service)."""
    calls, groups = list(calls), defaultdict[tuple[str, ...], list[Call]](list)
    taken = defaultdict[tuple[str, str], list[int]](list)
    for call in calls:
        if call.kind == "consumer":
            taken[call.trace, call.parent].append(call.start)
        else:
            groups[call.group].append(call)
    rows = defaultdict[tuple[str, ...], list[Call]](list)
    for some in groups.values():
        for call in some:
            if hour <= call.start < hour + HOUR:
                rows[call.group[:4]].append(call)
    return {key: _figures(some, groups, taken, as_of) for key, some in rows.items()}


def _figures(rows: Sequence[Call], groups: Any, taken: Any, as_of: int) -> dict[str, Any]:
    waits, lags, messages = list[int](), list[int](), list[list[Call]]()
    for call in rows:
        ordered = sorted(groups[call.group], key=lambda one: (one.start, one.end))
        before = _before(ordered, call)
        if before is not None:
            waits.append(max(call.start - before.end, 0))
        else:
            messages.append(_message(ordered, call))
        came = min(taken[call.trace, call.span], default=None) if call.kind == "producer" else None
        if came is not None and came <= call.start + DAY:
            lags.append(max(came - call.end, 0))
    lost = [one for one in messages if one[-1].failed]
    given_up = [one for one in lost if one[-1].end < as_of - PATIENCE]
    return {
        "calls": len(rows),
        "errors": sum(call.failed for call in rows),
        "took": dict(Counter(rounded(call.lasts) for call in rows)),
        "retries": len(waits),
        "failed_messages": sum(one[0].failed for one in messages),
        "recovered": sum(one[0].failed and not one[-1].failed for one in messages),
        "given_up": len(given_up),
        "unsettled": len(lost) - len(given_up),
        "fewest_attempts": min(map(len, given_up), default=0),
        "waits": (min(waits, default=0), max(waits, default=0), dict(Counter(map(rounded, waits)))),
        "taken": len(lags),
        "lags": (max(lags, default=0), dict(Counter(map(rounded, lags)))),
    }  # fmt: skip


def _before(ordered: Sequence[Call], call: Call) -> Call | None:
    """The failed call that this one tries again."""
    place = ordered.index(call)
    before = ordered[place - 1] if place else None
    return before if before is not None and before.failed and call.start - before.end <= DAY else None


def _message(ordered: Sequence[Call], first: Call) -> list[Call]:
    found = [first]
    for call in ordered[ordered.index(first) + 1 :]:
        if _before(ordered, call) is None:
            break
        if call.start <= first.start + DAY:
            found.append(call)
    return found
