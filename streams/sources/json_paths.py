"""jmespath expressions as closures.

The library interprets its syntax tree at every search; here the usual nodes are compiled once and the rest is left to
it. `python -m benchmarks.mapping` measures both side by side; a property test holds them to the same answers.
"""

import re
from typing import Any, Final

from jmespath import exceptions
from jmespath.parser import Parser

from streams.sources import json_nodes as nodes
from streams.sources.readers import Reader, then

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def compile_json_path(text: str) -> Reader:
    """The closure of an expression. Raises ValueError with a sentence when it is not jmespath."""
    try:
        tree: Any = Parser().parse(text).parsed
    except (exceptions.JMESPathError, RecursionError) as error:
        raise ValueError(f"not a jmespath expression: {_short(error)}") from None
    if unknown := _unknown_functions(tree):
        raise ValueError(f"there is no jmespath function {unknown!r}; our own are pivot and merge_all")
    return _compile(tree)


def member_of(text: str) -> str:
    """The name of a path that is one member of the item; empty for any other path."""
    return text if _NAME.fullmatch(text) else ""


def _short(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    hint = " (a name with signs or blanks in it is quoted twice: '\"po-number\"')"
    return (lines[0] if lines else "empty") + hint


def _unknown_functions(tree: dict[str, Any]) -> str:
    if tree["type"] == "function_expression" and tree["value"] not in nodes.FUNCTIONS.FUNCTION_TABLE:
        return str(tree["value"])
    for child in tree["children"]:
        if isinstance(child, dict) and (found := _unknown_functions(child)):
            return found
    return ""


def _compile(node: dict[str, Any]) -> Reader:
    """The closure of a node; the order of the cases does not matter."""
    names = _plain_names(node)
    if names:
        return nodes.fields(names)
    if node["type"] in ("or_expression", "and_expression", "not_expression"):
        return _logic(node)
    if node["type"] == "comparator" and node["value"] in ("eq", "ne"):
        return _equality(node)
    return _compile_simple(node)


def _compile_simple(node: dict[str, Any]) -> Reader:
    match node["type"]:
        case "current" | "identity":
            return lambda scope, value: value
        case "literal":
            literal = node["value"]
            return lambda scope, value: literal
        case "subexpression" | "pipe" | "index_expression":
            return then([_compile(child) for child in node["children"]])
        case "index":
            return nodes.index_of(node["value"])
        case "flatten":
            return nodes.flatten(_compile(node["children"][0]))
        case "projection":
            left, right = (_compile(child) for child in node["children"])
            return nodes.projection(left, right)
        case "filter_projection":
            left, right, test = (_compile(child) for child in node["children"])
            return nodes.projection(left, right, test)
    return _compile_several(node)


def _compile_several(node: dict[str, Any]) -> Reader:
    """A node with any number of parts; what takes an expression as an argument is left to the library."""
    if node["type"] == "multi_select_list":
        return nodes.several([_compile(child) for child in node["children"]])
    if node["type"] == "function_expression" and all(child["type"] != "expref" for child in node["children"]):
        arguments = [_compile(child) for child in node["children"]]
        return nodes.not_null(arguments) if node["value"] == "not_null" else nodes.call(node["value"], arguments)
    return nodes.by_library(node)


def _plain_names(node: dict[str, Any]) -> tuple[str, ...]:
    """The names of ``a."b-c".d``; empty for anything else."""
    if node["type"] == "field":
        return (node["value"],)
    if node["type"] != "subexpression":
        return ()
    parts = [_plain_names(child) for child in node["children"]]
    return tuple(name for part in parts for name in part) if all(parts) else ()


def _equality(node: dict[str, Any]) -> Reader:
    left, right = node["children"]
    first, wanted = _compile(left), node["value"] == "eq"
    if right["type"] == "literal" and isinstance(right["value"], str):
        text = right["value"]
        if wanted:
            return lambda scope, value: first(scope, value) == text
        return lambda scope, value: first(scope, value) != text
    second = _compile(right)
    if wanted:
        return lambda scope, value: _equal(first(scope, value), second(scope, value))
    return lambda scope, value: not _equal(first(scope, value), second(scope, value))


def _equal(left: Any, right: Any) -> bool:
    """jmespath: as in JSON, where 1 is not true and 0 is not false."""
    return (type(left) is bool) == (type(right) is bool) and bool(left == right)


def _logic(node: dict[str, Any]) -> Reader:
    first, *rest = (_compile(child) for child in node["children"])
    if node["type"] == "not_expression":

        def negation(scope: Any, value: Any) -> Any:
            found = first(scope, value)
            return False if type(found) is int and found == 0 else nodes.is_false(found)

        return negation
    (second,) = rest
    return nodes.either(first, second) if node["type"] == "or_expression" else nodes.both(first, second)
