"""What a paused source sends goes aside, whole: nothing is lost and nothing is blocked."""

from collections.abc import Collection, Sequence
from typing import Final

from metrics.words import DeadLetter, Event
from streams import topics
from streams.codecs.cloudevents import BATCH_SPAN
from streams.codecs.encoding import encode

SOURCE_PAUSED: Final = "source_paused"
_BATCH: Final = "#batch"


class Divert:
    """A stage between decoding and correlation."""

    def __init__(self, paused: Collection[str]) -> None:
        """`paused`: names of sources; may change between two calls."""
        self._paused = paused

    def apply(
        self, events: Sequence[Event], dead_letters: Sequence[DeadLetter]
    ) -> tuple[Sequence[Event], Sequence[DeadLetter]]:
        """The events that go on, and the dead letters with those that do not; order is kept."""
        if not self._paused:
            return events, dead_letters
        kept = [event for event in events if event.source not in self._paused]
        if len(kept) == len(events):
            return events, dead_letters
        aside = [diverted(event) for event in events if event.source in self._paused]
        return kept, [*dead_letters, *aside]


def diverted(event: Event) -> DeadLetter:
    """An event as the dead letter that a replay turns into the same event again (same id, same file position)."""
    partition, offset = _place(event)
    return DeadLetter(
        origin=event.origin,
        position=event.position,
        topic=topics.EVENTS,
        partition=partition,
        offset=offset,
        reason=SOURCE_PAUSED,
        detail=f"{event.source} was paused; `flowglass source resume` and `flowglass dlq replay` bring it back",
        payload=encode(event)[1],
        source=event.source,
        ingested=event.ingested,
    )


def _place(event: Event) -> tuple[int, int]:
    """Partition and offset out of ``<topic>/<partition>@<incarnation>``; zeros for a file's row."""
    origin = event.origin.removesuffix(_BATCH)
    if "@" not in origin:
        return 0, 0
    partition = origin.partition("@")[0].rpartition("/")[2]
    offset = event.position // BATCH_SPAN if origin != event.origin else event.position
    return int(partition) if partition.isdigit() else 0, offset
