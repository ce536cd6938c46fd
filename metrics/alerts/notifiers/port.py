"""What a notifier is: it tries once to tell one receiver something, and answers whether another try is worth it."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from metrics.alerts.words import Message, Told


class Delivered(NamedTuple):
    """The receiver has it."""


class Retry(NamedTuple):
    """It could not be delivered, and may be later; `after` seconds at the earliest, if the receiver said so."""

    reason: str
    after: float = 0.0


class Refused(NamedTuple):
    """The receiver will never take this message; others may go through."""

    reason: str


Answer = Delivered | Retry | Refused


class Notifier(Protocol):
    """Tells messages. One that arrived already may be sent again: its id is the same. Never raises."""

    def send(self, message: Message, /) -> Answer: ...


class StateNotifier(Protocol):
    """Keeps a receiver informed of the state of alerts that groups, repeats and mutes by itself. Never raises."""

    @property
    def resend(self) -> int:
        """Microseconds after which all is posted again."""
        ...

    def post(self, states: Sequence[Told], now: int, /) -> Answer: ...
