"""What a paused source sends goes aside, whole: nothing is lost and nothing is blocked."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from metrics.words import DeadLetter, Event
from streams import topics
from streams.codecs.cloudevents import BATCH_SPAN, Record, decode_batch
from streams.codecs.encoding import encode
from streams.codecs.letters import kept_headers
from streams.codecs.reasons import SOURCE_PAUSED

_BATCH: Final = "#batch"

Place = tuple[str, int]
"""An event's id and position."""


class Divert:
    """A stage between decoding and correlation."""

    def __init__(self, paused: Collection[str]) -> None:
        """`paused`: names of sources; may change between two calls."""
        self._paused = paused

    def apply(
        self, events: Sequence[Event], dead_letters: Sequence[DeadLetter], records: Sequence[Record] = ()
    ) -> tuple[Sequence[Event], Sequence[DeadLetter]]:
        """The events that go on, and the dead letters with those that do not; order is kept.

        `records` are those that the events were read from: what goes aside keeps its record byte for byte. An
        element of a batch, or an event whose record is not given, is kept as an event of the same content.
        """
        if not self._paused:
            return events, dead_letters
        kept = [event for event in events if event.source not in self._paused]
        if len(kept) == len(events):
            return events, dead_letters
        came = _records_of(records)
        aside = [
            diverted(event, came.get((event.id, event.position))) for event in events if event.source in self._paused
        ]
        return kept, [*dead_letters, *aside]


def diverted(event: Event, record: Record | None = None) -> DeadLetter:
    """An event as the dead letter that a replay turns into the same event again (same id, same file position)."""
    detail = f"{event.source} was paused; `flowglass source resume` and `flowglass dlq replay` bring it back"
    return event_letter(event, SOURCE_PAUSED, detail, record)


def event_letter(event: Event, reason: str, detail: str, record: Record | None = None) -> DeadLetter:
    """The letter of an event that was read, as the record that it came in or as one of the same content."""
    partition, offset = place_of(event.origin, event.position) if record is None else (record.partition, record.offset)
    topic = topic_of(event.origin) if record is None else record.topic
    key, payload, headers = encode(event) if record is None else (record.key, record.value or b"", record.headers)
    return DeadLetter(
        origin=event.origin,
        position=event.position,
        topic=topic,
        partition=partition,
        offset=offset,
        reason=reason,
        detail=detail,
        payload=payload,
        source=event.source,
        ingested=event.ingested,
        record_key=key,
        record_headers=kept_headers(headers),
    )


def _records_of(records: Sequence[Record]) -> Mapping[Place, Record]:
    """The records that hold one event and nothing else, by that event. They are read once more: pauses are rare."""
    found: dict[Place, Record] = {}
    for record in records:
        events, markers, dead = decode_batch([record], "")
        if len(events) == 1 and not markers and not dead:
            found[events[0].id, events[0].position] = record
    return found


def topic_of(origin: str) -> str:
    """The topic out of ``<topic>/<partition>@<incarnation>``; that of events for a file's row."""
    return origin.partition("@")[0].rpartition("/")[0] if "@" in origin else topics.EVENTS


def place_of(origin: str, position: int) -> tuple[int, int]:
    """Partition and offset out of ``<topic>/<partition>@<incarnation>``; zeros for a file's row."""
    place = origin.removesuffix(_BATCH)
    if "@" not in place:
        return 0, 0
    partition = place.partition("@")[0].rpartition("/")[2]
    offset = position // BATCH_SPAN if place != origin else position
    return int(partition) if partition.isdigit() else 0, offset
