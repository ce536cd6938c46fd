"""Kafka records for tests of the codec."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FakeRecord:
    value: bytes | None
    headers: Sequence[tuple[str, bytes]] = ()
    key: bytes | None = b"PO-1"
    topic: str = "flowglass.events"
    partition: int = 2
    offset: int = 7
    timestamp: int = 1_700_000_000_123


def envelope(data: dict[str, Any] | None = None, **attributes: Any) -> dict[str, Any]:
    """A good event; `data` adds to or replaces members of its data, the rest are attributes."""
    body = {"objects": [{"type": "purchase_order", "id": "PO-1", "qualifier": "subject"}], **(data or {})}
    good = {"specversion": "1.0", "id": "e-1", "source": "/coupa", "type": "purchase_order.created.v1"}
    return {**good, "time": "2026-01-02T03:04:05.123456Z", "data": body, **attributes}


def structured(data: dict[str, Any] | None = None, **attributes: Any) -> FakeRecord:
    return FakeRecord(json.dumps(envelope(data, **attributes)).encode())
