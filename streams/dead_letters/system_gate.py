"""The gate of native messages: a bad mapping pauses its own system, by the system's name, and no other."""

from collections import Counter
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from metrics.words import DeadLetter
from streams.codecs.letters import kept_headers
from streams.codecs.reasons import SOURCE_PAUSED
from streams.dead_letters.gate import PauseBook
from streams.dead_letters.limits import DeadLetterLimits
from streams.dead_letters.owners import system_of
from streams.sources.mapping import Mapping
from streams.sources.message import Message
from streams.sources.native import Addressed
from streams.transport.batch import Record


class SystemGate(PauseBook):
    """Stands before the mappings: what paused systems send goes aside, unread messages of others are counted."""

    def __init__(self, clock: Callable[[], int], limits: DeadLetterLimits | None = None) -> None:
        super().__init__(clock, limits, system_of)

    def admit(self, messages: list[Addressed]) -> tuple[list[Addressed], list[DeadLetter]]:
        """The messages that are to be mapped, and those of paused systems as dead letters; order is kept."""
        paused = self.names
        if not paused:
            return messages, []
        aside = [_aside(system, message) for system, message in messages if system.name in paused]
        return ([one for one in messages if one[0].name not in paused], aside) if aside else (messages, [])

    def judge(self, mapped: Sequence[Addressed], letters: Sequence[DeadLetter]) -> None:
        """Count what was mapped and what died of it; `letters` hold their whole records."""
        died = {letter.offset for letter in letters}
        self.observe(Counter([mapping.name for mapping, message in mapped if message.offset not in died]), letters)


def whole(letters: Sequence[DeadLetter], records: Sequence[Record]) -> list[DeadLetter]:
    """Letters with the records they are about, byte for byte: a mapping knows no key, and redacts what it gives back.

    The time of intake is that of this record, also where the message came before.
    """
    if not letters:
        return []
    by_offset = {record[0]: record for record in records}
    return [_with_record(letter, by_offset[letter.offset]) for letter in letters]


def _with_record(letter: DeadLetter, record: Record) -> DeadLetter:
    _, timestamp, key, value, headers = record
    return replace(
        letter,
        payload=value or b"",
        record_key=key,
        record_headers=kept_headers(headers),
        ingested=timestamp * 1000,
    )


def _aside(system: Mapping, message: Message) -> DeadLetter:
    return DeadLetter(
        origin=message.origin,
        position=message.position,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        reason=SOURCE_PAUSED,
        detail=f"{system.name} was paused; `flowglass source resume` and `flowglass dlq replay` bring it back",
        payload=message.body,
        source=system.source,
        ingested=message.received,
    )
