"""Kinds and rules that are found by their words are those that are found by asking every one in turn."""

from functools import partial
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from streams.sources.conditions import compile_conditions, joined
from streams.sources.message import Message, Scope
from streams.sources.offers import candidate, offers_of
from streams.sources.readers import Reader
from streams.sources.values import Selectors

WORDS = ("x", "y", "z")
NAMES = st.sampled_from(["a", "b", "$c"])
PROVEN = st.one_of(
    st.builds(lambda name, word: {"value": name, "is": word}, NAMES, st.sampled_from([*WORDS, None])),
    st.builds(lambda name, words: {"value": name, "in": words}, NAMES, st.lists(st.sampled_from([*WORDS, None]))),
)
CONDITIONS = st.one_of(
    PROVEN,
    PROVEN,
    st.builds("{} == '{}'".format, st.sampled_from("ab"), st.sampled_from(WORDS)),
    st.builds(lambda name: {"value": name, "set": False}, NAMES),
    st.builds(lambda one: {"not": one}, PROVEN),
    st.sampled_from(["a", "starts_with(b, 'x')"]),
)
WHENS = st.none() | CONDITIONS | st.lists(CONDITIONS, min_size=1, max_size=3)
VALUES = st.sampled_from([*WORDS, " x ", "", None, 7, {"x": 1}, ["y"]])
ITEMS = st.fixed_dictionaries({}, optional={"a": VALUES, "b": VALUES, "c": VALUES})


def reader_of(selectors: Selectors, written: str) -> Reader:
    return selectors.value(written, ())


@example([{"value": "a", "is": "x"}, "a == 'x'", {"value": "a", "in": ["x", "y"]}], [{"a": " x "}, {"a": ["y"]}])
@given(st.lists(WHENS, max_size=8), st.lists(ITEMS, min_size=1, max_size=6))
def test_what_one_word_proves_or_rules_out_is_what_asking_would_tell(whens: list[Any], items: list[Any]) -> None:
    selectors = Selectors("json", {}, record_lets={"c": "c"})
    asked = [[] if when is None else compile_conditions(when, (), selectors) for when in whens]
    candidates = [candidate(place, when, tests) for place, (when, tests) in enumerate(zip(whens, asked, strict=True))]
    offers = offers_of(candidates, partial(reader_of, selectors))
    assert not selectors.wrong
    for item in items:
        scope = Scope(Message(b""), item, [])
        found = [place for place, test in offers.to(scope) if test is None or test(scope)]
        assert found == [place for place, tests in enumerate(asked) if (test := joined(tests)) is None or test(scope)]
