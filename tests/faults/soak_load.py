"""`python -m tests.faults.soak_load BROKER --events N --spans N --seconds N`: a steady load of whole cases and spans.

Every lap of a minute has cases of its own, each lived through from its first event to its last within the lap: what is
open at any moment stays about the same, so memory that grows is memory that is not given back.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Iterator

import msgspec

from benchmarks.procurement import SPAN, START, events
from metrics.words import Event, ObjectRef
from streams import topics
from streams.codecs.cloudevents import encode, encode_marker
from streams.producer import Outgoing, Producer, start_producer
from tests.faults.soak_spans import spans

FEED = "soak"
LAP_SECONDS = 60.0
PIECE_SECONDS = 0.25
SHARED = frozenset({"supplier", "cost_center"})
"""Objects that all laps name; the others are a lap's own."""


def lap(number: int, rate: int, begin: int) -> list[Outgoing]:
    """The events of one lap in the order of their times, which lie within its minute. `begin`: microseconds UTC."""
    shrink = LAP_SECONDS * 1e6 / (1.6 * SPAN)  # the last case begins at the end of SPAN, and lasts
    made = [_moved(one, number, begin, shrink) for one in events(int(rate * LAP_SECONDS), seed=number)]
    return [(key, value, headers, None, None) for key, value, headers in map(encode, made)]


def _moved(event: Event, number: int, begin: int, shrink: float) -> Event:
    at = begin + int((event.time - START) * shrink)
    objects = tuple(
        one if one.type in SHARED else ObjectRef(one.type, f"{number}.{one.id}", one.qualifier) for one in event.objects
    )
    name = objects[0]
    return msgspec.structs.replace(
        event,
        id=f"soak-{number}-{event.id}",
        feed=FEED,
        time=at,
        recorded=at,
        objects=objects,
        subject=f"{name.type}/{name.id}",
        sequence=number * 10_000_000 + event.sequence,
    )


def laps(rate: int) -> Iterator[Outgoing]:
    number = 0
    while True:
        yield from lap(number, rate, time.time_ns() // 1_000)
        number += 1


async def load(broker: str, event_rate: int, span_rate: int, seconds: float) -> tuple[int, int]:
    """Send until the time is over; how many events and spans went."""
    async with await start_producer(broker, "soak") as producer:
        key, value, headers = encode_marker(FEED, "live", 0)
        count = await producer.partitions(topics.EVENTS)
        await producer.send_many(topics.EVENTS, [(key, value, headers, n, None) for n in range(count)])
        return await _steadily(producer, event_rate, span_rate, seconds)


async def _steadily(producer: Producer, event_rate: int, span_rate: int, seconds: float) -> tuple[int, int]:
    stream, chance, events_sent, spans_sent = laps(event_rate), random.Random(1), 0, 0
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        due = int(passed * event_rate) - events_sent
        if due > 0:
            await producer.send_many(topics.EVENTS, [next(stream) for _ in range(due)])
            events_sent += due
        due = int(passed * span_rate) - spans_sent
        if due > 0:
            await producer.send_many(topics.SPANS, [(None, one, [], None, None) for one in spans(due, chance)])
            spans_sent += due
        await asyncio.sleep(PIECE_SECONDS)
    await producer.flush()
    return events_sent, spans_sent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("broker")
    parser.add_argument("--events", type=int, default=2_000, help="a second")
    parser.add_argument("--spans", type=int, default=4_000, help="a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    sent = asyncio.run(load(given.broker, given.events, given.spans, given.seconds))
    print(json.dumps({"events": sent[0], "spans": sent[1]}), flush=True)


if __name__ == "__main__":
    main()
