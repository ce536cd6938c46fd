"""What an operation of the interface is: its declaration is the route, the checks and the documentation at once."""

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import msgspec

from dashboards.reading import Reader
from metrics.definitions.registry import Catalogue

API: Final = "/api/"
BASE: Final = "/api/v1"
PROBES: Final = (f"{BASE}/health", f"{BASE}/ready")
"""Told to everybody."""
JSON: Final = "application/json"


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters."""


class Stream(NamedTuple):
    """A file that is sent piece by piece; `name` is what a browser would save it as."""

    media: str
    name: str
    pieces: Iterator[bytes]


def _everybody() -> str:
    return ""


class Desk(NamedTuple):
    """What operations answer from: the rows that who asks may see, those behind the probes, the clock in microseconds,
    the definitions, and how a look is noted (what was done, and to what). `seen_by`: the title of the role that limits
    what the rows hold, '' for no limit."""

    reader: Reader
    whole: Reader
    wall: Callable[[], int]
    catalogue: Callable[[], Catalogue]
    note: Callable[[str, str], None]
    seen_by: Callable[[], str] = _everybody


Answer = Callable[[Desk, Any], Any]


class Operation(NamedTuple):
    """One GET. `page` is the page whose readers may ask ('' for everybody signed on, None for everybody at all).

    `answer` takes a desk and `parameters`; it returns `form` as JSON, or a Stream of `media`.
    """

    path: str
    name: str
    tag: str
    summary: str
    page: str | None
    parameters: type[msgspec.Struct]
    form: Any
    answer: Answer
    media: str = JSON
    can_miss: bool = False

    @property
    def placed(self) -> tuple[str, ...]:
        """The parameters in the path."""
        return tuple(part.split("}")[0] for part in self.path.split("{")[1:])

    @property
    def rule(self) -> str:
        """The path as Flask takes it; the last part may hold slashes, as ids do."""
        rule = self.path
        for name in self.placed:
            last = rule.endswith(f"{{{name}}}")
            rule = rule.replace(f"{{{name}}}", f"<path:{name}>" if last else f"<{name}>")
        return BASE + rule
