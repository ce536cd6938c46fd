"""A dead letter keeps the record: whoever sends it again sends what came."""

from metrics.words import DeadLetter
from streams.codecs.cloudevents import decode
from streams.codecs.encoding import encode_dead_letter
from tests.unit.streams.codecs.records import FakeRecord, structured

HEADERS = (
    ("ce_specversion", b"1.0"), ("ce_id", b"e-9"), ("ce_source", b"/coupa"), ("ce_type", b"purchase_order.created.v1"),
    ("content-type", b"application/json"), ("ours", b"\xff"), ("ours", b""),
)  # fmt: skip


def letter_of(record: FakeRecord) -> DeadLetter:
    (item,) = decode(record, "i1")
    assert isinstance(item, DeadLetter)
    return item


def test_a_binary_record_keeps_its_key_and_every_header_in_order() -> None:
    letter = letter_of(FakeRecord(b'{"objects":[', HEADERS, b"\x00wrong"))
    assert letter.reason == "malformed_json"
    assert (letter.payload, letter.record_key, letter.record_headers) == (b'{"objects":[', b"\x00wrong", HEADERS)


def test_a_record_without_a_key_says_so() -> None:
    assert letter_of(FakeRecord(structured().value, key=None)).record_key is None
    assert letter_of(FakeRecord(structured().value, key=b"")).record_key == b""


def test_an_element_of_a_batch_no_longer_says_that_it_is_a_batch() -> None:
    headers = [("content-type", b"application/cloudevents-batch+json"), ("x", b"1")]
    letter = letter_of(FakeRecord(b'[{"id":1}]', headers))
    assert letter.payload == b'{"id":1}'
    assert letter.record_headers == (("content-type", b"application/cloudevents+json"), ("x", b"1"))


def test_what_an_edge_sent_on_has_no_key_of_its_own_and_keeps_the_other_headers() -> None:
    sent = letter_of(FakeRecord(b"{", key=b"PO-1"))
    key, value, headers = encode_dead_letter(sent)
    letter = letter_of(FakeRecord(value, [*headers, ("x", b"1")], key))
    assert (letter.payload, letter.record_key, letter.record_headers) == (b"{", None, (("x", b"1"),))
