"""Bases and tenants, and what an author is told about a mistake."""

from pathlib import Path

import pytest

from metrics.definitions.mistakes import DefinitionsError
from streams.sources.load import Library
from streams.sources.message import Message
from tests.unit.streams.sources.written import loaded, mapping, small

BODY = Message(b'{"nr": "1", "id": "e", "at": "2026-01-02T03:04:05Z"}')
TENANT = """
mapping: north
extends: small
settings: {tenant: north}
attributes: {facility: =north}
redact: [ssn]
messages:
  order:
    time: {zone: Europe/Berlin, value: changed}
    rules:
      created: {when: live}
"""


def test_a_tenants_file_holds_only_what_differs(tmp_path: Path) -> None:
    made = mapping(tmp_path, small(redact=["iban"]), TENANT)
    outcome = made.map(Message(b'{"nr": "1", "id": "e", "changed": "2026-01-02T03:04:05", "live": true}'))
    assert outcome.events[0].source == "/small/north"
    assert outcome.events[0].attributes == {"facility": "north"}
    assert outcome.events[0].time == 1767319445000000


def test_the_names_to_redact_add_up(tmp_path: Path) -> None:
    assert loaded(tmp_path, small(redact=["iban"]), TENANT).text.redact == ("iban", "ssn")


def test_null_removes_what_the_base_says(tmp_path: Path) -> None:
    base = small(messages__order__attributes={"a": "a", "b": "b"})
    over = "mapping: over\nextends: small\nmessages: {order: {attributes: {a: null}}}\n"
    outcome = mapping(tmp_path, base, over).map(
        Message(b'{"nr": "1", "id": "e", "at": "2026-01-02T03:04:05Z", "a": 1, "b": 2}')
    )
    assert outcome.events[0].attributes == {"b": 2}


@pytest.mark.parametrize("removal", ["enrich: {details: null}", "rules: {created: {enrich: {details: null}}}"])
def test_null_removes_a_question_that_the_base_asks(tmp_path: Path, removal: str) -> None:
    answers = {"answers": "details", "key": {"type": "purchase_order", "id": "nr"}, "time": "$cause.time",
               "rules": {"detailed": {"type": "purchase_order.detailed.v1", "evidence": "inferred"}}}  # fmt: skip
    base = small(messages__order__enrich={"details": {"request": "=x"}}, messages__answer=answers)
    over = f"mapping: over\nextends: small\nmessages: {{order: {{{removal}}}}}\n"
    assert [one.request for one in mapping(tmp_path, base).map(BODY).enrichments] == ["x"]
    outcome = mapping(tmp_path, base, over).map(BODY)
    assert (outcome.enrichments, outcome.events[0].attributes) == ([], {})


def test_a_kind_without_a_syntax_takes_the_first_that_is_written(tmp_path: Path) -> None:
    text = small(inputs={"xml": {}, "json": {}})
    body = b"<r><nr>1</nr><id>e</id><at>2026-01-02T03:04:05Z</at></r>"
    assert [event.subject for event in mapping(tmp_path, text).map(Message(body)).events] == ["purchase_order/1"]
    assert [one.reason for one in mapping(tmp_path, text).map(BODY).letters] == ["no_message_kind"]


def test_a_condition_is_replaced_and_never_mixed(tmp_path: Path) -> None:
    base = small(messages__order__rules__created__when={"value": "a", "is": "x"})
    over = "mapping: over\nextends: small\nmessages: {order: {rules: {created: {when: {value: a, in: [y]}}}}}\n"
    assert loaded(tmp_path, base, over).text.messages["order"].rules["created"].when == {"value": "a", "in": ["y"]}


def test_kinds_like_another_share_its_rules_and_differ_in_their_names(tmp_path: Path) -> None:
    base = small(
        messages__order__let={"number": "nr"},
        messages__order__key={"type": "purchase_order", "id": "$number"},
        messages__order__accept="nr",
        messages__wrapped={"like": "order", "accept": "number", "let": {"number": "number.value"}},
    )
    made = mapping(tmp_path, base)
    first = made.map(Message(b'{"nr": "1", "id": "e", "at": "2026-01-02T03:04:05Z"}'))
    second = made.map(Message(b'{"number": {"value": 1}, "id": "e", "at": "2026-01-02T03:04:05Z"}'))
    assert first.events == second.events


@pytest.mark.parametrize(
    ("changes", "place", "hint"),
    [
        ({"sorce": "x"}, "sorce", "did you mean 'source'"),
        ({"source": "/x/{tennant}"}, "source", "did you mean 'tenant'"),
        ({"order__rules__created__type": "purchase_order.creatd.v1"}, "created.type", "'purchase_order.created.v1'"),
        ({"order__rules__created__type": "invoice.paid.v1"}, "rules.created.type", "is about the type invoice"),
        ({"order__time": None}, "rules.created", "has no time"),
        ({"order__identity": None}, "rules.created", "needs `identity`"),
        ({"order__key": None}, "rules.created", "has no key"),
        ({"order__time": "po-number"}, "messages.order.time", "quoted twice"),
        ({"order__time": {"value": "at", "format": "mdy"}, "defaults": {}}, "messages.order.time", "carry no offset"),
        ({"order__time": {"value": "at", "zone": "Berlin"}}, "messages.order.time.zone", "no time zone 'Berlin'"),
        ({"order__amount": "total"}, "messages.order.amount", "currency is missing"),
        ({"order__actor": {"lokup": "t"}}, "actor.lokup", "did you mean 'lookup'"),
        ({"order__actor": ["a", {"lookup": "t"}]}, "actor[1].lookup", "write it under tables"),
        ({"order__actor": "$by"}, "messages.order.actor", "nothing named '$by'"),
        ({"order__actor": "foo(a)"}, "messages.order.actor", "no jmespath function 'foo'"),
        ({"order__objects": {"suplier": "s"}}, "objects.suplier", "did you mean 'supplier'"),
        ({"order__rules__created__when": {"changed": "s"}}, "created.when", "has no `state`"),
        ({"order__rules__created__when": [["a", "b"]]}, "created.when[0]", "a list in a list"),
        ({"order__state": {"watch": {"s": "s"}}, "order__identity": None}, "order.state", "needs `order`"),
        ({"order__enrich": {"d": {"request": "=x"}}}, "enrich.d", "no kind of message has `answers: d`"),
        ({"order__like": "ordr"}, "messages.order.like", "no kind of message 'ordr'"),
        ({"inputs": {"xml": {}}, "order__time": "x:at"}, "messages.order.time", "prefix 'x' is not bound"),
        ({"inputs": {"fixed": {"lines": {"row": {"columns": {"a": "9-1"}}}}}}, "columns.a", "no range of places"),
        ({"inputs": {"fixed": {"lines": {"row": {"width": "0", "columns": {"a": 1}}}}}}, "row.width", "no range of"),
        ({"inputs": {"fixed": {"lines": {"row": {"width": 8, "columns": {"a": "9-10"}}}}}}, "row.width", "begins"),
        ({"inputs": {"csv": {"lines": {"row": {"width": 8, "columns": ["a"]}}}}}, "row.width", "only lines of fixed"),
        ({"inputs": {"csv": {"lines": {"row": {"columns": ["a"]}}, "control": {"head": "required"}}}},
         "control.head", "the layout `head`"),
        ({"order__actor": {"product": ["a"], "form": "pont"}}, "actor.product", "did you mean 'point'"),
        ({"extends": "bass"}, "extends", "no mapping 'bass'"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_its_place_and_what_to_do(
    tmp_path: Path, changes: dict[str, object], place: str, hint: str
) -> None:
    with pytest.raises(DefinitionsError) as refused:
        loaded(tmp_path, small(**{path.replace("order__", "messages__order__"): one for path, one in changes.items()}))
    told = [one for one in map(str, refused.value.mistakes) if place in one and hint in one]
    assert told, str(refused.value)
    assert told[0].startswith("small.yaml:")
    assert refused.value.mistakes[0].line > 0


def test_a_mistake_in_a_base_names_the_base_file(tmp_path: Path) -> None:
    with pytest.raises(DefinitionsError) as refused:
        loaded(tmp_path, small(messages__order__actor="$by"), TENANT)
    assert {one.file for one in refused.value.mistakes} == {"small.yaml"}


def test_a_file_is_read_once_whoever_asks_for_it(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(small(), encoding="utf-8")
    (tmp_path / "north.yaml").write_text(TENANT, encoding="utf-8")
    library = Library((tmp_path,))
    assert library.systems() == ["north", "small"]
    (tmp_path / "small.yaml").write_text("mapping: [", encoding="utf-8")
    assert library.load("north").mapping.source == "/small/north"
    assert library.load("small").mapping.source == "/small/t"


def test_what_one_tenant_changes_no_other_mapping_sees(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(small(redact=["iban"]), encoding="utf-8")
    (tmp_path / "north.yaml").write_text(TENANT, encoding="utf-8")
    library = Library((tmp_path,))
    alone = library.load("small").written
    library.load("north")
    assert library.load("small").written == alone
