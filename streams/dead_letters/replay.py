"""The way back: a letter's record goes to the topic it came from once more.

Value, key and headers are those that came, byte for byte but for passwords (`streams.dead_letters.originals`). Two
headers of ours are added: `fg-replay` says which message this is, so that it is known again if it dies again, and
`fg-received` when a native message came first. Nothing is asked of the outcome here: whether it can be read now, the
worker says. A replay twice is harmless, since an event is known by its id. A replay is noted after the broker has
acknowledged it, so one that broke off is not taken for done.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from streams import topics
from streams.codecs.letters import KafkaHeaders, without
from streams.dead_letters.letters import Letter, Reader, read_originals
from streams.dead_letters.originals import REPLAY_HEADER, Original, Seal
from streams.producer import Outgoing
from streams.sources.native import RECEIVED

NOTES: Final = "dead_letter_replays"
_AT_ONCE: Final = 500
_FILE: Final = "file:"
STORE_ROW_ORIGIN: Final = "store:"
"""Before the table's name: the origin of a letter that is a row which the store refused, and no message."""

EMPTY: Final = "it has no bytes to send"
FILE_ROW: Final = "a row of a file has its meaning from the file's columns: repair the file and read it again"
STORE_ROW: Final = "a row of the store is no message: the worker writes it again when its case or object changes"
PAUSED: Final = "its source is paused: `flowglass source resume` comes first"
TWIN: Final = "another letter of the same message is sent"


class Skipped(NamedTuple):
    """A letter that was not sent, and why."""

    id: str
    why: str


class Sent(NamedTuple):
    """What a replay did; `since` (microseconds) is the time stamp of the records it sent."""

    since: int
    letters: list[Letter]
    skipped: list[Skipped]


class Sender(Protocol):
    """The producer."""

    async def send_many(self, topic: str, records: Sequence[Outgoing]) -> None: ...

    async def flush(self) -> None: ...

    async def partitions(self, topic: str) -> int: ...


class Replay:
    """Sends letters and notes that it did."""

    def __init__(
        self,
        reader: Reader,
        seal: Seal | None,
        sender: Sender,
        note: Callable[[str, Mapping[str, Sequence[Any]]], None],
        clock: Callable[[], int],
    ) -> None:
        self._reader = reader
        self._seal = seal
        self._sender = sender
        self._note = note
        self._clock = clock

    async def send(
        self, letters: Sequence[Letter], paused: Collection[str] = (), progress: Callable[[int], None] = lambda _: None
    ) -> Sent:
        """Send each message once. `progress` is told how many went each time. Raises ProduceFailed and store errors."""
        since = self._clock() // 1000 * 1000  # Kafka's time stamps are whole milliseconds
        wanted, skipped = choose(letters, paused)
        sent: list[Letter] = []
        for part in _parts(wanted):
            ready, refused = await self._records(part, since)
            skipped += refused
            for topic, records in ready.items():
                await self._sender.send_many(topic, [record for _, record in records])
            await self._sender.flush()
            done = [letter for records in ready.values() for letter, _ in records]
            if done:
                self._note(NOTES, _note_columns(done, since))
            sent += done
            progress(len(part))
        return Sent(since, sent, skipped)

    async def _records(
        self, letters: Sequence[Letter], since: int
    ) -> tuple[dict[str, list[tuple[Letter, Outgoing]]], list[Skipped]]:
        ready: dict[str, list[tuple[Letter, Outgoing]]] = {}
        refused: list[Skipped] = []
        for letter, found in read_originals(self._reader, self._seal, letters, since):
            why = found if isinstance(found, str) else unsendable(letter, found.value)
            if isinstance(found, str) or why:
                refused.append(Skipped(letter.id, why))
                continue
            count = await self._sender.partitions(letter.topic)
            partition = letter.partition if letter.partition < count else None
            ready.setdefault(letter.topic, []).append((letter, record_of(letter, found, partition, since // 1000)))
        return ready, refused


def record_of(letter: Letter, found: Original, partition: int | None, timestamp: int) -> Outgoing:
    """The record as it came, marked as the replay of its message.

    An event without a key gets its subject as key: that is all that such a record lacks.
    """
    key = found.key
    if not key and letter.topic in topics.EVENT_TOPICS.values():
        key = key_of(letter, found.value)
    return key, found.value, marked(letter, found.headers), partition, timestamp


def marked(letter: Letter, headers: KafkaHeaders) -> list[tuple[str, Any]]:
    """The headers that came, with ours: which message it is and, of a native one, when it came first."""
    told: list[tuple[str, Any]] = list(without(headers, REPLAY_HEADER))
    if letter.topic == topics.NATIVE and all(name != RECEIVED for name, _ in told):
        told.append((RECEIVED, str(letter.ingested_us).encode()))
    return [*told, (REPLAY_HEADER, letter.message.encode())]


def choose(letters: Sequence[Letter], paused: Collection[str]) -> tuple[list[Letter], list[Skipped]]:
    """The letters to send, oldest first: each message once, and none that its paused source would send aside again."""
    wanted: dict[str, Letter] = {}
    skipped: list[Skipped] = []
    for letter in sorted(letters, key=lambda one: (one.ingested_us, one.origin, one.position)):
        if not {letter.source, letter.system}.isdisjoint(paused):
            skipped.append(Skipped(letter.id, PAUSED))
        elif letter.message in wanted:
            skipped.append(Skipped(letter.id, TWIN))
        else:
            wanted[letter.message] = letter
    return list(wanted.values()), skipped


def unsendable(letter: Letter, payload: bytes) -> str:
    """Why these bytes cannot be read by anyone, wherever they are sent; '' when they may."""
    if not payload:
        return EMPTY
    if letter.origin.startswith(STORE_ROW_ORIGIN):
        return STORE_ROW
    is_row = letter.origin.startswith(_FILE) and payload.lstrip()[:1] not in (b"{", b"[")
    return FILE_ROW if is_row or not letter.topic else ""


class _Named(msgspec.Struct):
    subject: str = ""
    id: str = ""


def key_of(letter: Letter, payload: bytes) -> bytes:
    """A key for an event that has none: its subject or id, else the letter's own id."""
    try:
        named = msgspec.json.decode(payload, type=_Named)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return letter.id.encode()
    return (named.subject or named.id or letter.id).encode()


def _parts(letters: Sequence[Letter]) -> Iterator[Sequence[Letter]]:
    for start in range(0, len(letters), _AT_ONCE):
        yield letters[start : start + _AT_ONCE]


def _note_columns(letters: Sequence[Letter], since: int) -> dict[str, list[Any]]:
    return {
        "payload_hash": [letter.message for letter in letters],
        "replayed": [since] * len(letters),
        "letter": [letter.id for letter in letters],
        "topic": [letter.topic for letter in letters],
        "reason": [letter.reason for letter in letters],
    }
