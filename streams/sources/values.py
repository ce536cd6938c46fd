"""Selectors as closures: a text is a path, ``$name`` or ``=constant``; a list is a chain; a mapping is one step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from metrics.definitions.mistakes import Place, nearest, unknown
from metrics.texts.times import written
from streams.sources.json_paths import compile_json_path
from streams.sources.message import Scope
from streams.sources.readers import Reader, once_an_item, then
from streams.sources.step_words import BESIDE, JSON, STEPS, TEXT, XML, Step, nothing
from streams.sources.tables import Table
from streams.sources.xml_paths import compile_xml_path


def _received(scope: Scope, found: Any) -> str | None:
    return written(scope.message.received) if scope.message.received else None


def _line(scope: Scope, found: Any) -> int | None:
    return scope.line or None


def _topic(scope: Scope, found: Any) -> str | None:
    return scope.message.topic or None


_PLAIN_NAMES: Final[dict[str, Reader]] = {"line": _line, "received": _received, "topic": _topic}


def _header(key: str) -> Reader:
    key = key.lower()
    return lambda scope, found: scope.headers.get(key)


def _head(key: str) -> Reader:
    return lambda scope, found: scope.head.get(key)


def _trailer(key: str) -> Reader:
    return lambda scope, found: scope.trailer.get(key)


_KEYED_NAMES: Final[dict[str, Callable[[str], Reader]]] = {"header": _header, "head": _head, "trailer": _trailer}
_CAUSE: Final = ("enrichment", "event_id", "type", "subject", "time")


@dataclass
class Selectors:
    """Compiles the selectors of one kind of message, and notes what is wrong with them."""

    syntax: str
    settings: Mapping[str, str]
    namespaces: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    watched: frozenset[str] = frozenset()
    record_lets: dict[str, Any] = field(default_factory=dict)
    item_lets: dict[str, tuple[Any, Place]] = field(default_factory=dict)
    lets: dict[str, tuple[Reader, str]] = field(default_factory=dict)
    facts: dict[str, Reader] = field(default_factory=dict)
    paths: dict[tuple[str, str], Reader] = field(default_factory=dict)
    """Those of the whole mapping: a path that stands in many places is compiled once."""
    wrong: list[tuple[Place, str]] = field(default_factory=list)

    @property
    def language(self) -> str:
        """In which language a path selects in a message of this syntax."""
        return XML if self.syntax == "xml" else JSON

    def value(self, written: Any, place: Place) -> Reader:
        """The reader of a selector on an item or a record, whatever language its answer is in."""
        reader, _ = self.compile(written, place, self.language)
        return reader

    def name_all(self, written: Mapping[str, Any], place: Place) -> None:
        """Gives selectors names, in any order; each is read at most once an item."""
        self.item_lets.update({name: (one, (*place, name)) for name, one in written.items()})
        for name in written:
            if name in self.item_lets:
                self._item_let(name)

    def _item_let(self, name: str) -> tuple[Reader, str]:
        """A named value of the kind of message; compiled when it is first used."""
        written, place = self.item_lets.pop(name)
        reader, language = self.compile(written, place, self.language)

        self.lets[name] = (once_an_item(reader), language)
        return self.lets[name]

    def _record_let(self, name: str) -> tuple[Reader, str]:
        """A named value of the mapping: it is of the record, whatever the item is; compiled when it is first used."""
        place = ("let", name)
        reader, language = self.compile(self.record_lets.pop(name), place, self.language)

        def read(scope: Scope, found: Any) -> Any:
            shared = scope.shared
            if name not in shared:
                shared[name] = reader(scope, scope.record)
            return shared[name]

        self.lets[name] = (read, language)
        return self.lets[name]

    def shared(self, words: str, compiled: Callable[[], Reader | None]) -> Reader | None:
        """The reader of a fact that may be said in the same words again; not when something is wrong with it."""
        if words in self.facts:
            return self.facts[words]
        wrong = len(self.wrong)
        reader = compiled()
        if reader is None or len(self.wrong) > wrong:
            return reader
        self.facts[words] = once_an_item(reader)
        return self.facts[words]

    def compile(self, written: Any, place: Place, language: str) -> tuple[Reader, str]:
        """(reader, language in which a path could go on from what it finds)."""
        if isinstance(written, str):
            return self._text(written, place, language)
        if isinstance(written, list):
            return self._chain(written, place, language)
        if isinstance(written, dict):
            return self._step(written, place, language)
        if isinstance(written, int | float):
            self._note(place, f"a constant is written with = before it: '={str(written).lower()}'")
        else:
            self._note(place, "a selector is missing here")
        return nothing, TEXT

    def _note(self, place: Place, message: str) -> None:
        self.wrong.append((place, message))

    def _text(self, written: str, place: Place, language: str) -> tuple[Reader, str]:
        if written.startswith("="):
            constant = written[1:]
            return (lambda scope, found: constant), TEXT
        if written.startswith("$"):
            return self._name(written[1:], place)
        return self._path(written, place, language), language

    def _path(self, written: str, place: Place, language: str) -> Reader:
        if (language, written) not in self.paths:
            try:
                self.paths[language, written] = self._compiled(written, language)
            except ValueError as error:
                self._note(place, f"{error}; a constant is written with = before it: '={written}'")
                return nothing
        return self.paths[language, written]

    def _compiled(self, written: str, language: str) -> Reader:
        if language == JSON:
            return compile_json_path(written)
        if language == XML:
            return compile_xml_path(written, self.namespaces)
        raise ValueError("nothing can be selected in a text; put {decode: json} or {decode: xml} before it")

    def _name(self, name: str, place: Place) -> tuple[Reader, str]:
        whole, _, key = name.partition(".")
        if name in self.lets:
            return self.lets[name]
        if name in self.item_lets:
            return self._item_let(name)
        if name in self.record_lets:
            return self._record_let(name)
        if name in ("item", "record", "message"):
            attribute = "root" if name == "message" else name
            return (lambda scope, found: getattr(scope, attribute)), self.language
        if name in _PLAIN_NAMES:
            return _PLAIN_NAMES[name], TEXT
        if whole in _KEYED_NAMES and key:
            return _KEYED_NAMES[whole](key), TEXT
        if whole == "setting" and key in self.settings:
            constant = self.settings[key]
            return (lambda scope, found: constant), TEXT
        if whole == "cause" and key in _CAUSE:
            return (lambda scope, found: getattr(scope.cause, key, None)), TEXT
        known = [
            *self.lets,
            *self.record_lets,
            "item",
            "record",
            "message",
            *_PLAIN_NAMES,
            "header.NAME",
            "head.COLUMN",
            "trailer.COLUMN",
        ]
        known += [f"setting.{one}" for one in self.settings] + [f"cause.{one}" for one in _CAUSE]
        self._note(place, f"there is nothing named '${name}'{nearest(name, known) or '; known: $' + ', $'.join(known)}")
        return nothing, TEXT

    def _chain(self, written: list[Any], place: Place, language: str) -> tuple[Reader, str]:
        if not written:
            self._note(place, "the chain has no steps")
            return nothing, TEXT
        readers = []
        for index, step in enumerate(written):
            reader, language = self.compile(step, (*place, index), language)
            readers.append(reader)
        return then(readers), language

    def _step(self, written: dict[str, Any], place: Place, language: str) -> tuple[Reader, str]:
        words = [word for word in written if word in STEPS]
        beside = BESIDE.get(words[0], "") if words else ""
        strange = [word for word in written if word not in words and word != beside]
        if strange:
            self._note((*place, strange[0]), unknown("step", strange[0], STEPS))
        elif len(words) != 1:
            many = "one mapping is one step; write several as a list: [{...}, {...}]"
            self._note(place, many if words else f"an empty mapping is no step; steps: {', '.join(STEPS)}")
        else:
            step = Step(written[words[0]], (*place, words[0]), language, str(written.get(beside, "")))
            return STEPS[words[0]](self, step)
        return nothing, TEXT
