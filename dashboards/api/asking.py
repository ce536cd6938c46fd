"""Who asks the interface, and what they are answered from: the same readers as the pages."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

from dashboards.access.access import Access
from dashboards.api.operation import Desk
from dashboards.api.problems import Refused
from dashboards.reading import Reader
from metrics.commands.opened import wall_clock
from metrics.definitions.load import load
from metrics.definitions.mistakes import DefinitionsError
from metrics.definitions.registry import Catalogue
from metrics.reports.reading import reach_words


class Everybody:
    """Where nobody signs on: whoever reaches the server sees everything."""

    def __init__(
        self, reader: Reader, whole: Reader, definitions: Path | None, wall: Callable[[], int] = wall_clock
    ) -> None:
        self._desk = Desk(reader, whole, wall, _catalogue(definitions), _unnoted)

    def desk(self, _page: str) -> Desk:
        return self._desk

    def opens(self, _page: str) -> bool:
        return True


class SignedOn:
    """Where people sign on: each sees what their role opens and reaches, and what they take out is noted."""

    def __init__(
        self, access: Access, whole: Reader, definitions: Path | None, wall: Callable[[], int] = wall_clock
    ) -> None:
        self._access = access
        self._whole = whole
        self._catalogue = _catalogue(definitions)
        self._wall = wall

    def desk(self, page: str) -> Desk:
        reader = self._access.reader_of(page) if page else self._access.reader
        return Desk(reader, self._whole, self._wall, self._catalogue, self._access.note, self._seen_by)

    def opens(self, page: str) -> bool:
        return self._access.opens(page)

    def _seen_by(self) -> str:
        person = self._access.gate.person()
        return "" if person is None else reach_words(person.role.title, person.reach)


def _catalogue(definitions: Path | None) -> Callable[[], Catalogue]:
    """The definitions, read when first asked for."""

    def read() -> Catalogue:
        try:
            return load(definitions)
        except DefinitionsError as error:
            raise Refused(503, "The definitions have mistakes: `flowglass validate` names them.") from error

    return cache(read)


def _unnoted(_did: str, _what: str) -> None:
    """Nobody is known, so there is nobody to note."""
