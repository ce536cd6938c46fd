"""The steps as authors write them, checked and compiled: one function a word."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from metrics.definitions.mistakes import Place, nearest, unknown
from metrics.texts.money import FORMS, decimal_reader
from streams.sources import steps
from streams.sources.message import Scope
from streams.sources.readers import Reader
from streams.sources.scalars import is_nothing
from streams.sources.tables import Table

JSON, XML, TEXT = "json", "xml", "text"
Made = tuple[Reader, str]
"""(reader, language in which a path could go on from what it finds)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it is written: what stands behind its word, where, in which language, and what `with` says."""

    said: Any
    place: Place
    language: str
    beside: str


class Compiler(Protocol):
    """What a step needs of the compiler of selectors."""

    @property
    def tables(self) -> Any: ...
    @property
    def watched(self) -> frozenset[str]: ...
    @property
    def wrong(self) -> list[tuple[Place, str]]: ...
    def compile(self, written: Any, place: Place, language: str) -> Made: ...


def nothing(scope: Scope, found: Any) -> None:
    """The reader of a selector that is not there or not right."""


def _refused(compiler: Compiler, step: Step, message: str) -> Made:
    compiler.wrong.append((step.place, message))
    return nothing, TEXT


def _decode(compiler: Compiler, step: Step) -> Made:
    if step.said not in steps.DECODERS:
        return _refused(compiler, step, unknown("encoding", str(step.said), steps.DECODERS))
    return steps.decoder(step.said), step.said if step.said in (JSON, XML) else TEXT


def _lookup(compiler: Compiler, step: Step) -> Made:
    name = str(step.said)
    table: Table | None = compiler.tables.get(name)
    if table is None:
        hint = nearest(name, compiler.tables) or "; write it under tables"
        return _refused(compiler, step, f"there is no table '{name}'{hint}")
    return steps.each_in_scope(table.lookup), TEXT


def _first(compiler: Compiler, step: Step) -> Made:
    made = _parts(compiler, step)
    languages = {language for _, language in made}
    return steps.chooser([reader for reader, _ in made]), languages.pop() if len(languages) == 1 else TEXT


def _join(compiler: Compiler, step: Step) -> Made:
    return steps.joiner([reader for reader, _ in _parts(compiler, step)], step.beside), TEXT


def _parts(compiler: Compiler, step: Step) -> list[Made]:
    if not isinstance(step.said, list) or not step.said:
        return [_refused(compiler, step, "needs a list of selectors")]
    return [compiler.compile(one, (*step.place, index), step.language) for index, one in enumerate(step.said)]


def _pad(compiler: Compiler, step: Step) -> Made:
    sign = step.beside or "0"
    if type(step.said) is not int or not 1 <= step.said <= 100 or len(sign) != 1:
        return _refused(compiler, step, "needs a width from 1 to 100 (and, with `with`, one sign): {pad: 10}")
    return steps.padder(step.said, sign), TEXT


def _text(compiler: Compiler, step: Step) -> Made:
    if step.said not in steps.TEXT_FORMS:
        return _refused(compiler, step, unknown("change of a text", str(step.said), steps.TEXT_FORMS))
    return steps.each(steps.TEXT_FORMS[step.said]), TEXT


def _match(compiler: Compiler, step: Step) -> Made:
    try:
        return steps.matcher(re.compile(str(step.said))), TEXT
    except re.error as error:
        return _refused(compiler, step, f"not a regular expression: {error}")


def _replace(compiler: Compiler, step: Step) -> Made:
    old, new = step.said, step.beside
    if not isinstance(old, str) or not old:
        return _refused(compiler, step, "needs the text to be replaced: {replace: '/', with: '.'}")
    return steps.each(lambda text: text.replace(old, new)), TEXT


def _split(compiler: Compiler, step: Step) -> Made:
    if not isinstance(step.said, str) or not step.said:
        return _refused(compiler, step, "needs the sign between the parts: {split: ','}")
    return steps.splitter(step.said), JSON


def _default(compiler: Compiler, step: Step) -> Made:
    if not isinstance(step.said, str | int):
        return _refused(compiler, step, "needs a constant: {default: other}")
    text = str(step.said).lower() if isinstance(step.said, bool) else str(step.said)
    return (lambda scope, found: text if is_nothing(found) else found), TEXT


def _previous(compiler: Compiler, step: Step) -> Made:
    if step.said not in compiler.watched:
        hint = nearest(str(step.said), compiler.watched)
        return _refused(compiler, step, f"'{step.said}' is not watched{hint}; see state.watch")
    return steps.previous(str(step.said)), TEXT


def _decimal(compiler: Compiler, step: Step) -> Made:
    if step.said not in FORMS:
        return _refused(compiler, step, unknown("form of money", str(step.said), FORMS))
    return steps.each(decimal_reader(step.said)), TEXT


def _sum(compiler: Compiler, step: Step) -> Made:
    if step.said not in FORMS:
        return _refused(compiler, step, unknown("form of money", str(step.said), FORMS))
    return steps.adder(step.said), TEXT


def _product(compiler: Compiler, step: Step) -> Made:
    form = step.beside or "point"
    if form not in FORMS:
        return _refused(compiler, step, unknown("form of money", form, FORMS))
    return steps.multiplier([reader for reader, _ in _parts(compiler, step)], form), JSON


STEPS: Final[dict[str, Callable[[Compiler, Step], Made]]] = {
    "decode": _decode,
    "lookup": _lookup,
    "first": _first,
    "join": _join,
    "pad": _pad,
    "text": _text,
    "match": _match,
    "replace": _replace,
    "split": _split,
    "default": _default,
    "previous": _previous,
    "decimal": _decimal,
    "sum": _sum,
    "product": _product,
}
BESIDE: Final = {"join": "with", "pad": "with", "replace": "with", "product": "form"}
