"""Exported logs, read back by the readers that users' logs come in through."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from metrics.exports.csv import COLUMNS, csv_pieces, harmless
from metrics.exports.log import Kind, log
from metrics.exports.ocel import ObjectNames, attribute_types, ocel_pieces
from metrics.exports.rows import (
    AttributeKind,
    CaseSlice,
    ExportedEvent,
    ExportedObject,
    ObjectKind,
    SharedId,
    TimeSlice,
)
from metrics.exports.window import Window, parse_time
from metrics.exports.xes import xes_pieces
from metrics.words import HOUR, Event
from streams.intake.options import LogOptions
from streams.intake.reader import open_log

NASTY = "<&\"'> \t\n\r é 東 \x00\x1f\ufffe end"


def exported(id: str, activity: str, at: int, case: str, attributes: str = "{}", **more: Any) -> ExportedEvent:
    base: dict[str, Any] = {
        "started_us": None,
        "source": "/s",
        "amount": "",
        "currency": "",
        "actor": "",
        "trace_id": "",
    }
    refs = {"object_types": ["requisition"], "object_ids": [case], "object_qualifiers": ["subject"]}
    own = {"event_id": id, "activity": activity, "time_us": at, "attributes": attributes, "case_id": case}
    return ExportedEvent(simulated=1, **(base | refs | own | more))


EVENTS = [
    exported("1", "asked", 1_000_001, "R-1", json.dumps({"note": NASTY, "n": 7, "ratio": 0.5, "yes": True})),
    exported("2", "ordered", 2_000_000, "R-1", actor="W-9", amount="12.50", currency="USD",
             object_types=["purchase_order", "requisition"], object_ids=["R-1", "R-1"],
             object_qualifiers=["subject", "serves"]),
    exported("3", "asked", -5_000_000, "NA", '{"n":[1,{"a":2}]}'),
]  # fmt: skip
OBJECTS = [
    ExportedObject("purchase_order", "R-1", ["requisition"], ["R-1"], 1),
    ExportedObject("requisition", "NA", [], [], 1),
    ExportedObject("requisition", "R-1", [], [], 0),
]


def read(path: Path, options: LogOptions) -> Sequence[Event]:
    events = list(open_log(path, options))
    assert all(isinstance(event, Event) for event in events), events
    return events  # type: ignore[return-value]


def ocel(folder: Path) -> Path:
    kinds = [AttributeKind("asked", "n", ["Array", "Int64"]), AttributeKind("asked", "yes", ["Bool"]),
             AttributeKind("asked", "ratio", ["Double"]), AttributeKind("ordered", "", [])]  # fmt: skip
    path = folder / "log.json"
    types = [ObjectKind("purchase_order", 1, 1), ObjectKind("requisition", 2, 1)]
    names = ObjectNames({"R-1"})
    path.write_bytes(b"".join(ocel_pieces(attribute_types(kinds), types, names, OBJECTS, EVENTS)))
    return path


def test_an_ocel_log_comes_back_with_activities_times_and_objects(tmp_path: Path) -> None:
    back = read(ocel(tmp_path), LogOptions(case="requisition"))
    assert [(event.activity, event.time) for event in back] == [(e.activity, e.time_us) for e in EVENTS]
    assert back[0].attributes["note"] == NASTY
    assert back[1].attributes["fg:amount"] == "12.50"
    assert all(event.attributes["fg:simulated"] is True for event in back)


def test_objects_of_two_types_with_one_id_stay_apart(tmp_path: Path) -> None:
    document = json.loads(ocel(tmp_path).read_bytes())
    assert {one["id"] for one in document["objects"]} == {"purchase_order:R-1", "requisition:R-1", "NA"}
    assert document["events"][1]["relationships"] == [
        {"objectId": "purchase_order:R-1", "qualifier": "subject"},
        {"objectId": "requisition:R-1", "qualifier": "serves"},
    ]
    (order,) = [one for one in document["objects"] if one["type"] == "purchase_order"]
    assert order["relationships"] == [{"objectId": "requisition:R-1", "qualifier": "belongs_to"}]


def test_an_attribute_has_the_one_type_that_all_its_values_fit(tmp_path: Path) -> None:
    document = json.loads(ocel(tmp_path).read_bytes())
    types = {kind["name"]: {a["name"]: a["type"] for a in kind["attributes"]} for kind in document["eventTypes"]}
    assert (types["asked"]["n"], types["asked"]["yes"], types["asked"]["ratio"]) == ("string", "boolean", "float")
    assert document["events"][2]["attributes"][0] == {"name": "n", "value": '[1,{"a":2}]'}
    assert document["events"][0]["attributes"][1] == {"name": "n", "value": "7"}


def test_an_xes_log_comes_back_case_by_case(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_bytes(b"".join(xes_pieces("buying", EVENTS, simulated=True)))
    back = read(path, LogOptions())
    assert [(e.activity, e.time, e.objects[0].id) for e in back] == [(e.activity, e.time_us, e.case_id) for e in EVENTS]
    assert back[1].actor == "W-9"
    assert back[0].attributes["n"] == 7
    assert back[0].attributes["yes"] is True
    assert back[0].attributes["ratio"] == 0.5


def test_xes_keeps_every_sign_that_xml_allows(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    path.write_bytes(b"".join(xes_pieces("buying", EVENTS, simulated=True)))
    assert read(path, LogOptions())[0].attributes["note"] == NASTY.replace("\x00", "�").replace("\x1f", "�").replace(
        "\ufffe", "�"
    )


def test_what_says_nothing_or_calls_itself_as_the_format_does_spoils_no_log() -> None:
    given = json.dumps({"note": None, "concept:name": "X", "time:timestamp": "yesterday"})
    event = exported("1", "asked", 1_000_001, "R-1", given)
    xes = b"".join(xes_pieces("buying", [event], simulated=True)).decode()
    body = xes[xes.index("<event>") :]
    assert [body.count(f'key="{name}"') for name in ("concept:name", "time:timestamp")] == [1, 1]
    kinds = [AttributeKind("asked", "note", ["Null"])]
    document = json.loads(b"".join(ocel_pieces(attribute_types(kinds), [], ObjectNames({"R-1"}), [], [event])))
    assert "note" not in {one["name"] for one in document["events"][0]["attributes"]}


def test_a_log_without_events_is_still_a_log() -> None:
    assert b"".join(xes_pieces("p", [], simulated=False)).endswith(b"</log>\n")
    assert json.loads(b"".join(ocel_pieces({}, [], ObjectNames(set()), [], [])))["events"] == []


class Sliced:
    """A reader of three slices with two events each, that notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def rows(self, name: str, row_type: type[Any], /, **parameters: object) -> list[Any]:
        self.asked.append(name)
        answers: dict[str, list[Any]] = {
            "export_slices": [TimeSlice(n, n + 1, 2) for n in range(3)],
            "export_case_slices": [CaseSlice(str(n), str(n), 2) for n in range(3)],
            "export_events": EVENTS[:2], "export_case_events": EVENTS[:2],
            "export_object_types": [ObjectKind("requisition", 50_000, 0)], "export_objects": OBJECTS[:1],
            "export_shared_ids": [SharedId("R-1")],
        }  # fmt: skip
        return answers.get(name, [])


@pytest.mark.parametrize(("kind", "name"), [("xes", "export_case_events"), ("csv", "export_case_events"),
                                            ("ocel", "export_events")])  # fmt: skip
def test_a_slice_is_read_when_the_one_before_has_been_sent(kind: Kind, name: str) -> None:
    reader = Sliced()
    found = log(reader, kind, Window("p"), simulated=False)
    assert found.events == 6
    assert name not in reader.asked
    held = [reader.asked.count(name) for _ in found.pieces]
    assert held[-1] == 3
    assert {1, 2, 3} <= set(held) or kind == "csv"


def test_objects_are_read_in_parts_too() -> None:
    reader = Sliced()
    list(log(reader, "ocel", Window(), simulated=False).pieces)
    assert reader.asked.count("export_objects") == 3


def test_a_csv_has_a_line_an_event_and_its_objects_in_one_cell() -> None:
    lines = list(csv.reader(io.StringIO(b"".join(csv_pieces(EVENTS)).decode(), newline="")))
    assert lines[0] == list(COLUMNS)
    told = dict(zip(COLUMNS, lines[2], strict=True))
    assert told["objects"] == "purchase_order/R-1 (subject) | requisition/R-1 (serves)"
    assert (told["amount"], told["currency"], told["actor"]) == ("12.50", "USD", "W-9")
    assert len(lines) == 4


@pytest.mark.parametrize("text", ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_stays_a_text_in_a_spreadsheet(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "-12.50", "+3", "PO-1", "a=b"])
def test_numbers_and_plain_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_times_of_a_window_are_utc_unless_they_say() -> None:
    assert parse_time("1970-01-02") == 24 * HOUR
    assert parse_time("1970-01-01T02:00:00+01:00") == HOUR
    assert parse_time("1970-01-01T00:00:00.000001Z") == 1
