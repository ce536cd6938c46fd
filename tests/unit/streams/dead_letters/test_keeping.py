"""What is kept of a dead letter in clear, and in whose hands its repair is."""

import hashlib

import pytest
from msgspec.structs import replace

from metrics.contracts.model import load_contracts
from metrics.words import DAY, DeadLetter
from streams import topics
from streams.codecs.reasons import BAD_TIME, MALFORMED_JSON, SOURCE_PAUSED
from streams.dead_letters.keeping import Keeper
from streams.dead_letters.kept_writer import KeptWriter
from streams.dead_letters.originals import Original, letter_id, opened, sealed
from streams.dead_letters.owners import Owners
from streams.dead_letters.telling import excerpt, sentence
from streams.engine.event_rows import dead_letter_columns
from streams.sources.reasons import MALFORMED_XML, UNKNOWN_SYSTEM
from tests.fakes.memory_store import MemoryStore
from tests.unit.streams.dead_letters.test_divert import letter
from tests.unit.streams.dead_letters.test_replay import OPEN

OWNERS = Owners(load_contracts(), {"coupa": "procurement"})
NATIVE = {"topic": topics.NATIVE, "record_headers": (("fg-system", b"coupa"),)}


def kept(one: DeadLetter, **how: object) -> dict[str, object]:
    columns = Keeper(OWNERS.owner, **how).columns([one])  # type: ignore[arg-type]
    return {name: values[0] for name, values in columns.items()}


@pytest.mark.parametrize(
    ("one", "owner"),
    [
        (letter(b"{}", **NATIVE), "procurement"),
        (letter(b"{}", topic=topics.NATIVE, record_headers=(("fg-system", b"nobody"),)), "integration"),
        (letter(b'{"type":"requisition.created.v1","data":{}}', topic=topics.EVENTS), "financial"),
        (letter(b'{"type":"worker.renamed_oddly.v7"', topic=topics.EVENTS), "workforce"),
        (letter(b"{}", topic=topics.EVENTS, record_headers=(("ce_type", b"supplier.created.v1"),)), "supplier"),
        (letter(b"{", topic=topics.EVENTS), "integration"),
        (letter(b"\x0a\x00", topic=topics.SPANS), "integration"),
    ],
)
def test_a_letter_belongs_to_its_mapping_s_owner_or_to_the_domain_of_its_type(one: DeadLetter, owner: str) -> None:
    assert kept(one)["owner"] == owner


def test_the_system_is_told_only_where_it_can_be_the_name_of_one() -> None:
    assert kept(letter(b"", **NATIVE))["system"] == "coupa"
    odd = letter(b"", topic=topics.NATIVE, record_headers=(("fg-system", b"Wanda 078-05-1120"),))
    assert kept(odd)["system"] == ""
    assert kept(replace(odd, reason=UNKNOWN_SYSTEM, source="Wanda 078-05-1120"))["source"] == ""


def test_a_source_that_only_the_message_names_must_look_like_one() -> None:
    assert kept(letter(b'{"source":"/coupa/prod"'))["source"] == "/coupa/prod"
    assert kept(letter(b'{"source":"078051120"'))["source"] == ""
    assert kept(letter(b'{"source":"wanda@example.org"'))["source"] == ""
    assert kept(letter(b"{", source="/workday/30041122"))["source"] == "/workday/30041122"  # a mapping says so


def test_headers_of_ours_are_shown_and_others_are_masked() -> None:
    told = (("fg-system", b"coupa"), ("fg-part", b"3/200"), ("x-user", b"Wanda 7"), ("content-type", b"text/078051120"))
    one = letter(b"", record_key=b"W-12", record_headers=(*told, ("none", None)))
    shown = {each["name"]: each["value"] for each in kept(one)["headers"]}  # type: ignore[attr-defined]
    assert shown == {
        "(key)": "A-99",
        "fg-system": "coupa",
        "fg-part": "3/200",
        "x-user": "Aaaaa 9",
        "content-type": "aaaa/999999999",
        "none": "(none)",
    }


def test_names_stay_and_values_become_shapes_and_a_name_that_is_a_number_is_a_value() -> None:
    shown = excerpt(b'{"name": "Wanda", "078051120": true, "list": [12.5, null]}')
    assert shown == '{"name": "Aaaaa", "999999999": true, "list": [99.9, null]}'
    assert excerpt(b"a\x1b[31m\xe2\x80\xae!") == "a·[99a·!"


def test_what_is_no_text_is_not_shown_and_utf_16_is_text() -> None:
    assert excerpt(b"\x0a\x00Wanda") == "(binary)"
    assert excerpt('{"name": "Wanda"}'.encode("utf-16-le")) == '{"name": "Aaaaa"}'


@pytest.mark.parametrize(
    ("reason", "detail", "told"),
    [
        (BAD_TIME, "time: 'Wanda' is no time", "time: 'Aaaaa' is no time"),
        (BAD_TIME, "the trailer says 1250.77 for total", "the trailer says 9999.99 for total"),
        (BAD_TIME, "value 4711 of 1000000, line 3", "value 4711 of 1000000, line 3"),  # not in the message
        (BAD_TIME, "name is Wanda", "name is Aaaaa"),
        (BAD_TIME, "'1.250' is no number in the form 'point'", "'9.999' is no number in the form point"),
        (MALFORMED_XML, "Opening and ending tag: zimtstern line 1", "Opening and ending tag: aaaaaaaaa line 1"),
        (MALFORMED_JSON, "invalid sign in name", "invalid sign in name"),
    ],
)  # fmt: skip
def test_no_value_of_the_message_stands_in_the_sentence(reason: str, detail: str, told: str) -> None:
    payload = b'{"name": "Wanda", "total": "1250.77", "more": "zimtstern"}'
    assert sentence(reason, detail, payload, excerpt(payload)) == told


def test_an_original_is_sealed_for_its_letter_and_its_time_or_not_at_all() -> None:
    one = letter(b'{"password": "x", "a": 1}', record_key=b"k", record_headers=(("h", None),), ingested=5)
    row = kept(one, seal=OPEN, days=2)
    assert row["sealed_until"] == 5 + 2 * DAY
    assert opened(OPEN, letter_id(one), str(row["sealed"]), 6) == Original(
        b'{"password": "***", "a": 1}', b"k", (("h", None),)
    )
    for nothing in (kept(one), kept(one, seal=OPEN, days=0)):
        assert (nothing["sealed"], nothing["sealed_until"]) == ("", 0)


def test_what_a_paused_source_sends_is_sealed_unread() -> None:
    row = kept(letter(b'{"name": "Wanda"}', reason=SOURCE_PAUSED), seal=OPEN, days=1)
    assert row["excerpt"] == "(set aside unread)"
    assert row["sealed"]


def test_binary_spans_are_sealed_byte_for_byte() -> None:
    binary = b'\x0a\x00\x01\x02"password": "x"\x00\xff'
    one = letter(binary, topic=topics.SPANS)
    assert opened(OPEN, letter_id(one), sealed(OPEN, one, 9), 1).value == binary


def test_a_letter_s_id_is_the_one_that_the_store_makes() -> None:
    one = letter(b"", origin="flowglass.events/0@i", position=7)
    assert letter_id(one) == hashlib.sha256(b"flowglass.events/0@i|7|bad_time").hexdigest()[:16]


def test_a_replayed_record_names_the_letter_that_it_brings_back() -> None:
    mark = b"0123456789abcdef"
    assert kept(letter(b"", record_headers=(("fg-replay", mark),)))["replay_of"] == mark.decode()
    assert kept(letter(b"", record_headers=(("fg-replay", b"Wanda"),)))["replay_of"] == ""


def test_simulated_letters_are_marked_by_header_or_by_the_message_itself() -> None:
    assert kept(letter(b'{"simulated" : true'))["simulated"] == 1
    assert kept(letter(b"", record_headers=(("fg-simulated", b"1"),)))["simulated"] == 1
    assert kept(letter(b'{"simulated": false}'))["simulated"] == 0


def test_no_letter_gets_past_the_keeper_into_the_store() -> None:
    store = MemoryStore()
    writer = KeptWriter(store, Keeper(OWNERS.owner))
    writer.send(writer.prepare("dead_letters", dead_letter_columns([letter(b'{"name": "Wanda"}', **NATIVE)])))
    writer.send(writer.prepare_rows("feeds", [("f", 1, "live", 0, 0, 0)]))
    assert "Wanda" not in repr(store.tables)
    assert len(store.rows("dead_letters")) == len(store.rows("feeds")) == 1
    with pytest.raises(ValueError, match="keeper"):
        writer.prepare_rows("dead_letters", [])
