"""Fills a real store as a worker does, without a broker."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from metrics.contracts.model import load_contracts
from metrics.definitions.load import load
from metrics.privacy.keyring import Keyring
from metrics.privacy.sealing import Sealer
from metrics.store.client import StoreClient
from metrics.store.writer import ClickHouseWriter
from metrics.words import DeadLetter, Event
from streams.dead_letters.keeping import Keeper
from streams.dead_letters.kept_writer import KeptWriter
from streams.dead_letters.owners import Owners
from streams.engine.clickhouse_state import ClickHouseState
from streams.engine.event_rows import dead_letter_columns
from tests.fakes.pipeline import Pipeline


class RealStore(ClickHouseState):
    """Both ports of the engine on one client."""

    def __init__(self, client: StoreClient) -> None:
        super().__init__(client)
        self._writer = ClickHouseWriter(client)

    def prepare(self, table: str, columns: Mapping[str, Sequence[Any]]) -> Any:
        return self._writer.prepare(table, columns)

    def prepare_rows(self, table: str, rows: Sequence[Sequence[Any]]) -> Any:
        return self._writer.prepare_rows(table, rows)

    def send(self, block: Any) -> None:
        self._writer.send(block)


def fold(client: StoreClient, events: Sequence[Event], now: int = 0) -> None:
    """Run events through the shipped definitions and flush what follows."""

    async def run() -> None:
        pipeline = Pipeline(RealStore(client), load().definitions, clock=now)  # type: ignore[arg-type]
        await pipeline.start()
        await pipeline.take(events)
        await pipeline.flush()

    asyncio.run(run())


def bury(client: StoreClient, letters: Sequence[DeadLetter], keyring: Keyring | None = None, days: int = 14) -> None:
    """Store dead letters as a worker does; with a keyring their originals are kept."""
    owners = Owners(load_contracts(), {"coupa": "procurement"})
    keeper = Keeper(owners.owner, Sealer(keyring) if keyring else None, days)
    writer = KeptWriter(ClickHouseWriter(client), keeper)
    writer.send(writer.prepare("dead_letters", dead_letter_columns(letters)))
