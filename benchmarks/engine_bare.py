"""Contestant `bare`: a confluent-kafka loop without state that outlives it. The limit: nobody can be faster."""

from confluent_kafka import Consumer  # type: ignore[import-untyped]

from benchmarks.engine_input import TOPIC, Race, decode, group, key_of, options

BATCH = 5_000


def main() -> None:
    told, race = options(), Race()
    consumer = Consumer(
        {
            "bootstrap.servers": told.broker,
            "group.id": group(),
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "session.timeout.ms": 6000,
        }
    )
    consumer.subscribe([TOPIC], on_assign=lambda *_: race.start())
    counts: dict[str, int] = {}
    seen = 0
    while seen < told.records:
        for message in consumer.consume(BATCH, 0.2):
            key = key_of(decode(message.value()))
            counts[key] = counts.get(key, 0) + 1
            seen += 1
    consumer.commit(asynchronous=False)
    race.finish(counts.items())
    consumer.close()


if __name__ == "__main__":
    main()
