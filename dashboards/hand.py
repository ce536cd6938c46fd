"""How pages put what people decide into the stream, without knowing the broker."""

from collections.abc import Callable
from functools import partial
from importlib.metadata import entry_points
from typing import Final, NamedTuple

from metrics.words import Event

GROUP: Final = "flowglass.senders"
"""Entry points that send an event to the broker at host:port, and return once it is there."""


class Hand(NamedTuple):
    """Who decides, and how. `who`: the name of who asks, '' for those who may not; `note` writes the audit log."""

    send: Callable[[Event], None]
    who: Callable[[], str]
    note: Callable[[str, str], None]


def sender(broker: str) -> Callable[[Event], None] | None:
    """What sends events, loaded with the first one; None where nothing installed does."""
    found = next(iter(entry_points(group=GROUP, name="events")), None)
    return None if found is None else partial(_send, found.load, broker)


def _send(load: Callable[[], Callable[[str, Event], None]], broker: str, event: Event) -> None:
    load()(broker, event)
