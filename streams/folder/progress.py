"""How far a large file is, in lines for people and logs; and the way out of it when the program is told to stop."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

LARGE: Final = 20
"""Messages from which on a file is worth a line for each tenth of it."""


class Stopped(Exception):
    """The program was told to stop in the middle of a file; what was begun is done again at the next start."""


@dataclass(slots=True)
class Progress:
    """Tells of tenths, and asks `stopping` at each step."""

    write: Callable[[str], None]
    stopping: Callable[[], bool]
    _said: tuple[str, int] = ("", 0)

    def pace(self, _: int = 0) -> None:
        """Called now and then. Raises Stopped."""
        if self.stopping():
            raise Stopped

    def step(self, what: str, done: int, total: int) -> None:
        """Called with the messages of a file that are done. Raises Stopped."""
        self.pace()
        tenth = done * 10 // total if total else 10
        if total >= LARGE and (what, tenth) != self._said:
            self._said = (what, tenth)
            self.write(f"{what}: {done:,} of {total:,} messages")
