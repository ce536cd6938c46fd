"""Exported logs, read back by the readers that users' logs come in through."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from metrics.commands.export_ocel import attribute_types, ocel_pieces
from metrics.commands.export_window import parse_time, ranges, slices
from metrics.commands.export_xes import xes_pieces
from metrics.commands.rows import AttributeKind, CaseSize, ExportedEvent, ExportedObject, Span
from metrics.words import HOUR, MINUTE, Event
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
    path.write_bytes(b"".join(ocel_pieces(attribute_types(kinds), OBJECTS, EVENTS)))
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


def test_a_log_without_events_is_still_a_log() -> None:
    assert b"".join(xes_pieces("p", [], simulated=False)).endswith(b"</log>\n")
    assert json.loads(b"".join(ocel_pieces({}, [], [])))["events"] == []


def test_slices_hold_whole_minutes_and_lose_none() -> None:
    minutes = [Span(index * MINUTE, events) for index, events in enumerate([4, 4, 20, 1, 1])]
    assert list(slices(minutes, most=8)) == [(0, 2 * MINUTE), (2 * MINUTE, 3 * MINUTE), (3 * MINUTE, 5 * MINUTE)]
    assert list(slices([])) == []


def test_ranges_hold_whole_cases_and_lose_none() -> None:
    cases = [CaseSize(name, events) for name, events in [("a", 5), ("b", 5), ("c", 50), ("d", 1)]]
    assert list(ranges(cases, most=10)) == [("a", "b"), ("c", "c"), ("d", "d")]
    assert list(ranges([])) == []


def test_times_of_a_window_are_utc_unless_they_say() -> None:
    assert parse_time("1970-01-02") == 24 * HOUR
    assert parse_time("1970-01-01T02:00:00+01:00") == HOUR
    assert parse_time("1970-01-01T00:00:00.000001Z") == 1
