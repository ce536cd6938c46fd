"""How much of a stranger's time and memory the gateway gives to one request, and to all of them."""

from dataclasses import dataclass
from typing import Final

from streams.codecs.cloudevents import BATCH_SPAN, CodecLimits
from streams.producer import LARGEST_RECORD


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    body: int = LARGEST_RECORD
    """Of one body, as it came and again after decompression."""
    event: int = CodecLimits().max_bytes
    events: int = BATCH_SPAN
    """In one batch."""
    held: int = 128 << 20
    """Of all bodies that are read, checked or waiting for the broker."""
    body_seconds: float = 20.0
    """For a body to arrive whole."""
    idle_seconds: float = 30.0
    """For the head of a request to arrive, and between two requests of one connection."""
    lingering_seconds: float = 2.0
    """For the rest of a body that was refused."""
    stop_seconds: float = 5.0
    """For the requests under way, once the gateway is told to stop."""


DEFAULT_LIMITS: Final = Limits()
