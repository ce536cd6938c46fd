"""The memory that requests may hold together: back-pressure in bytes."""

from threading import Lock
from types import TracebackType
from typing import Self


class Full(Exception):
    """The gateway holds as many bytes as it may."""


class Room:
    """Counts the bytes of all requests under way."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()  # large bodies are unpacked in a thread
        self.held = 0

    def hold(self) -> "Held":
        """The share of one request; a context manager that gives it back."""
        return Held(self)

    def change(self, by: int) -> None:
        """Raises Full."""
        with self._lock:
            if by > 0 and self.held + by > self._most:
                raise Full
            self.held += by


class Held:
    """What one request holds."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._bytes = 0

    def grow(self, by: int) -> None:
        """Raises Full."""
        self._room.change(by)
        self._bytes += by

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._room.change(-self._bytes)
        self._bytes = 0
