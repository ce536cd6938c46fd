"""Figures of several hours put together: operations, queues, versions of contracts. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol, TypeVar

from metrics.health.durations import lower_median, percentile, put_together
from metrics.queries.health_rows import CallFigures, ContractVersion, EventFigures, Operation, QueueWait

KINDS: Final = ("client", "producer", "internal")
"""Of one delivery a producer, a hub and a caller may each tell: the first kind that an interface has measures it."""
Row = TypeVar("Row")


class OfKind(Protocol):
    """A row of calls that one kind of span tells of."""

    @property
    def kind(self) -> str: ...


Told = TypeVar("Told", bound=OfKind)


def operations(rows: Iterable[CallFigures]) -> list[Operation]:
    """Each operation of each interface over all the rows, the most used first."""
    measured = [row for some in _grouped(rows, lambda row: row.interface) for row in at_best_kind(some)]
    groups = _grouped(measured, lambda row: (row.interface, row.operation))
    return sorted(map(_operation, groups), key=lambda one: (one.interface, -one.calls, one.operation))


def at_best_kind(rows: Sequence[Told]) -> list[Told]:
    """Of rows of one interface those that measure it."""
    best = min((row.kind for row in rows), key=KINDS.index, default="")
    return [row for row in rows if row.kind == best]


def _operation(rows: Sequence[CallFigures]) -> Operation:
    took = put_together((row.took_us, row.took_calls) for row in rows)
    waits = put_together((row.wait_us, row.wait_calls) for row in rows)
    most = max(rows, key=lambda row: (row.calls, row.service))
    return Operation(
        interface=most.interface,
        operation=most.operation,
        kind=most.kind,
        service=most.service,
        system=most.system,
        calls=sum(row.calls for row in rows),
        errors=sum(row.errors for row in rows),
        median_us=percentile(took, 0.5),
        p95_us=percentile(took, 0.95),
        p99_us=percentile(took, 0.99),
        retries=sum(row.retries for row in rows),
        failed_messages=sum(row.failed_messages for row in rows),
        recovered=sum(row.recovered for row in rows),
        given_up=sum(row.given_up for row in rows),
        fewest_attempts=min((row.fewest_attempts for row in rows if row.given_up), default=0),
        shortest_wait_us=min((row.shortest_wait_us for row in rows if row.retries), default=0),
        median_wait_us=lower_median(waits),
        longest_wait_us=max(row.longest_wait_us for row in rows),
    )


def queues(rows: Iterable[CallFigures]) -> list[QueueWait]:
    """How long messages waited between sender and taker, by interface."""
    sent = (row for row in rows if row.kind == "producer")
    return sorted(map(_queue, _grouped(sent, lambda row: row.interface)), key=lambda one: one.interface)


def _queue(rows: Sequence[CallFigures]) -> QueueWait:
    lags = put_together((row.lag_us, row.lag_calls) for row in rows)
    messages, taken = sum(row.calls for row in rows), sum(row.taken for row in rows)
    median, p95 = (percentile(lags, share) if taken else 0.0 for share in (0.5, 0.95))
    return QueueWait(rows[0].interface, messages, messages - taken, median, p95, max(r.longest_lag_us for r in rows))


def versions(rows: Iterable[EventFigures]) -> list[ContractVersion]:
    """In which versions each source told each type."""
    told = (row for row in rows if row.operation and row.calls)
    return sorted(map(_version, _grouped(told, lambda row: (row.interface, row.operation))), key=_of_version)


def _version(rows: Sequence[EventFigures]) -> ContractVersion:
    one, stem = rows[0], rows[0].operation
    if one.contract_version:
        stem = stem.removesuffix(f".v{one.contract_version}")
    first = min(row.first_us for row in rows if row.first_us is not None)
    last = max(row.last_us for row in rows if row.last_us is not None)
    return ContractVersion(one.interface, stem, one.contract_version, sum(row.calls for row in rows), first, last)


def _of_version(one: ContractVersion) -> tuple[str, str, int]:
    return one.source, one.stem, one.version


def _grouped(rows: Iterable[Row], key: Callable[[Row], Any]) -> list[list[Row]]:
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return list(found.values())
