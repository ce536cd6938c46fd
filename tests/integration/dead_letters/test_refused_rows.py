"""A row that the real engine refuses for good: its block is halved until it is alone, and it becomes a dead letter."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pytest

from metrics.store.client import StoreClient
from metrics.store.errors import TooManyRefused
from metrics.store.writer import ClickHouseWriter
from metrics.words import DeadLetter
from streams.codecs.reasons import STORE_REFUSED
from streams.dead_letters.keeping import Keeper
from streams.dead_letters.kept_writer import KeptWriter
from streams.engine.event_rows import event_rows
from streams.engine.feeds import wall_clock
from streams.engine.flush import Flusher, Frozen, Position
from tests.fakes.events import event

pytestmark = pytest.mark.store

LOG = "flowglass.events/3@one"
PLACE = ("flowglass.events", 3)


@pytest.fixture
def picky(store: StoreClient) -> Iterator[StoreClient]:
    """A store whose table of events refuses some ids, as one does whose migration was not thought through."""
    store.command("ALTER TABLE events ADD CONSTRAINT picky CHECK NOT startsWith(event_id, 'bad')")
    yield store
    store.command("ALTER TABLE events DROP CONSTRAINT picky")


class Flushing:
    """A worker's flusher over the real store."""

    def __init__(self, store: StoreClient) -> None:
        self.committed: dict[tuple[str, int], int] = {}
        self.refused: list[DeadLetter] = []
        self._writer = KeptWriter(ClickHouseWriter(store), Keeper(lambda letter: "integration"))
        self._flusher = Flusher(
            self._writer, self._send, self._commit, on_refused=lambda letters: self.refused.extend(letters)
        )

    def flush(self, names: Sequence[str]) -> None:
        made = (
            event("asked", at, ("requisition", name), id=name, origin=LOG, position=at) for at, name in enumerate(names)
        )
        events = [msgspec.structs.replace(one, ingested=wall_clock()) for one in made]  # the table's TTL counts from it
        block = self._writer.prepare_rows("events", event_rows(events))
        upto = {PLACE: Position(len(names), len(names), 0)}
        for _ in range(2):  # as after a commit that failed
            asyncio.run(self._flusher.flush(Frozen([block], (), (), upto)))

    async def _send(self, messages: Sequence[Any]) -> None:
        raise AssertionError("nothing is sent here")

    async def _commit(self, offsets: Mapping[tuple[str, int], int]) -> None:
        self.committed.update(offsets)


def test_refused_rows_are_dead_letters_the_rest_is_stored_and_the_offsets_go_on(picky: StoreClient) -> None:
    flushing = Flushing(picky)
    flushing.flush([f"bad-{n}" if n in (17, 801) else f"good-{n}" for n in range(1_000)])
    assert flushing.committed == {PLACE: 1_000}
    assert next(picky.rows("SELECT count() AS n FROM events"))["n"] == 998
    letters = list(picky.rows("SELECT topic, partition, offset, reason, detail FROM v_dead_letters ORDER BY offset"))
    assert [(row["topic"], row["partition"], row["offset"], row["reason"]) for row in letters] == [
        (*PLACE, 17, STORE_REFUSED),
        (*PLACE, 801, STORE_REFUSED),
    ]
    assert all(row["detail"].startswith("events: ") for row in letters)
    assert [letter.offset for letter in flushing.refused] == [17, 801] * 2


def test_a_table_that_refuses_most_rows_stops_the_flush_and_nothing_is_committed(picky: StoreClient) -> None:
    flushing = Flushing(picky)
    with pytest.raises(TooManyRefused, match="flowglass migrate"):
        flushing.flush([f"bad-{n}" for n in range(1_000)])
    assert not flushing.committed
    assert not list(picky.rows("SELECT 1 FROM dead_letters"))
