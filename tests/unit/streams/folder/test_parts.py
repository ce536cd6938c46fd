"""Large flat files, cut into messages."""

import io
import json
from pathlib import Path

import pytest

from streams.codecs.reasons import Unreadable
from streams.folder.flat_lines import pieces
from streams.folder.parts import FlatFile
from streams.sources.flat_input import FlatFormat
from streams.sources.message import Message
from tests.unit.metrics.privacy.ring import guard
from tests.unit.streams.folder.watched import Watched, orders, totalled

CSV = FlatFormat(fixed=False, encoding="utf-8", delimiter=";", quote='"', header_row=True, layouts=(), control=None)


def cut(content: bytes, rows: int, form: FlatFormat = CSV, size: int = 1 << 20) -> list[bytes]:
    flat = FlatFile(io.BytesIO(content), form, rows, size)
    return [part.body for part in flat.parts(flat.survey(frozenset()))]


def test_a_small_file_is_one_message_as_it_is() -> None:
    assert cut(b"\xef\xbb\xbfa;b\r\n\r\n1;2", 10) == [b"\xef\xbb\xbfa;b\r\n\r\n1;2"]


def test_every_part_begins_with_the_head() -> None:
    assert cut(b"a;b\n1;2\n3;4\n5;6", 2) == [b"a;b\n1;2\n3;4\n", b"a;b\n5;6\n"]


def test_a_row_that_goes_over_several_lines_stays_whole() -> None:
    assert cut(b'a;b\n1;"x\ny;z"\n3;4\n', 1) == [b'a;b\n1;"x\ny;z"\n', b"a;b\n3;4\n"]


def test_parts_are_bounded_in_bytes_too() -> None:
    assert len(cut(orders(*range(100)), 1_000, size=300)) > 5


def test_another_encoding_stays() -> None:
    form = FlatFormat(False, "utf-16", ";", '"', True, (), None)
    assert [part.decode("utf-16") for part in cut("a;b\nä;2\nö;4\n".encode("utf-16"), 1, form)] == [
        "a;b\nä;2\n",
        "a;b\nö;4\n",
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_value"),
        (b'a;b\n1;"2\n', "broken_file"),
        (b'a;b\n1;"2' + b"\n" * 20_000, "broken_file"),
        (b"a;b\n" + b"x" * (2 << 20), "bad_row"),
        (b"a;b\n1;2;3\n", "bad_row"),
        (b"a;b\n\xff;2\n", "wrong_encoding"),
        (b"a;b\n\x00;2\n", "wrong_encoding"),
    ],
)
def test_what_no_mapping_can_read_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        cut(content, 1)
    assert caught.value.reason == reason


def test_pieces_stop_at_a_line_without_an_end_before_it_fills_the_memory() -> None:
    class Endless(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            return b"x" * 8_192

        read = read1

    with pytest.raises(Unreadable, match="longer than"):
        list(pieces(Endless(), CSV))


def test_a_large_file_goes_in_parts_that_say_which_they_are(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(*range(250)))
    watched.settle()
    told = [{name: value.decode() for name, value in headers} for _, _, headers, _, _ in watched.broker.messages]
    assert [(one["fg-part"], one["fg-line"]) for one in told] == [("1/3", "2"), ("2/3", "102"), ("3/3", "202")]
    assert len({one["fg-file"] for one in told}) == 1
    entry = watched.entry("a.csv")
    assert (entry.parts, entry.rows, entry.rows_mapped, entry.events) == (3, 250, 250, 250)
    rows = sorted(row["row"] for row in watched.store.file_events["depot", entry.content].values())
    assert rows == list(range(1, 251))


def test_parts_of_a_file_with_totals_keep_the_trailer_and_the_line_numbers_of_the_file(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.dat", totalled(250), "totalled")
    watched.settle()
    entry = watched.entry("a.dat", "totalled")
    assert (entry.state, entry.parts, entry.rows_declared, entry.totals) == ("sent", 3, 250, '{"amount":"375.00"}')
    system = watched.systems.get("totalled")
    told = [(body or b"", dict(headers)) for _, body, headers, _, _ in watched.broker.messages]
    messages = [Message(body, {name: value.decode() for name, value in headers.items()}) for body, headers in told]
    events = [event for message in messages for event in system.map(message).events]
    assert [int(event.attributes["line"]) for event in events] == list(range(2, 252))
    assert {event.attributes["rows"] for event in events} == {"000250"}


def test_json_is_one_message_or_none(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    (watched.mappings / "told.yaml").write_text(
        (watched.mappings / "depot.yaml").read_text().replace("mapping: depot", "mapping: told")
        .replace("inputs: {csv: {delimiter: ';', header_row: true}}", "inputs: {json: {}}\nlimits: {bytes: 1000}")
        .replace("    attributes: {line: $line}\n", "")
    )  # fmt: skip
    rows = [{"nr": str(nr), "at": "2026-03-01T00:00:00Z", "amount": "1.50"} for nr in range(3)]
    watched.put("a.json", json.dumps(rows).encode(), "told")
    watched.put("b.json", json.dumps(rows * 20).encode(), "told")
    watched.settle()
    assert watched.states() == ["a.json: sent", "b.json: refused"]
    assert watched.entry("a.json", "told").rows == 3
    assert "split it" in watched.entry("b.json", "told").reason


def test_what_is_noted_of_a_files_events_is_protected(tmp_path: Path) -> None:
    watched = Watched(tmp_path, guard=guard())
    watched.put("a.csv", b"nr;at;amount\nJo Ash;2026-03-01T10:00:00Z;1\nPO-2;2026-03-01T10:00:00Z;by Jo Ash\n")
    watched.settle()
    entry = watched.entry("a.csv")
    noted = watched.store.file_events["depot", entry.content]
    assert "Jo" not in str(noted)
    assert "'aa Aa Aaa'" in entry.reason
