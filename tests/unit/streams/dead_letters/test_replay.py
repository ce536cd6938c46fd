"""Dead letters on their way back."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from metrics.commands.rows import Checkpoint
from streams.codecs.reasons import SOURCE_PAUSED
from streams.dead_letters.aftermath import Aftermath, look, passed
from streams.dead_letters.letters import EXPIRED, NO_KEYRING, NONE, WHY_NOT, Died, Letter, Sealed
from streams.dead_letters.originals import REPLAY_HEADER, Original
from streams.dead_letters.replay import EMPTY, FILE_ROW, NOTES, PAUSED, TWIN, Replay, Sent, Skipped, key_of
from streams.dead_letters.replay_command import replay_json
from streams.producer import Outgoing

EVENT = b'{"specversion":"1.0","id":"e-1","subject":"requisition/R-1"}'
LETTER = Letter(
    id="aa", reason="bad_time", detail="", source="", system="", owner="", topic="flowglass.events", partition=2,
    offset=7, origin="flowglass.events/2@i", position=7, ingested_us=1_000, bytes=9, excerpt="", header_names=[],
    header_values=[], simulated=0, message="aa", replays=0, state="new", original="kept", total=1,
)  # fmt: skip


class FakeBroker:
    """Takes records; fails when told to."""

    def __init__(self, *, fails: bool = False) -> None:
        self.records: list[tuple[str, Outgoing]] = []
        self.fails = fails

    async def send_many(self, topic: str, records: Sequence[Outgoing]) -> None:
        self.records += [(topic, record) for record in records]

    async def flush(self) -> None:
        if self.fails:
            raise ConnectionError("away")

    async def partitions(self, topic: str) -> int:
        return 4


class OpenSeal:
    """Seals nothing: the sealed text is the record's, readable."""

    def seal(self, plain: bytes, *, about: str, expires: int) -> str:
        return f"{about}|{expires}|{plain.hex()}"

    def open(self, text: str, *, about: str, now: int) -> bytes:
        id, expires, plain = text.split("|")
        if id != about or int(expires) <= now:
            raise ValueError("it is of another place or time")
        return bytes.fromhex(plain)


class FakeStore:
    """Records by letter id, each a value or an `Original`; keeps the notes."""

    def __init__(
        self, originals: Mapping[str, bytes | Original] = {}, died: Sequence[Died] = (), committed: int = 0
    ) -> None:
        self.originals, self.died, self.committed = originals, died, committed
        self.notes: list[tuple[str, Mapping[str, Sequence[Any]]]] = []

    def rows(self, name: str, row_type: type[Any], /, **parameters: Any) -> list[Any]:
        if name == "cli_checkpoints":
            return [Checkpoint("cases", "flowglass.events", 2, "i", self.committed, 0, 0)]
        if name == "cli_died_since":
            return [one for one in self.died if one.message in parameters["messages"]]
        return [Sealed(id, self.sealed(id), 9_000_000) for id in parameters["ids"]]

    def sealed(self, id: str) -> str:
        kept = self.originals[id]
        original = kept if isinstance(kept, Original) else Original(kept)
        return OpenSeal().seal(msgspec.msgpack.encode(original), about=id, expires=9_000_000)

    def note(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        self.notes.append((table, columns))


OPEN = OpenSeal()


async def send(
    letters: Sequence[Letter], store: FakeStore, broker: FakeBroker, paused: Sequence[str] = (), seal: Any = OPEN
) -> Sent:
    return await Replay(store, seal, broker, store.note, lambda: 5_000_999).send(letters, paused)


MARK = (REPLAY_HEADER, b"aa")


async def test_a_record_goes_to_its_topic_and_partition_as_it_came() -> None:
    came = Original(b'{"objects":[', b"\xff\x00", (("ce_id", b"e-1"), ("x", None), ("x", b"\x01\xff")))
    store, broker = FakeStore({"aa": came}), FakeBroker()
    sent = await send([LETTER], store, broker)
    headers = [("ce_id", b"e-1"), ("x", None), ("x", b"\x01\xff"), MARK]
    assert broker.records == [("flowglass.events", (b"\xff\x00", b'{"objects":[', headers, 2, 5_000))]
    assert sent.since == 5_000_000
    assert store.notes[0][0] == NOTES
    assert store.notes[0][1]["payload_hash"] == ["aa"]


async def test_a_replay_of_a_replay_is_marked_once() -> None:
    came = Original(EVENT, b"k", ((REPLAY_HEADER, b"00"), ("x", b"\x01")))
    broker = FakeBroker()
    await send([replace(LETTER, id="bb")], FakeStore({"bb": came}), broker)
    assert broker.records[0][1][2] == [("x", b"\x01"), MARK]


async def test_a_native_message_keeps_the_time_of_its_first_receipt() -> None:
    native = replace(LETTER, topic="flowglass.native")
    first, again = Original(b"{}", b"depot", ()), Original(b"{}", b"depot", (("fg-received", b"77"),))
    broker = FakeBroker()
    await send([native, replace(native, id="bb", message="bb")], FakeStore({"aa": first, "bb": again}), broker)
    told = [dict(record[2])["fg-received"] for _, record in broker.records]
    assert told == [b"1000", b"77"]


@pytest.mark.parametrize(
    ("original", "seal", "why"),
    [("none", OPEN, WHY_NOT[NONE]), ("expired", OPEN, WHY_NOT[EXPIRED]), ("kept", None, NO_KEYRING)],
)
async def test_without_an_original_only_the_sender_can_send_it_again(original: str, seal: Any, why: str) -> None:
    broker = FakeBroker()
    letter = replace(LETTER, original=original)
    sent = await send([letter], FakeStore({"aa": EVENT}), broker, seal=seal)
    assert (broker.records, sent.skipped) == ([], [Skipped("aa", why)])


async def test_an_original_that_belongs_to_another_letter_is_not_sent() -> None:
    store, broker = FakeStore({"aa": EVENT}), FakeBroker()
    moved = FakeStore({"bb": EVENT})
    moved.sealed = lambda id: store.sealed("aa")  # type: ignore[method-assign]
    (skipped,) = (await send([replace(LETTER, id="bb")], moved, broker)).skipped
    assert "cannot be opened" in skipped.why


async def test_a_span_message_without_a_key_stays_without_one() -> None:
    broker = FakeBroker()
    await send([replace(LETTER, topic="otlp_spans")], FakeStore({"aa": b"\x0a"}), broker)
    assert broker.records == [("otlp_spans", (None, b"\x0a", [MARK], 2, 5_000))]


async def test_a_replay_that_broke_off_is_not_noted_as_done() -> None:
    store = FakeStore({"aa": EVENT})
    with pytest.raises(ConnectionError):
        await send([LETTER], store, FakeBroker(fails=True))
    assert store.notes == []


async def test_a_partition_that_is_no_more_leaves_the_choice_to_the_key() -> None:
    broker = FakeBroker()
    await send([replace(LETTER, partition=9)], FakeStore({"aa": EVENT}), broker)
    assert broker.records[0][1][3] is None


async def test_letters_of_the_same_message_are_sent_once() -> None:
    store, broker = FakeStore({"aa": EVENT, "bb": EVENT}), FakeBroker()
    sent = await send([replace(LETTER, id="bb", ingested_us=2_000), LETTER], store, broker)
    assert len(broker.records) == 1
    assert sent.skipped == [Skipped("bb", TWIN)]


async def test_what_nobody_can_read_anywhere_is_not_sent() -> None:
    row = replace(LETTER, id="bb", message="h2", origin="file:0123")
    line = replace(LETTER, id="cc", message="h3", origin="file:0123")
    store, broker = FakeStore({"aa": b"", "bb": b"1;2;x", "cc": EVENT}), FakeBroker()
    sent = await send([LETTER, row, line], store, broker)
    assert sorted(sent.skipped) == [Skipped("aa", EMPTY), Skipped("bb", FILE_ROW)]
    assert [record[1] for _, record in broker.records] == [EVENT]


async def test_a_letter_of_a_paused_system_waits_too_whatever_it_died_of() -> None:
    letter = replace(LETTER, source="/coupa/default", system="coupa")
    assert (await send([letter], FakeStore({"aa": EVENT}), FakeBroker(), paused=["coupa"])).skipped == [
        Skipped("aa", PAUSED)
    ]


async def test_a_letter_of_a_paused_source_waits_for_the_resume() -> None:
    aside = replace(LETTER, reason=SOURCE_PAUSED, source="/coupa")
    store, broker = FakeStore({"aa": EVENT}), FakeBroker()
    assert (await send([aside], store, broker, paused=["/coupa"])).skipped == [Skipped("aa", PAUSED)]
    assert broker.records == []
    assert (await send([aside], store, broker)).letters == [aside]


async def test_an_event_that_came_without_a_key_gets_one_since_that_is_all_it_lacks() -> None:
    broker = FakeBroker()
    await send([replace(LETTER, reason="missing_key")], FakeStore({"aa": EVENT}), broker)
    assert broker.records[0][1][0] == b"requisition/R-1"
    assert key_of(LETTER, EVENT) == b"requisition/R-1"
    assert key_of(LETTER, b'{"id":"e-2"}') == b"e-2"
    assert key_of(LETTER, b"\x00\xff") == b"aa"


async def test_what_died_again_is_told_once_the_workers_are_past_it() -> None:
    store = FakeStore(died=[Died("aa", "bad_time", "time: '99'")], committed=10)
    sent = Sent(5, [LETTER, replace(LETTER, id="bb", message="h2")], [])
    after = await look(store, sent, {("flowglass.events", 2): 10}, within=5, clock=lambda: 0.0)
    assert replay_json(sent, after) == {
        "sent": 2,
        "died_again": [{"id": "aa", "reason": "bad_time", "detail": "time: '99'"}],
        "skipped": [],
        "read": True,
    }


async def test_workers_that_do_not_read_are_not_waited_for_for_ever() -> None:
    times = iter([0.0, 1.0, 99.0])
    after = await look(
        FakeStore(), Sent(5, [LETTER], []), {("flowglass.events", 2): 10}, within=5, clock=lambda: next(times)
    )
    assert after == Aftermath({}, read=False)


def test_a_partition_nobody_has_read_is_not_passed() -> None:
    rows = [Checkpoint("cases", "flowglass.events", 2, "i", 10, 0, 0)]
    assert passed(rows, {("flowglass.events", 2): 10})
    assert not passed(rows, {("flowglass.events", 2): 11})
    assert not passed(rows, {("flowglass.events", 3): 1})
    assert passed(rows, {("flowglass.events", 3): 0})
