"""Contestant `faust`: stock Faust, an agent and a Table in its memory store.

The Table is made durable by its changelog topic on the broker alone, and Faust acknowledges by itself in the
background: the weakest durability of the contestants, and what a Faust program does as a rule.
"""

import os
import signal
from pathlib import Path
from typing import Any

os.environ.setdefault("FAUST_LOOP", "uvloop")

import faust
from faust.sensors.base import Sensor

from benchmarks.engine_input import PARTITIONS, TOPIC, Race, decode, group, key_of, options


class Started(Sensor):
    """Starts the clock when the partitions are assigned."""

    def __init__(self, race: Race) -> None:
        super().__init__()
        self._race = race

    def on_rebalance_end(self, app: Any, state: Any) -> None:
        self._race.start()


def build(broker: str, records: int, directory: str) -> faust.App:
    """The program as the manual would write it."""
    race = Race()
    app = faust.App(
        group(),
        broker=f"kafka://{broker}",
        datadir=Path(directory),
        store="memory://",
        topic_partitions=PARTITIONS,
        web_enabled=False,
        topic_disable_leader=True,
        worker_redirect_stdouts=False,
        broker_session_timeout=6,
        broker_heartbeat_interval=1,
        stream_recovery_delay=0.0,
    )
    app.sensors.add(Started(race))
    topic = app.topic(TOPIC, value_type=bytes, value_serializer="raw", key_serializer="raw")
    table = app.Table("counts", default=int, partitions=PARTITIONS, key_type=str, value_type=int)

    @app.agent(topic)
    async def count(stream: Any) -> None:
        seen = 0
        async for value in stream:
            key = key_of(decode(value))
            table[key] += 1
            seen += 1
            if seen == records:
                race.finish(table.items())
                os.kill(os.getpid(), signal.SIGTERM)

    return app


def main() -> None:
    told = options()
    app = build(told.broker, told.records, told.directory)
    faust.Worker(app, loglevel="error").execute_from_commandline()


if __name__ == "__main__":
    main()
