"""One complete file into the broker: judged, noted, sent, noted. Every step may be repeated without harm.

The order: the events of the file are stored (table `file_events`), the ledger says `sending`, the messages are
acknowledged by the broker, the ledger says `sent`, and in the same write that an older file is superseded. Whoever is
killed in between sends the same messages again; the events have the same ids.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Final, Protocol

import msgspec

from streams import topics
from streams.folder.figures import Figure, Removed, amounts
from streams.folder.judging import Judge, Judged, Refused
from streams.folder.ledger import NOT_COMPARABLE, REFUSED, SENDING, SENT, Entry, Ledger, Reader
from streams.folder.listing import Seen
from streams.folder.parts import Part
from streams.folder.spool import Copy
from streams.folder.succession import Succession, beside
from streams.folder.totals import as_json
from streams.producer import Outgoing
from streams.sources.mapping import Mapping as SystemMapping
from streams.sources.native import outgoing

_AT_ONCE: Final = 16
"""Messages handed to the producer together: 8 MiB of rows at most."""


class Sender(Protocol):
    """What is needed of `streams.producer.Producer`."""

    async def send_many(self, topic: str, records: Iterable[Outgoing]) -> None: ...

    async def flush(self) -> None: ...


Connect = Callable[[], Awaitable[AbstractAsyncContextManager[Sender]]]
Stage = Callable[[str], None]


@dataclass(slots=True)
class Bringing:
    """Brings files; `stage` is told of each arrow, `clock` gives microseconds UTC."""

    ledger: Ledger
    reader: Reader
    judge: Judge
    connect: Connect
    clock: Callable[[], int]
    simulated: bool
    stage: Stage
    succession: Succession = field(init=False)

    def __post_init__(self) -> None:
        self.succession = Succession(self.ledger)

    async def bring(self, seen: Seen, system: SystemMapping, copy: Copy) -> Entry:
        """The file's entry once everything about it is settled. Raises ProduceFailed, KafkaError, StoreError."""
        known = self.ledger.get(seen.system, seen.name, copy.content)
        if known is not None and self.succession.is_done(known):
            return self._keep(known)
        entry = self._fresh(seen, copy)
        if (why := self.succession.copy_of(entry)) is not None:
            older = self.succession.older(entry)
            return self._keep(msgspec.structs.replace(why, removed=self._removed(entry, older)), *older)
        if (why := self.succession.late_original(entry)) is not None:
            return self._keep(why)
        try:
            judged = await asyncio.to_thread(self.judge.judge, system, copy, seen.manifest)
        except Refused as error:
            return self._keep(msgspec.structs.replace(entry, state=REFUSED, reason=str(error), faulty=1))
        self.stage("judged")
        entry, older = self._filled(entry, judged), self.succession.older(entry)
        self.ledger.write(entry)
        self.stage("sending")
        await self._send(judged, seen.system)
        self.stage("sent")
        sent = msgspec.structs.replace(entry, state=SENT, sent_us=self.clock(), removed=self._removed(entry, older))
        self.ledger.write(sent, *older, *self.ledger.settle(seen.system, seen.name))
        self.stage("noted")
        return self.ledger.get(*sent.key) or sent

    def _keep(self, entry: Entry, *older: Entry) -> Entry:
        """Write an entry if it is news, with those that it supersedes, and settle what was waiting under its name."""
        settled = self.ledger.settle(entry.system, entry.name)
        old = self.ledger.get(*entry.key)
        if old is not None and (old.state, old.reason) == (entry.state, entry.reason):
            if settled:
                self.ledger.write(*settled)
            return old
        self.ledger.write(entry, *older, *settled)
        return self.ledger.get(*entry.key) or entry

    def _fresh(self, seen: Seen, copy: Copy) -> Entry:
        manifest = seen.manifest
        return Entry(
            system=seen.system,
            name=seen.name,
            content=copy.content,
            state=SENDING,
            bytes=copy.bytes,
            business_date=manifest.business_date if manifest else "",
            corrects=beside(seen.name, manifest.supersedes) if manifest else "",
            simulated=int(self.simulated),
        )

    def _removed(self, entry: Entry, older: list[Entry]) -> int:
        """How many events of the older files this one has no more."""
        count = 0
        for other in older:
            asked = {"system": entry.system, "old": other.content, "new": entry.content, "limit": 1}
            if other.events is not None:
                count += next((row.total for row in self.reader.rows("folder_removed", Removed, **asked)), 0)
        return count

    def _filled(self, entry: Entry, judged: Judged) -> Entry:
        """The entry with everything that was found, as it stands before anything is sent."""
        figures = self.reader.rows("folder_events", Figure, system=entry.system, content=entry.content)
        events = sum(one.events for one in figures) if judged.comparable else None
        remarks = [f"{judged.rows_dead} rows cannot be read: {judged.remark}"] if judged.rows_dead else []
        if entry.corrects and not self.succession.named(entry):
            remarks.append(f"its manifest says that it supersedes {entry.corrects}, which never came")
        return msgspec.structs.replace(
            entry,
            reason="; ".join(remarks),
            faulty=int(bool(remarks)),
            parts=judged.parts,
            rows=judged.rows,
            rows_declared=judged.declared.rows,
            rows_mapped=judged.rows_mapped,
            rows_dead=judged.rows_dead,
            totals=as_json(judged.totals),
            totals_declared=as_json(judged.declared.sums),
            events=events,
            amounts=amounts(figures, stored=False) if judged.comparable else "{}",
            check="" if judged.comparable else NOT_COMPARABLE,
        )

    async def _send(self, judged: Judged, system: str) -> None:
        async with await self.connect() as producer:
            for portion in _portions(judged):
                records = [outgoing(system, part.body, judged.headers(part, self.simulated)) for part in portion]
                await producer.send_many(topics.NATIVE, records)
                self.judge.step("sent", portion[-1].number, judged.parts)
                self.stage("portion")
            await producer.flush()


def _portions(judged: Judged) -> Iterator[list[Part]]:
    portion: list[Part] = []
    for part in judged.messages():
        portion.append(part)
        if len(portion) >= _AT_ONCE:
            yield portion
            portion = []
    if portion:
        yield portion
