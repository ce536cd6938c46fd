"""Which changes of a contract break somebody, and how that is told."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from metrics.contracts.compare import changes
from metrics.contracts.json_schema import SHARED_FILE, file_name, schemas
from metrics.contracts.model import load_contracts

PUBLISHED = schemas(load_contracts())
RECEIPT = file_name("goods_receipt.posted.v1")
PAYMENT = file_name("payment.executed.v1")
HIRED = file_name("worker.hired.v1")
Edit = Callable[[dict[str, Any]], object]


def data(schema: dict[str, Any]) -> Any:
    return schema["properties"]["data"]


def attributes(schema: dict[str, Any]) -> Any:
    return data(schema)["properties"]["attributes"]["properties"]


def objects(schema: dict[str, Any]) -> Any:
    return data(schema)["properties"]["objects"]["allOf"]


def needed(schema: dict[str, Any]) -> Any:
    return schema["else"]["properties"]["data"]


def told(file: str, edit: Edit) -> list[tuple[bool, str]]:
    now = deepcopy(PUBLISHED)
    edit(now[file])
    return [(change.breaking, str(change)) for change in changes(PUBLISHED, now)]


def test_what_did_not_change_is_no_change() -> None:
    assert changes(PUBLISHED, deepcopy(PUBLISHED)) == []


SUPPLIER = {"contains": {"properties": {"type": {"const": "supplier"}}}}
BREAKING: list[tuple[str, str, Edit, str]] = [
    (
        "an attribute removed",
        RECEIPT,
        lambda s: attributes(s).pop("facility"),
        "data.attributes.facility: the member is removed",
    ),
    (
        "an attribute retyped",
        RECEIPT,
        lambda s: attributes(s)["facility"].update(type="integer"),
        'data.attributes.facility: type "string" became "integer"',
    ),
    (
        "an attribute widened",
        RECEIPT,
        lambda s: attributes(s)["facility"].update(type=["string", "integer"]),
        "data.attributes.facility: type",
    ),
    (
        "an enumeration narrowed",
        RECEIPT,
        lambda s: attributes(s)["delivery"]["enum"].remove("partial"),
        'data.attributes.delivery: the value "partial" is no longer allowed',
    ),
    (
        "an enumeration introduced",
        RECEIPT,
        lambda s: attributes(s)["facility"].update(enum=["north"]),
        "data.attributes.facility: a new limit: enum",
    ),
    (
        "a new required object",
        RECEIPT,
        lambda s: needed(s)["properties"]["objects"]["allOf"].append(SUPPLIER),
        "data.objects: an object of type supplier is new",
    ),
    (
        "a promised object dropped",
        RECEIPT,
        lambda s: (s.pop("if"), s.pop("else")),
        "data.objects: an object of type purchase_order is no longer required",
    ),
    (
        "a first requirement",
        HIRED,
        lambda s: s.update({word: PUBLISHED[RECEIPT][word] for word in ("if", "else")}),
        "data.objects: an object of type purchase_order is new",
    ),
    (
        "an amount newly required",
        RECEIPT,
        lambda s: needed(s).update(required=["amount"]),
        "data.amount: is newly required",
    ),
    (
        "an amount no longer promised",
        PAYMENT,
        lambda s: needed(s).pop("required"),
        "data.amount: is no longer required",
    ),
    (
        "another subject",
        RECEIPT,
        lambda s: s["properties"]["subject"].update(pattern="^batch/"),
        'subject: pattern "^goods_receipt/" became "^batch/"',
    ),
    (
        "a required member of the envelope",
        SHARED_FILE,
        lambda s: s["required"].append("subject"),
        "all types: subject: is newly required",
    ),
    (
        "a member of the envelope removed",
        SHARED_FILE,
        lambda s: s["properties"].pop("precision"),
        "precision: the member is removed",
    ),
    (
        "another form of amounts",
        SHARED_FILE,
        lambda s: data(s)["properties"]["amount"]["properties"]["value"].update(type="number"),
        'data.amount.value: type "string" became "number"',
    ),
    ("the shared part left off", RECEIPT, lambda s: s["allOf"].clear(), "no longer required"),
]


@pytest.mark.parametrize(("file", "edit", "sentence"), [row[1:] for row in BREAKING], ids=[row[0] for row in BREAKING])
def test_a_breaking_change_names_file_type_member_and_what_to_do(file: str, edit: Edit, sentence: str) -> None:
    ((breaking, said),) = told(file, edit)
    assert breaking
    assert said.startswith(f"{file}: ")
    assert sentence in said
    assert ("every event shares this" if file == SHARED_FILE else ".v2 beside it") in said


COMPATIBLE: list[tuple[str, str, Edit]] = [
    ("a further attribute", RECEIPT, lambda s: attributes(s).update(dock={"type": "string"})),
    ("a further value", RECEIPT, lambda s: attributes(s)["delivery"]["enum"].append("over")),
    ("a lifted limit", SHARED_FILE, lambda s: s["properties"]["type"].pop("maxLength")),
    ("a further member of the envelope", SHARED_FILE, lambda s: s["properties"].update(dataschema={"type": "string"})),
]


@pytest.mark.parametrize(("file", "edit"), [row[1:] for row in COMPATIBLE], ids=[row[0] for row in COMPATIBLE])
def test_an_additive_change_is_told_and_passes(file: str, edit: Edit) -> None:
    ((breaking, _),) = told(file, edit)
    assert not breaking


def test_the_tenth_major_version_is_later_than_the_ninth() -> None:
    ninth, tenth = file_name("goods_receipt.posted.v9"), file_name("goods_receipt.posted.v10")
    old = {**PUBLISHED[RECEIPT], "deprecated": True}
    assert [change.breaking for change in changes({ninth: old}, {tenth: old})] == [False, False]
    assert sorted(change.breaking for change in changes({tenth: old}, {ninth: old})) == [False, True]


def test_other_words_for_the_same_promise_are_no_change() -> None:
    assert told(RECEIPT, lambda s: s.update(title="Arrival", description="x", **{"x-domain": "supplier"})) == []


def test_a_new_type_passes() -> None:
    now = {**PUBLISHED, file_name("goods_receipt.posted.v2"): PUBLISHED[RECEIPT]}
    assert [(change.breaking, change.what) for change in changes(PUBLISHED, now)] == [(False, "new type")]


def test_a_removed_type_breaks_unless_it_was_deprecated_and_a_later_major_version_stands_beside_it() -> None:
    without = {name: schema for name, schema in PUBLISHED.items() if name != RECEIPT}
    later = {**without, file_name("goods_receipt.posted.v10"): PUBLISHED[RECEIPT]}
    old = {**PUBLISHED, RECEIPT: {**PUBLISHED[RECEIPT], "deprecated": True}}
    assert [change.breaking for change in changes(PUBLISHED, without)] == [True]
    assert [change.breaking for change in changes(PUBLISHED, later)] == [True, False]
    assert [change.breaking for change in changes(old, without)] == [True]
    assert [change.breaking for change in changes(old, later)] == [False, False]
