"""Composing a Faust app on the batch transport.

    app = build_app("flowglass-standard", "127.0.0.1:9092", [topics.EVENTS, topics.DELIVERIES])

    @app.agent(app.batches)
    async def engine(stream):
        async for batch in stream:      # a streams.transport.batch.RecordBatch
            await take(batch)           # later: app.commit_offsets({batch.tp: batch.last_offset + 1}, batch.generation)

    sys.exit(run(app))                  # streams.transport.program

The agent gets one batch at a time, of any of the topics; those of one partition come in order. While the loop body
runs, one more batch per partition waits and no more are read. An error that leaves the body ends the program; nothing
was committed but what `commit_offsets` was given, so what was not committed is read again.
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import faust
from faust.app.base import BootStrategy
from faust.types import TP
from mode import CrashingSupervisor

from streams.broker.reach import reach
from streams.transport import driver
from streams.transport.batch import Limits
from streams.transport.ownership import Hook, Ownership, nothing


class ConsumerOnly(BootStrategy):
    """No web server and no Faust producer: programs bring their own."""

    enable_web = False
    enable_kafka_producer = False


class BatchApp(faust.App):
    """A Faust app whose agents receive RecordBatch values; made by `build_app`."""

    BootStrategy = ConsumerOnly
    limits: Limits
    weights: Mapping[str, int]  # of topics, for turns during a backlog
    reached: Mapping[str, Any]  # what its consumer reaches the broker with
    ownership: Ownership
    batches: Any  # the channel for @app.agent(app.batches): all topics of the app

    async def commit_offsets(self, offsets: Mapping[TP, int], generation: int) -> None:
        """Commit exactly `offsets` (next record to read); raises NotOwner when the group has left this worker behind.

        `generation` is the one that the batches behind these offsets carry.
        """
        await self.consumer.commit_offsets(offsets, generation)  # type: ignore[attr-defined]

    @property
    def generation(self) -> int:
        """Number of this worker's current assignment, as batches carry it, from 1; 0 while it has none."""
        return int(self.consumer.generation)  # type: ignore[attr-defined]

    def _create_directories(self) -> None:
        """Faust would make directories for tables; there are none."""


def build_app(
    name: str,
    broker: str,
    topics: Sequence[str],
    *,
    on_assigned: Hook = nothing,
    on_revoked: Hook = nothing,
    limits: Limits | None = None,
    weights: Mapping[str, int] | None = None,
    session_timeout: float = 6.0,
) -> BatchApp:
    """An app of consumer group `name` that reads `topics`, which must be declared already.

    `broker` is as `streams.broker.reach` reads it. `session_timeout` (seconds) is how long a dead worker keeps its
    partitions; the embedded broker also makes a join take half of it. `weights`: the topics that share the worker by
    weight while one of them has a backlog (see `Turns`); without them all are alike. Hooks: see `Ownership`.
    """
    driver.register()
    reached = reach(broker)
    app = BatchApp(
        name,
        broker=[f"{driver.SCHEME}://{address.strip()}" for address in reached["bootstrap_servers"].split(",")],
        datadir=Path(tempfile.gettempdir()),
        autodiscover=False,
        web_enabled=False,
        topic_allow_declare=False,
        topic_disable_leader=True,
        reply_create_topic=False,
        stream_wait_empty=False,
        stream_recovery_delay=0.0,
        broker_session_timeout=session_timeout,
        broker_heartbeat_interval=session_timeout / 6,
        broker_rebalance_timeout=max(10.0, session_timeout * 2),
        agent_supervisor=CrashingSupervisor,
        worker_redirect_stdouts=False,
    )
    app.limits = limits or Limits()
    app.weights = weights or {}
    app.reached = reached
    app.ownership = Ownership(on_assigned, on_revoked)
    app.batches = app.topic(*topics, schema=driver.BatchSchema(), acks=False)
    app.sensors.add(driver.ReleaseOnNext())
    _connect(app)
    return app


def _connect(app: BatchApp) -> None:
    """Faust's signals, turned into the two hooks: assignment after the rebalance callback, revocation inside it."""

    async def assigned(*_: Any, **__: Any) -> None:
        await app.ownership.assigned(app.consumer.assignment())

    async def revoked(*_: Any, **__: Any) -> None:
        await app.ownership.revoked()

    app.on_rebalance_complete.connect(assigned, weak=False)
    app.on_partitions_revoked.connect(revoked, weak=False)
