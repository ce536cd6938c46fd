"""A replay's own database: the same schema, the stored events seen through a view, and the cases as they stood.

The live database is only read. What the replay finds is written beside it and dropped with the whole database.
"""

from typing import Self

from metrics.store.client import StoreClient
from metrics.store.migrate import migrate
from metrics.store.sqltext import quoted_name
from streams.engine.ports import Reader

PREFIX = "flowglass_replay_"


class NothingStored(Exception):
    """No worker has stored anything yet that could be replayed."""


class Shadow:
    """The two databases of one replay. `live` and `client` are of the same store; `client` is of the new database."""

    def __init__(self, live: StoreClient, client: StoreClient, cluster: str = "") -> None:
        self.live = live
        self.client = client
        self._cluster = cluster

    @property
    def name(self) -> str:
        return self.client.database

    def prepare(self) -> int:
        """Create it. Returns the instant (microseconds UTC) up to which the stored cases were judged.

        Events that were taken in after that instant are not replayed. Raises NothingStored and store errors.
        """
        as_of = judged_until(self.live)
        self._run(f"CREATE DATABASE {quoted_name(self.name)}", in_database=False)
        migrate(self.client, cluster=self._cluster)
        events, cases, members = (f"{quoted_name(self.live.database)}.{name}" for name in _READ)
        self._run("DROP TABLE events")
        until = f"fromUnixTimestamp64Micro({as_of}, 'UTC')"
        self._run(f"CREATE VIEW events AS SELECT * FROM {events} WHERE ingested <= {until}")
        self._keep("stood_cases", "process, case_id", f"SELECT * EXCEPT checkpoint FROM {cases} FINAL")
        self._keep(
            "stood_case_events", "process, case_id, event_id", f"SELECT process, case_id, event_id FROM {members}"
        )
        return as_of

    def drop(self) -> None:
        self._run(f"DROP DATABASE IF EXISTS {quoted_name(self.name)}", in_database=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()
        self.live.close()

    def _keep(self, table: str, order: str, select: str) -> None:
        self._run(f"CREATE TABLE {table} ENGINE = MergeTree ORDER BY ({order}) AS {select}")

    def _run(self, sql: str, *, in_database: bool = True) -> None:
        self.client.command(sql, in_database=in_database)


_READ = ("events", "cases", "v_case_events")


def judged_until(reader: Reader) -> int:
    """When the worker of cases last stored what it found, in microseconds UTC. Raises NothingStored."""
    sql = "SELECT toUnixTimestamp64Micro(max(flushed_at)) AS at FROM v_checkpoints WHERE worker = 'cases'"
    at = int(next(iter(reader.rows(sql, {})))["at"])
    if at <= 0:
        raise NothingStored("no worker has stored a case yet: there is nothing to replay")
    return at
