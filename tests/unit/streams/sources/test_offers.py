"""Kinds and rules that one word rules out are passed over, and nothing else changes by it."""

from pathlib import Path

import pytest

from streams.sources.message import Message, Scope
from streams.sources.offers import ByWord, Gate, gate_of
from tests.unit.streams.sources.written import mapped, mapping, small

NOTHING = Scope(Message(b""), {}, [])
BODY = '{"nr": "1", "id": "e", "at": "2026-01-02T03:04:05Z", "sort": %s}'


def kind(accept: object, **more: object) -> dict[str, object]:
    rules = {"created": {"type": "purchase_order.created.v1", "evidence": "inferred"}}
    key = {"type": "purchase_order", "id": "nr"}
    return {"accept": accept, "key": key, "identity": "id", "time": "at", "rules": rules, **more}


KINDS = {
    "first": kind({"value": "$sort", "is": "a"}, pass_on=True),
    "second": kind([{"value": "$sort", "in": ["a", "b"]}, {"value": "nr", "is": "1"}]),
    "third": kind({"value": "$sort", "is": "b"}),
    "null": kind({"value": "$sort", "is": None}),
    "own": kind({"value": "$sort", "is": "c"}, let={"sort": "nr"}),
    "rest": kind({"value": "sort", "set": True}),
}


@pytest.mark.parametrize(
    ("word", "taken"),
    [
        ('"a"', ["first", "second"]),
        ('" b "', ["second"]),
        ("null", ["null"]),
        ('"c"', ["rest"]),
        ('{"x": 1}', ["rest"]),
    ],
)
def test_a_record_goes_to_the_kinds_that_its_word_leaves(tmp_path: Path, word: str, taken: list[str]) -> None:
    outcome = mapped(tmp_path, small(messages=KINDS, let={"sort": "sort"}), BODY % word)
    assert [fired.kind for fired in outcome.fired] == taken


def test_a_kind_that_gives_the_name_another_meaning_is_always_asked(tmp_path: Path) -> None:
    outcome = mapped(tmp_path, small(messages=KINDS, let={"sort": "sort"}), BODY.replace('"1"', '"c"') % '"z"')
    assert [fired.kind for fired in outcome.fired] == ["own"]


def test_the_kinds_that_one_word_tells_apart_are_found_by_it(tmp_path: Path) -> None:
    made = mapping(tmp_path, small(messages=KINDS, let={"sort": "sort"}))
    offers = made.offers["json", ""]
    assert isinstance(offers, ByWord)
    assert [kind.name for kind, _ in offers.by_word["a"].to(NOTHING)] == ["first", "second", "own", "rest"]
    assert [kind.name for kind, _ in offers.others.to(NOTHING)] == ["own", "rest"]


def test_what_a_word_proves_is_not_asked_again(tmp_path: Path) -> None:
    made = mapping(tmp_path, small(messages=KINDS, let={"sort": "sort"}))
    scope = Scope(Message(b""), {"sort": "a"}, [])
    left = {kind.name: test for kind, test in made.offers["json", ""].to(scope)}
    assert left["first"] is None
    assert left["second"] is not None  # it asks for another value as well


def test_rules_keep_their_order_and_conditions(tmp_path: Path) -> None:
    rule = {"type": "purchase_order.changed.v1", "evidence": "inferred"}
    conditions = {
        "a": "sort == 'a'",
        "b": "sort == 'b'",
        "a2": [{"value": "sort", "is": "a"}, "nr"],
        "a3": ["sort == 'a'", "no"],
    }
    rules = {name: {**rule, "when": when} for name, when in conditions.items()} | {"any": rule}
    text = small(messages__order__rules=rules)
    assert [fired.rule for fired in mapped(tmp_path, text, BODY % '"a"').fired] == ["a", "a2", "any"]
    assert [fired.rule for fired in mapped(tmp_path, text, BODY % '["x"]').fired] == ["any"]


@pytest.mark.parametrize(
    ("condition", "gate"),
    [
        ("kind == 'x'", Gate("kind", frozenset({"x"}), proof=False)),
        ("kind == 'x' || other", None),
        ("kind == ' x'", None),
        ({"value": "a", "is": True}, Gate("a", frozenset({"true"}))),
        ({"value": "a", "in": ["x", None]}, Gate("a", frozenset({"x", None}))),
        ({"value": ["a", {"text": "upper"}], "is": "X"}, None),
        ({"value": "a", "set": True}, None),
        ({"not": {"value": "a", "is": "x"}}, None),
        ({"any": [{"value": "a", "is": "x"}]}, None),
        (None, None),
    ],
)
def test_only_what_a_condition_cannot_do_without_is_its_gate(condition: object, gate: Gate | None) -> None:
    assert gate_of(condition) == gate
