"""OCEL 2.0: events of many objects, objects of many objects."""

import json
from pathlib import Path
from typing import Any

import pytest

from metrics.texts.times import instant
from metrics.words import ObjectRef
from streams.codecs import reasons
from streams.intake.options import IntakeError, LogOptions
from tests.unit.streams.intake.logs import read


def related(name: str, qualifier: str = "") -> dict[str, str]:
    return {"objectId": name, "qualifier": qualifier}


def ocel(events: list[Any], objects: list[Any]) -> str:
    return json.dumps({"eventTypes": [], "objectTypes": [], "events": events, "objects": objects})


OBJECTS: list[Any] = [
    {"id": "O1", "type": "Order", "relationships": [related("I1", "comprises")]},
    {"id": "O2", "type": "Order"},
    {"id": "I1", "type": "orderItem", "attributes": [{"name": "weight", "time": "1970-01-01T00:00:00Z", "value": 1.5}]},
]
EVENTS: list[Any] = [
    {
        "id": "e1",
        "type": "Place",
        "time": "2026-01-02T12:00:00Z",
        "attributes": [{"name": "by", "value": "ann"}],
        "relationships": [related("I1", "item"), related("O1", "order")],
    },
    {"id": "e2", "type": "Ship", "time": "2026-01-03T12:00:00", "relationships": [related("O1"), related("O2")]},
]


def test_relationships_become_references_and_the_case_comes_first(tmp_path: Path) -> None:
    options = LogOptions(case="Order", case_type="log.0")
    (first, second), dead = read(tmp_path, "log.json", ocel(EVENTS, OBJECTS), options)
    assert first.objects == (
        ObjectRef("log.0", "O1", "order"),
        ObjectRef("order_item", "I1", "item"),
    )
    assert second.objects == (ObjectRef("log.0", "O1", "case"), ObjectRef("log.0", "O2", "case"))
    assert (first.activity, first.time, dead) == ("Place", instant("2026-01-02T12:00:00Z"), [])
    assert first.attributes == {"activity": "Place", "by": "ann", "ocel:id": "e1", "objects": {"I1": {"weight": 1.5}}}
    assert second.attributes == {"activity": "Ship", "ocel:id": "e2"}


def test_the_types_of_a_definition_are_the_logs_own(tmp_path: Path) -> None:
    (first, _), _ = read(tmp_path, "log.jsonocel.gz", ocel(EVENTS, OBJECTS), LogOptions(case_type="order"))
    assert {reference.type for reference in first.objects} == {"order", "order_item"}


def test_several_object_types_need_a_case_and_the_error_lists_them(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"several object types: 'Order', 'orderItem'.*--case"):
        read(tmp_path, "log.json", ocel(EVENTS, OBJECTS))
    with pytest.raises(IntakeError, match=r"no object type 'order'. Did you mean 'Order'"):
        read(tmp_path, "log.json", ocel(EVENTS, OBJECTS), LogOptions(case="order"))


def test_the_only_object_type_is_the_case(tmp_path: Path) -> None:
    events, _ = read(tmp_path, "log.json", ocel(EVENTS[1:], [OBJECTS[1], {"id": "O1", "type": "Order"}]))
    assert [reference.type for reference in events[0].objects] == ["log.0", "log.0"]


def test_related_objects_are_references_unless_they_are_cases_themselves(tmp_path: Path) -> None:
    objects: list[Any] = [
        {"id": "O1", "type": "Order"},
        {
            "id": "D1",
            "type": "Delivery",
            "relationships": [related("O1", "carries"), related("T1", "on"), related("?")],
        },
        {"id": "T1", "type": "Truck"},
    ]
    ship = {"id": "e", "type": "Ship", "time": "2026-01-03T12:00:00Z", "relationships": [related("D1", "what")]}
    options = LogOptions(case="Order", case_type="log.0")
    (first, again), dead = read(tmp_path, "log.json", ocel([ship, ship], objects), options)
    assert first.objects == (ObjectRef("delivery", "D1", "what"), ObjectRef("truck", "T1", "related:on"))
    assert first.attributes["objects"] == {"D1": {"related": [["log.0", "O1", "carries"], ["", "?", ""]]}}
    assert again.objects == (ObjectRef("delivery", "D1", "what"),)
    assert not dead


def test_bad_events_and_objects_are_dead_letters_and_the_rest_is_read(tmp_path: Path) -> None:
    bad = [
        {"id": "b1", "type": "Ship", "time": "2026-01-02T12:00:00Z"},
        {"id": "b2", "type": "Ship", "time": "2026-01-02T12:00:00Z", "relationships": [related("O9")]},
        {"id": "b3", "type": "Ship", "time": "soon", "relationships": [related("O1")]},
        {"id": 4},
        7,
    ]
    options = LogOptions(case="Order", case_type="log.0")
    events, dead = read(tmp_path, "log.json", ocel([*bad, *EVENTS], [*OBJECTS, {"id": "x"}]), options)
    assert [event.sequence for event in events] == [5, 6]
    assert [(letter.position, letter.reason) for letter in dead] == [
        (3, reasons.BAD_OBJECT),
        (0, reasons.NO_OBJECTS),
        (1, reasons.BAD_OBJECT),
        (2, reasons.BAD_TIME),
        (3, reasons.BAD_ROW),
        (4, reasons.BAD_ROW),
    ]
    assert dead[0].origin.endswith("#objects")


@pytest.mark.parametrize("content", ["{}", '{"events": 1, "objects": []}', '{"events": [', "[[]]"])
def test_json_that_is_no_ocel_log_is_an_error(tmp_path: Path, content: str) -> None:
    with pytest.raises(IntakeError):
        read(tmp_path, "log.json", content)
