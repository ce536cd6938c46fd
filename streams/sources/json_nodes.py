"""The nodes of a jmespath expression as closures; `json_paths` puts them together.

They are readers like the other selectors: they take the scope too and look at the value alone, so that nothing stands
between a path and who asks it.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from jmespath import exceptions
from jmespath.visitor import Options, TreeInterpreter

from streams.codecs.reasons import Unreadable
from streams.sources.functions import Functions
from streams.sources.readers import Reader
from streams.sources.reasons import SELECTOR_FAILED

FUNCTIONS: Final = Functions()
_FAILURES: Final = (exceptions.JMESPathError, TypeError, ValueError, ArithmeticError, RecursionError)
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,), "number": (int, float), "boolean": (bool,), "array": (list,), "object": (dict,),
    "null": (type(None),), "expref": (),
}  # fmt: skip
_TEXT: Final = frozenset((str,))
_NUMBERS: Final = (int, float)
_INTERPRETER: Final[Any] = TreeInterpreter(Options(custom_functions=FUNCTIONS))


def fields(names: tuple[str, ...]) -> Reader:
    """The member at the end of these names."""
    if len(names) == 1:
        (only,) = names
        return lambda scope, value: value.get(only) if type(value) is dict else None
    if len(names) == 2:
        first, second = names

        def two(scope: Any, value: Any) -> Any:
            inner = value.get(first) if type(value) is dict else None
            return inner.get(second) if type(inner) is dict else None

        return two

    def many(scope: Any, value: Any) -> Any:
        for name in names:
            if type(value) is not dict:
                return None
            value = value.get(name)
        return value

    return many


def index_of(index: int) -> Reader:
    """One element of a list."""

    def run(scope: Any, value: Any) -> Any:
        if type(value) is not list:
            return None
        return value[index] if -len(value) <= index < len(value) else None

    return run


def is_false(value: Any) -> bool:
    """jmespath: false are nothing, false and what is empty; numbers are true."""
    return not value and type(value) not in _NUMBERS


def either(first: Reader, second: Reader) -> Reader:
    """What the first finds, unless that is false: then what the second finds."""

    def run(scope: Any, value: Any) -> Any:
        found = first(scope, value)
        return found if found or type(found) in _NUMBERS else second(scope, value)

    return run


def both(first: Reader, second: Reader) -> Reader:
    """What the second finds, unless what the first finds is false: then that."""

    def run(scope: Any, value: Any) -> Any:
        found = first(scope, value)
        return second(scope, value) if found or type(found) in _NUMBERS else found

    return run


def not_null(parts: list[Reader]) -> Reader:
    """The first part that is not null."""
    if len(parts) == 2:
        first, second = parts
        return lambda scope, value: second(scope, value) if (found := first(scope, value)) is None else found

    def run(scope: Any, value: Any) -> Any:
        for part in parts:
            if (found := part(scope, value)) is not None:
                return found
        return None

    return run


def flatten(inner: Reader) -> Reader:
    """A list with the lists in it laid open by one level."""

    def run(scope: Any, value: Any) -> Any:
        found = inner(scope, value)
        if type(found) is not list:
            return None
        flat: list[Any] = []
        for one in found:
            flat.extend(one) if type(one) is list else flat.append(one)
        return flat

    return run


def projection(left: Reader, right: Reader, test: Reader | None = None) -> Reader:
    """What `right` finds in each element of a list (of those for which `test` holds)."""

    def run(scope: Any, value: Any) -> Any:
        found = left(scope, value)
        if type(found) is not list:
            return None
        if test is not None:
            found = [element for element in found if not is_false(test(scope, element))]
        return [one for element in found if (one := right(scope, element)) is not None]

    return run


def several(parts: list[Reader]) -> Reader:
    """A list of what all parts find."""
    return lambda scope, value: None if value is None else [part(scope, value) for part in parts]


def call(name: str, arguments: list[Reader]) -> Reader:
    """A function of the library; whatever is not plainly of the types that it takes, the library checks and refuses."""
    function, signature = itemgetter("function", "signature")(FUNCTIONS.FUNCTION_TABLE[name])
    known = len(signature) == len(arguments) and not any(one.get("variadic") for one in signature)
    plain = [_plain(one["types"]) for one in signature] if known else [_library_tells] * len(arguments)
    parts = list(zip(arguments, plain, strict=True))

    def run(scope: Any, value: Any) -> Any:
        found, checked = [], True
        for argument, is_plain in parts:
            one = argument(scope, value)
            found.append(one)
            checked = checked and is_plain(one)
        try:
            return function(FUNCTIONS, *found) if checked else FUNCTIONS.call_function(name, found)
        except _FAILURES as error:
            raise Unreadable(SELECTOR_FAILED, str(error)[:200]) from None

    return run


def _plain(names: Sequence[str]) -> Callable[[Any], bool]:
    """Whether an argument is plainly of the types that a function takes."""
    if not names:
        return lambda value: True
    if names == ["array-string"]:
        return lambda value: type(value) is list and {*map(type, value)} <= _TEXT
    if any("-" in name for name in names):
        return _library_tells
    types = frozenset(kind for name in names for kind in _TYPES[name])
    return lambda value: type(value) in types


def _library_tells(value: Any) -> bool:
    return False


def by_library(node: dict[str, Any]) -> Reader:
    """Any other node, left to the library's own interpreter."""

    def run(scope: Any, value: Any) -> Any:
        try:
            return _INTERPRETER.visit(node, value)
        except _FAILURES as error:
            raise Unreadable(SELECTOR_FAILED, str(error)[:200]) from None

    return run
