"""What `roles.yaml` says now: read again once the file has changed, so that nobody restarts the dashboards for it.

A file that became unusable changes nothing: what it said last holds, and the log says why. So a typing error locks
nobody out and opens nothing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from metrics.access.groups import Groups
from metrics.access.load import SHIPPED, read_groups, read_roles
from metrics.access.model import Person, Reach, Role
from metrics.definitions.mistakes import DefinitionsError
from metrics.definitions.one_file import own_or_shipped
from metrics.settings import SettingError

Said = TypeVar("Said")
LOG = structlog.get_logger(__name__)


class Followed(Generic[Said]):
    """What a file says, as `read` understands it. `file` names it anew each time: an own one may take its place."""

    def __init__(self, file: Callable[[], Path], read: Callable[[Path], Said]) -> None:
        self._file = file
        self._read = read
        self._state = self._now()
        self._said = read(self._state[0])

    def __call__(self) -> Said:
        """What it said last, or says now."""
        state = self._now()
        if state != self._state:
            self._state = state
            try:
                self._said = self._read(state[0])
                LOG.info("access_read_again", file=str(state[0]))
            except (DefinitionsError, SettingError, OSError) as problem:
                LOG.warning("access_unchanged", file=str(state[0]), problem=str(problem)[:2000])
        return self._said

    def _now(self) -> tuple[Path, int, int]:
        file = self._file()
        try:
            state = file.stat()
        except OSError:
            return file, 0, 0
        return file, state.st_mtime_ns, state.st_size


class FollowedRoles(Mapping[str, Role]):
    """Roles by name, as the file has them now. `refuse` raises SettingError for roles that can't be had here."""

    def __init__(self, directory: Path | None, refuse: Callable[[Iterable[Role]], None]) -> None:
        def read(file: Path) -> Mapping[str, Role]:
            roles = read_roles(file)
            refuse(roles.values())
            return roles

        self._said = Followed(lambda: own_or_shipped(directory, SHIPPED), read)

    def __getitem__(self, name: str) -> Role:
        return self._said()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._said())

    def __len__(self) -> int:
        return len(self._said())


class FollowedGroups(Groups):
    """What the provider's groups open, as the file has it now."""

    def __init__(self, directory: Path | None, refuse: Callable[[Iterable[Role]], None]) -> None:
        def read(file: Path) -> Groups:
            groups = read_groups(file)
            refuse(read_roles(file).values())
            return groups

        self._said = Followed(lambda: own_or_shipped(directory, SHIPPED), read)

    @property
    def contact(self) -> str:
        return self._said().contact

    def chosen(self, claimed: Collection[str]) -> str | None:
        return self._said().chosen(claimed)

    def person(self, name: str, group: str, stamp: str) -> Person | None:
        return self._said().person(name, group, stamp)

    def reaches(self) -> set[Reach]:
        return self._said().reaches()
