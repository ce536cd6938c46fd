"""Contestant `quix`: Quix Streams with its RocksDB state, changelog topics off, checkpoints by its own defaults."""

from pathlib import Path
from typing import Any

from quixstreams import Application
from quixstreams.models import TopicConfig

from benchmarks.engine_input import PARTITIONS, TOPIC, Race, decode, group, key_of, options


def main() -> None:
    told, race = options(), Race()
    app = Application(
        broker_address=told.broker,
        consumer_group=group(),
        auto_offset_reset="earliest",
        state_dir=Path(told.directory),
        use_changelog_topics=False,
        loglevel="ERROR",
        consumer_extra_config={"session.timeout.ms": 6000},
    )
    counts: dict[str, int] = {}

    def count(value: bytes, state: Any) -> None:
        race.start()  # at the first record: Quix has no hook for the assignment
        key = key_of(decode(value))
        counts[key] = new = state.get(key, 0) + 1
        state.set(key, new)

    topic = app.topic(TOPIC, value_deserializer="bytes", key_deserializer="bytes")
    # The embedded broker names no retention of a topic, without which Quix makes no store.
    topic.broker_config = TopicConfig(PARTITIONS, 1, {"retention.ms": "-1"})
    app.dataframe(topic).update(count, stateful=True)
    app.run(count=told.records, collect=False)
    race.finish(counts.items())


if __name__ == "__main__":
    main()
