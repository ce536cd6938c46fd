"""Builders of what senders post."""

from typing import Any


def event(number: str = "PO-1", **changes: Any) -> dict[str, Any]:
    """A canonical event; None takes an attribute out."""
    whole = {
        "specversion": "1.0",
        "id": f"created-{number}",
        "source": "/coupa/prod",
        "type": "purchase_order.created.v1",
        "subject": f"purchase_order/{number}",
        "time": "2026-01-02T03:04:05.123456Z",
        "data": {"objects": [{"type": "purchase_order", "id": number, "qualifier": "subject"}]},
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}
