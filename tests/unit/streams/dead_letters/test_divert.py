"""What a paused source sends goes aside and can come back as it was."""

from msgspec.structs import replace

from metrics.words import DeadLetter, Event
from streams.codecs.cloudevents import BATCH_SPAN, decode, decode_batch
from streams.codecs.letters import kept_headers
from streams.codecs.reasons import SOURCE_PAUSED
from streams.dead_letters.divert import Divert, diverted
from streams.dead_letters.source_name import source_of
from tests.fakes.events import event
from tests.unit.streams.codecs.records import FakeRecord, structured

A = event("requisition.created.v1", 1, ("requisition", "R-1"), id="a", source="/coupa", amount="1.50", facility="north")
B = event("requisition.created.v1", 2, ("requisition", "R-2"), id="b", source="/sap")


def letter(payload: bytes, **fields: object) -> DeadLetter:
    base = {"origin": "o", "position": 1, "topic": "t", "partition": 0, "offset": 1, "reason": "bad_time", "detail": ""}
    return DeadLetter(payload=payload, **(base | fields))  # type: ignore[arg-type]


def test_without_a_pause_everything_goes_on_untouched() -> None:
    events, letters = [A, B], [letter(b"")]
    kept, dead = Divert(set()).apply(events, letters)
    assert kept is events
    assert dead is letters


def test_events_of_a_paused_source_go_aside_and_others_go_on() -> None:
    before = letter(b"")
    kept, dead = Divert({"/coupa"}).apply([A, B, A], [before])
    assert kept == [B]
    assert [one.reason for one in dead] == [before.reason, SOURCE_PAUSED, SOURCE_PAUSED]
    assert dead[1].source == "/coupa"


def test_a_pause_may_come_and_go_between_two_batches() -> None:
    paused: set[str] = set()
    divert = Divert(paused)
    assert divert.apply([A], [])[0] == [A]
    paused.add("/coupa")
    assert divert.apply([A], [])[0] == []
    paused.clear()
    assert divert.apply([A], [])[0] == [A]


def test_a_diverted_event_is_read_again_as_the_same_event() -> None:
    aside = diverted(replace(A, origin="flowglass.events/3@life", position=17, ingested=5_000))
    (back,) = decode(FakeRecord(aside.payload, offset=99), "life")
    assert replace(back, origin=A.origin, position=A.position, ingested=0, feed="") == A
    assert (aside.topic, aside.partition, aside.offset, aside.position) == ("flowglass.events", 3, 17, 17)


def test_a_diverted_row_of_a_file_comes_back_with_the_file_s_position() -> None:
    row = replace(A, origin="file:0123456789abcdef", position=8, sequence=8)
    (back,) = decode(FakeRecord(diverted(row).payload, offset=99), "life")
    assert isinstance(back, Event)
    assert (back.origin, back.position, back.id) == (row.origin, 8, "a")


BINARY = (
    ("ce_specversion", b"1.0"), ("ce_id", b"e-9"), ("ce_source", b"/coupa"), ("ce_type", b"purchase_order.created.v1"),
    ("ce_time", b"2026-01-02T03:04:05Z"), ("ce_ourextension", b"kept"), ("content-type", b"application/json"),
)  # fmt: skip


def test_what_goes_aside_keeps_its_record_byte_for_byte() -> None:
    data = b'{ "objects": [{"type":"purchase_order","id":"PO-9"}] }'
    records = [FakeRecord(data, BINARY, b"\x00key", offset=5), structured(source="/sap"), structured(id="e-2")]
    events, _, _ = decode_batch(records, "i1")
    kept, (first, second) = Divert({"/coupa"}).apply(events, [], records)
    assert [event.source for event in kept] == ["/sap"]
    assert (first.payload, first.record_key, first.record_headers) == (data, b"\x00key", BINARY)
    assert (second.payload, second.record_key, second.record_headers) == (records[2].value, b"PO-1", ())


def test_an_element_of_a_batch_goes_aside_alone_and_not_with_its_neighbours() -> None:
    elements = [structured(id="1").value or b"", structured(id="2", source="/sap").value or b""]
    batch = FakeRecord(b"[%b]" % b",".join(elements))
    events, _, _ = decode_batch([batch], "i1")
    _, (aside,) = Divert({"/coupa"}).apply(events, [], [batch])
    (back,) = decode(FakeRecord(aside.payload, aside.record_headers, aside.record_key), "i1")  # type: ignore[arg-type]
    assert isinstance(back, Event)
    assert back.id == "1"


def test_an_element_of_a_batch_names_the_offset_of_its_record() -> None:
    aside = diverted(replace(A, origin="flowglass.events/2@life#batch", position=7 * BATCH_SPAN + 3))
    assert (aside.partition, aside.offset) == (2, 7)
    assert aside.position == 7 * BATCH_SPAN + 3


def test_an_event_goes_back_to_the_topic_that_it_came_from() -> None:
    assert diverted(replace(A, origin="flowglass.events.bulk/2@life", position=7)).topic == "flowglass.events.bulk"
    assert diverted(replace(A, origin="file:abc", position=7)).topic == "flowglass.events"


def test_diverting_the_same_record_twice_is_the_same_letter() -> None:
    placed = replace(A, origin="flowglass.events/3@life", position=17)
    assert diverted(placed) == diverted(placed)


def test_the_source_of_a_letter_is_read_as_far_as_it_can_be() -> None:
    assert source_of(letter(b"x", source="/beside")) == "/beside"
    assert source_of(letter(b'{"source":"/inside","time":1}')) == "/inside"
    assert source_of(letter(b'{"id":"1","source" : "/broken","type":"nope')) == "/broken"
    assert source_of(letter(b'{"source":7}')) == ""
    assert source_of(letter(b"\xff\x00")) == ""
    assert source_of(letter(b"{", record_headers=kept_headers([("ce_source", b"/binary")]))) == "/binary"
