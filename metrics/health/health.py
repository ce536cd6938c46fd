"""All that is asked about the integration's health, read at once."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from metrics.contracts.model import shipped_contracts
from metrics.health.drift import Spoken, declared_versions, spoken
from metrics.health.policy import Verdict, judge, read_or_shipped
from metrics.health.sums import operations, queues, versions
from metrics.health.suppliers import supplier_slas
from metrics.health.window import read_calls, read_events
from metrics.queries.health_rows import ApprovalStep, Completion, Operation, QueueWait, SupplierClock
from metrics.queries.quality_rows import HopLatency
from metrics.queries.rows import DefinitionText

MOST_SUPPLIERS = 200
Row = TypeVar("Row")


class Reader(Protocol):
    """Runs the named queries."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: object) -> list[Row]: ...


class Health(NamedTuple):
    """The figures of a window; `verdicts` are parallel to `operations`."""

    operations: Sequence[Operation]
    verdicts: Sequence[Verdict]
    queues: Sequence[QueueWait]
    spoken: Sequence[Spoken]
    approvals: Sequence[ApprovalStep]
    suppliers: Sequence[SupplierClock]
    completion: Sequence[Completion]
    propagation: Sequence[HopLatency]


def read_operations(
    reader: Reader, since: int, as_of: int, definitions: Path | None, interface: str = ""
) -> list[tuple[Operation, Verdict]]:
    """The operations of one interface, or of all, with what is to be said of their retries."""
    declared = read_or_shipped(definitions)
    calls = read_calls(reader, since, as_of, definitions, interface)
    return [(one, judge(one, declared)) for one in operations(calls)]


def read_suppliers(reader: Reader, since: int) -> list[SupplierClock]:
    """What suppliers were waited for, by the SLAs that the definitions in force declare."""
    texts = [row.yaml for row in reader.rows("definition_texts", DefinitionText)]
    slas = supplier_slas(texts)
    if not slas["slas"]:
        return []
    return reader.rows("health_suppliers", SupplierClock, since=since, limit=MOST_SUPPLIERS, **slas)


def read_spoken(reader: Reader, since: int, as_of: int, definitions: Path | None) -> list[Spoken]:
    """Which source told which type in which versions, against the shipped contracts."""
    told = versions(read_events(reader, since, as_of, definitions))
    return spoken(told, declared_versions(shipped_contracts().events))


def read_health(reader: Reader, since: int, as_of: int, definitions: Path | None, interface: str = "") -> Health:
    """Everything since the hour of `since` (microseconds); how fast changes spread is that of the whole ledger."""
    declared, calls = read_or_shipped(definitions), read_calls(reader, since, as_of, definitions, interface)
    found = operations(calls)
    return Health(
        found,
        [judge(one, declared) for one in found],
        queues(calls),
        read_spoken(reader, since, as_of, definitions),
        reader.rows("health_approvals", ApprovalStep, since=since),
        read_suppliers(reader, since),
        reader.rows("health_completion", Completion, since=since),
        reader.rows("quality_latency", HopLatency),
    )
