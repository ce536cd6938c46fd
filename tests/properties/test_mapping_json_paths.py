"""Compiled jmespath expressions answer as the library's own interpreter does."""

import jmespath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.codecs.reasons import Unreadable
from streams.sources.json_paths import compile_json_path
from streams.sources.message import Message, Scope

SCOPE = Scope(Message(b""), None, [])
NAMES = ("a", "b", '"c-d"')
LEAVES = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "x", "y", "issued"])
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c-d"]), inner, max_size=3),
    max_leaves=12,
)


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    name = st.sampled_from(NAMES)
    return st.one_of(
        st.tuples(inner, name).map(".".join),
        inner.map(lambda one: f"{one}[0]"),
        inner.map(lambda one: f"{one}[-1]"),
        inner.map(lambda one: f"{one}[]"),
        inner.map(lambda one: f"{one}[*].a"),
        inner.map(lambda one: f"{one}[?b == 'x'].a"),
        inner.map(lambda one: f"{one}[?a]"),
        inner.map(lambda one: f"[{one}, a]"),
        inner.map(lambda one: f"type({one})"),
        inner.map(lambda one: f"keys({one})"),
        inner.map(lambda one: f"contains({one}, 'x')"),
        inner.map(lambda one: f"join('-', {one})"),
        inner.map(lambda one: f"starts_with({one}, 'x')"),
        inner.map(lambda one: f"max({one})"),
        inner.map(lambda one: f"to_string({one})"),
        st.tuples(st.sampled_from(["length", "values", "reverse", "abs"]), inner).map(
            lambda both: "{}({})".format(*both)
        ),
        st.tuples(inner, inner).map(lambda both: "merge({}, {})".format(*both)),
        inner.map(lambda one: f"sort_by({one}, &a)"),
        inner.map(lambda one: f"!({one})"),
        inner.map(lambda one: f"({one}) | a"),
        inner.map(lambda one: f"not_null({one}, b)"),
        st.tuples(
            inner, st.sampled_from(["==", "!="]), st.sampled_from(["'x'", "`1`", "`true`", "`0`", "b", "`null`"])
        ).map(lambda parts: f"({parts[0]}) {parts[1]} {parts[2]}"),
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
    )


EXPRESSIONS = st.recursive(st.sampled_from([*NAMES, "@"]), combined, max_leaves=5)


@given(EXPRESSIONS, DOCUMENTS)
def test_a_compiled_path_finds_what_the_library_finds(expression: str, document: object) -> None:
    try:
        expected = jmespath.search(expression, document)
    except (jmespath.exceptions.JMESPathError, TypeError, ValueError):  # what the library itself does not check
        with pytest.raises(Unreadable):
            compile_json_path(expression)(SCOPE, document)
        return
    found = compile_json_path(expression)(SCOPE, document)
    assert found == expected
    assert type(found) is type(expected)
