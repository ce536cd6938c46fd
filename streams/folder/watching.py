"""The rounds of a watched folder: look, take what is complete, say what waits, check what was sent."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import structlog
from aiokafka.errors import KafkaError

from metrics.store.errors import RowsRefused, StoreUnavailable
from streams.folder.archive import archive
from streams.folder.bringing import Bringing
from streams.folder.checking import Checking
from streams.folder.ledger import COPY, REFUSED, SENDING, SENT, SUPERSEDED, WAITING, Entry, Ledger
from streams.folder.listing import Folder, Seen
from streams.folder.progress import Stopped
from streams.folder.readiness import Readiness, content_fault
from streams.folder.spool import Copy, Unsettled, private_copy
from streams.folder.systems import NoMapping, Systems
from streams.producer import ProduceFailed, RecordTooLarge
from streams.sources.mapping import Mapping

log = structlog.get_logger(__name__)

_DONE = (SENT, COPY, SUPERSEDED)
_BROKEN = "it went away while it was being sent, so that not all of it may have been: put it there again"
Tell = Callable[[Entry], None]


@dataclass(slots=True)
class Watching:
    """A watched folder. `tell` is called with each entry about which there is news, `pace` now and then."""

    folder: Folder
    systems: Systems
    readiness: Readiness
    ledger: Ledger
    bringing: Bringing
    checking: Checking
    tell: Tell
    pace: Callable[[int], None]
    largest: int
    scratch: Path | None = None
    archive: Path | None = None
    _settled: dict[tuple[str, str], object] = field(default_factory=dict)

    async def run(self, stop: asyncio.Event, pause: float, *, once: bool = False) -> None:
        """Rounds until `stop`; with `once`, until nothing is left that time would bring."""
        while not stop.is_set():
            try:
                busy = await self.round(stop)
            except Stopped:
                return
            except (StoreUnavailable, ProduceFailed, KafkaError, OSError) as error:
                if once:
                    raise
                log.warning("nothing can be brought now; trying again", error=str(error), pause=pause)
                busy = True
            if once and not busy:
                return
            try:
                await asyncio.wait_for(stop.wait(), pause)
            except TimeoutError:
                continue

    async def round(self, stop: asyncio.Event) -> bool:
        """One look at everything; whether something is left that time alone may bring."""
        self.systems.renew()
        seen = self.folder.look()
        growing = False
        for one in seen:
            if stop.is_set():
                return True
            growing = await self._one(one) or growing
        self._forget({(one.system, one.name) for one in seen})
        for entry in await asyncio.to_thread(self.checking.look):
            self.tell(entry)
        return growing or any(one.check == "" for one in self.checking.open())

    async def _one(self, seen: Seen) -> bool:
        """Take a file if it is complete; whether it only has to stay as it is."""
        key, state = (seen.system, seen.name), (seen.stamp, seen.manifest, seen.problem, self.systems.state)
        if self._settled.get(key) == state:
            return False
        wait = self.readiness.look(seen)
        if wait is not None:
            self._wait(seen, wait.reason, faulty=wait.faulty, state=REFUSED if seen.hopeless else WAITING)
            return wait.quiet
        try:
            if await self._take(seen):
                self._settled[key] = state
        except Unsettled as error:
            self._wait(seen, str(error), faulty="changed" not in str(error))
            return "changed" in str(error)
        return False

    async def _take(self, seen: Seen) -> bool:
        """Whether everything about a file is settled as long as it stays as it is."""
        assert seen.stamp is not None
        try:
            system = self.systems.get(seen.system)
        except NoMapping as error:
            self._wait(seen, str(error), faulty=True)
            return True
        if seen.stamp.size > self.largest:
            self._wait(seen, f"it has {seen.stamp.size} bytes, the limit is {self.largest}", faulty=True, state=REFUSED)
            return True
        with private_copy(seen.path, seen.stamp, self.folder.root, self.scratch, self.pace) as copy:
            if fault := content_fault(seen, copy.content):
                self._wait(seen, fault, faulty=True)
                return True
            before = self.ledger.get(seen.system, seen.name, copy.content)
            entry = await self._bring(seen, system, copy)
        if entry != before:
            self.tell(entry)
        if self.archive is not None and entry.state in _DONE:
            self._put_away(seen, entry, self.archive)
        return True

    async def _bring(self, seen: Seen, system: Mapping, copy: Copy) -> Entry:
        try:
            return await self.bringing.bring(seen, system, copy)
        except (RowsRefused, RecordTooLarge) as error:  # one odd file must not hold up the others
            raise Unsettled(f"it cannot be taken: {error}") from error

    def _put_away(self, seen: Seen, entry: Entry, target: Path) -> None:
        try:
            archive(seen, entry.content, target)
        except OSError as error:
            log.warning("a file that was sent cannot be moved", file=str(seen.path), error=str(error))

    def _wait(self, seen: Seen, reason: str, *, faulty: bool, state: str = WAITING) -> None:
        before = self.ledger.get(seen.system, seen.name)
        size = seen.stamp.size if seen.stamp else 0
        self.ledger.wait(seen.system, seen.name, reason, faulty=faulty, state=state, size=size)
        after = self.ledger.get(seen.system, seen.name)
        if after is not None and after != before:
            self.tell(after)

    def _forget(self, here: set[tuple[str, str]]) -> None:
        """Settle what waited under names that are gone."""
        gone = [one for one in self.ledger.all() if not one.content and (one.system, one.name) not in here]
        settled = [entry for one in gone for entry in self.ledger.settle(one.system, one.name)]
        broken = [one for one in self.ledger.all() if one.state == SENDING and (one.system, one.name) not in here]
        settled += [msgspec.structs.replace(one, reason=_BROKEN, faulty=1) for one in broken if one.reason != _BROKEN]
        if settled:
            self.ledger.write(*settled)
        for key in self._settled.keys() - here:
            del self._settled[key]
