"""What a paused source sends goes aside and can come back as it was."""

from msgspec.structs import replace

from metrics.words import DeadLetter, Event
from streams.codecs.cloudevents import BATCH_SPAN, decode
from streams.dead_letters.divert import SOURCE_PAUSED, Divert, diverted
from streams.dead_letters.source_name import source_of
from tests.fakes.events import event
from tests.unit.streams.codecs.records import FakeRecord

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


def test_an_element_of_a_batch_names_the_offset_of_its_record() -> None:
    aside = diverted(replace(A, origin="flowglass.events/2@life#batch", position=7 * BATCH_SPAN + 3))
    assert (aside.partition, aside.offset) == (2, 7)
    assert aside.position == 7 * BATCH_SPAN + 3


def test_diverting_the_same_record_twice_is_the_same_letter() -> None:
    placed = replace(A, origin="flowglass.events/3@life", position=17)
    assert diverted(placed) == diverted(placed)


def test_the_source_of_a_letter_is_read_as_far_as_it_can_be() -> None:
    assert source_of(letter(b"x", source="/beside")) == "/beside"
    assert source_of(letter(b'{"source":"/inside","time":1}')) == "/inside"
    assert source_of(letter(b'{"id":"1","source" : "/broken","type":"nope')) == "/broken"
    assert source_of(letter(b'{"source":7}')) == ""
    assert source_of(letter(b"\xff\x00")) == ""
