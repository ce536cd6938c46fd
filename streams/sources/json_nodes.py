"""The nodes of a jmespath expression as closures; `json_paths` puts them together."""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from jmespath import exceptions
from jmespath.visitor import Options, TreeInterpreter

from streams.codecs.reasons import Unreadable
from streams.sources.functions import Functions
from streams.sources.reasons import SELECTOR_FAILED

Path = Callable[[Any], Any]
FUNCTIONS: Final = Functions()
_FAILURES: Final = (exceptions.JMESPathError, TypeError, ValueError, ArithmeticError, RecursionError)
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,), "number": (int, float), "boolean": (bool,), "array": (list,), "object": (dict,),
    "null": (type(None),), "expref": (),
}  # fmt: skip
_TEXT: Final = frozenset((str,))
_INTERPRETER: Final[Any] = TreeInterpreter(Options(custom_functions=FUNCTIONS))


def fields(names: tuple[str, ...]) -> Path:
    """The member at the end of these names."""
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


def chain(parts: list[Path]) -> Path:
    """Each part works on what the part before found."""

    def run(value: Any) -> Any:
        for part in parts:
            value = part(value)
        return value

    return run


def index_of(index: int) -> Path:
    """One element of a list."""

    def run(value: Any) -> Any:
        if type(value) is not list:
            return None
        return value[index] if -len(value) <= index < len(value) else None

    return run


def is_false(value: Any) -> bool:
    """jmespath: false are nothing, false and what is empty; numbers are true."""
    return not value and type(value) not in (int, float)


def not_null(parts: list[Path]) -> Path:
    """The first part that is not null."""
    if len(parts) == 2:
        first, second = parts
        return lambda value: second(value) if (found := first(value)) is None else found

    def run(value: Any) -> Any:
        for part in parts:
            if (found := part(value)) is not None:
                return found
        return None

    return run


def flatten(inner: Path) -> Path:
    """A list with the lists in it laid open by one level."""

    def run(value: Any) -> Any:
        found = inner(value)
        if type(found) is not list:
            return None
        flat: list[Any] = []
        for one in found:
            flat.extend(one) if type(one) is list else flat.append(one)
        return flat

    return run


def projection(left: Path, right: Path, test: Path | None = None) -> Path:
    """What `right` finds in each element of a list (of those for which `test` holds)."""

    def run(value: Any) -> Any:
        found = left(value)
        if type(found) is not list:
            return None
        if test is not None:
            found = [element for element in found if not is_false(test(element))]
        return [one for element in found if (one := right(element)) is not None]

    return run


def several(parts: list[Path]) -> Path:
    """A list of what all parts find."""
    return lambda value: None if value is None else [part(value) for part in parts]


def call(name: str, arguments: list[Path]) -> Path:
    """A function of the library; whatever is not plainly of the types that it takes, the library checks and refuses."""
    function, signature = itemgetter("function", "signature")(FUNCTIONS.FUNCTION_TABLE[name])
    plain = _plain(signature) if len(signature) == len(arguments) else None

    def run(value: Any) -> Any:
        found = [argument(value) for argument in arguments]
        try:
            if plain is not None and plain(found):
                return function(FUNCTIONS, *found)
            return FUNCTIONS.call_function(name, found)
        except _FAILURES as error:
            raise Unreadable(SELECTOR_FAILED, str(error)[:200]) from None

    return run


def _plain(signature: Sequence[Mapping[str, Any]]) -> Callable[[list[Any]], bool] | None:
    """Whether arguments are plainly of the types that a function takes; None where only the library can tell."""
    tests = [_of_types(one["types"]) for one in signature]
    if None in tests or any(one.get("variadic") for one in signature):
        return None
    if len(tests) == 1:
        (only,) = tests
        return lambda found: only(found[0])  # type: ignore[misc]
    return lambda found: all(test(one) for test, one in zip(tests, found, strict=False))  # type: ignore[misc]


def _of_types(names: Sequence[str]) -> Callable[[Any], bool] | None:
    if not names:
        return lambda value: True
    if names == ["array-string"]:
        return lambda value: type(value) is list and {*map(type, value)} <= _TEXT
    if any("-" in name for name in names):
        return None
    types = frozenset(kind for name in names for kind in _TYPES[name])
    return lambda value: type(value) in types


def by_library(node: dict[str, Any]) -> Path:
    """Any other node, left to the library's own interpreter."""

    def run(value: Any) -> Any:
        try:
            return _INTERPRETER.visit(node, value)
        except _FAILURES as error:
            raise Unreadable(SELECTOR_FAILED, str(error)[:200]) from None

    return run
