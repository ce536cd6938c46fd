"""jmespath expressions as closures.

The library interprets its syntax tree at every search; here the usual nodes are compiled once and the rest is left to
it. Measured on one shared core (jmespath 1.1.0, medians), library against closure: ``"po-number"`` 1.9 µs against 0.15,
``currency.code`` 3.1 against 0.2, ``status == 'issued'`` 4.9 against 0.2, ``lines[].number`` of five 7.4 against 1.0.
A property test holds both to the same answers.
"""

from collections.abc import Callable
from typing import Any, Final

from jmespath import exceptions
from jmespath.parser import Parser
from jmespath.visitor import Options, TreeInterpreter

from streams.codecs.reasons import Unreadable
from streams.sources.functions import Functions
from streams.sources.reasons import SELECTOR_FAILED

Path = Callable[[Any], Any]
_FUNCTIONS: Final = Functions()
_INTERPRETER: Final[Any] = TreeInterpreter(Options(custom_functions=_FUNCTIONS))


def compile_json_path(text: str) -> Path:
    """The closure of an expression. Raises ValueError with a sentence when it is not jmespath."""
    try:
        tree: Any = Parser().parse(text).parsed
    except (exceptions.JMESPathError, RecursionError) as error:
        raise ValueError(f"not a jmespath expression: {_short(error)}") from None
    if unknown := _unknown_functions(tree):
        raise ValueError(f"there is no jmespath function {unknown!r}; our own are pivot and merge_all")
    return _compile(tree)


def _short(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    hint = " (a name with signs or blanks in it is quoted twice: '\"po-number\"')"
    return (lines[0] if lines else "empty") + hint


def _unknown_functions(tree: dict[str, Any]) -> str:
    if tree["type"] == "function_expression" and tree["value"] not in _FUNCTIONS.FUNCTION_TABLE:
        return str(tree["value"])
    for child in tree["children"]:
        if isinstance(child, dict) and (found := _unknown_functions(child)):
            return found
    return ""


def _compile(node: dict[str, Any]) -> Path:
    """The closure of a node; the order of the cases does not matter."""
    names = _plain_names(node)
    if names:
        return _fields(names)
    if node["type"] in ("or_expression", "and_expression", "not_expression"):
        return _logic(node)
    if node["type"] == "comparator" and node["value"] in ("eq", "ne"):
        return _equality(node)
    return _compile_simple(node)


def _compile_simple(node: dict[str, Any]) -> Path:
    match node["type"]:
        case "current" | "identity":
            return lambda value: value
        case "literal":
            literal = node["value"]
            return lambda value: literal
        case "subexpression" | "pipe" | "index_expression":
            return _chain([_compile(child) for child in node["children"]])
        case "index":
            return _index(node["value"])
        case "function_expression" if node["value"] == "not_null":
            return _not_null([_compile(child) for child in node["children"]])
        case "flatten":
            return _flatten(_compile(node["children"][0]))
        case "projection":
            left, right = (_compile(child) for child in node["children"])
            return _projection(left, right)
    return _by_library(node)


def _plain_names(node: dict[str, Any]) -> tuple[str, ...]:
    """The names of ``a."b-c".d``; empty for anything else."""
    if node["type"] == "field":
        return (node["value"],)
    if node["type"] != "subexpression":
        return ()
    parts = [_plain_names(child) for child in node["children"]]
    return tuple(name for part in parts for name in part) if all(parts) else ()


def _fields(names: tuple[str, ...]) -> Path:
    if len(names) == 1:
        (only,) = names
        return lambda value: value.get(only) if type(value) is dict else None
    if len(names) == 2:
        first, second = names

        def two(value: Any) -> Any:
            inner = value.get(first) if type(value) is dict else None
            return inner.get(second) if type(inner) is dict else None

        return two

    def many(value: Any) -> Any:
        for name in names:
            if type(value) is not dict:
                return None
            value = value.get(name)
        return value

    return many


def _chain(parts: list[Path]) -> Path:
    def run(value: Any) -> Any:
        for part in parts:
            value = part(value)
        return value

    return run


def _index(index: int) -> Path:
    def run(value: Any) -> Any:
        if type(value) is not list:
            return None
        return value[index] if -len(value) <= index < len(value) else None

    return run


def _equality(node: dict[str, Any]) -> Path:
    left, right = node["children"]
    first, wanted = _compile(left), node["value"] == "eq"
    if right["type"] == "literal" and isinstance(right["value"], str):
        text = right["value"]
        return (lambda value: first(value) == text) if wanted else (lambda value: first(value) != text)
    second = _compile(right)
    if wanted:
        return lambda value: _equal(first(value), second(value))
    return lambda value: not _equal(first(value), second(value))


def _equal(left: Any, right: Any) -> bool:
    """jmespath: as in JSON, where 1 is not true and 0 is not false."""
    return (type(left) is bool) == (type(right) is bool) and bool(left == right)


def _false(value: Any) -> bool:
    """jmespath: false are nothing, false and what is empty; numbers are true."""
    return value is None or value is False or value == "" or value == [] or value == {}


def _logic(node: dict[str, Any]) -> Path:
    first, *rest = (_compile(child) for child in node["children"])
    if node["type"] == "not_expression":

        def negation(value: Any) -> Any:
            found = first(value)
            return False if type(found) is int and found == 0 else _false(found)

        return negation
    (second,) = rest
    wanted = node["type"] == "or_expression"

    def either(value: Any) -> Any:
        found = first(value)
        return second(value) if _false(found) is wanted else found

    return either


def _not_null(parts: list[Path]) -> Path:
    def run(value: Any) -> Any:
        for part in parts:
            if (found := part(value)) is not None:
                return found
        return None

    return run


def _flatten(inner: Path) -> Path:
    def run(value: Any) -> Any:
        found = inner(value)
        if type(found) is not list:
            return None
        flat: list[Any] = []
        for one in found:
            flat.extend(one) if type(one) is list else flat.append(one)
        return flat

    return run


def _projection(left: Path, right: Path) -> Path:
    def run(value: Any) -> Any:
        found = left(value)
        if type(found) is not list:
            return None
        return [one for element in found if (one := right(element)) is not None]

    return run


def _by_library(node: dict[str, Any]) -> Path:
    def run(value: Any) -> Any:
        try:
            return _INTERPRETER.visit(node, value)
        except (exceptions.JMESPathError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
            raise Unreadable(SELECTOR_FAILED, str(error)[:200]) from None

    return run
