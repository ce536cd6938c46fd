"""Attributes → one JSON object, with what the columns and the links need picked out on the way.

An attribute is read once for each distinct encoding: most (method, status, peer) repeat over thousands
of spans, so their JSON text, keys and hints are remembered by their bytes. Keys with ever new values
(ids, durations) stop being remembered after `_VALUES_PER_KEY`, so that they don't crowd out the rest.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final, Protocol

import msgspec

from streams.codecs.reasons import WRONG_TYPE, Unreadable
from streams.spans.interface import HINTS
from streams.spans.keys import KeyRef, KeyRules
from streams.spans.limits import Limits, shortened
from streams.spans.values import JsonPair, json_value, plain_text, proto_pair, proto_value, text

DROPPED: Final = "flowglass.attributes_dropped"

_VALUES_PER_KEY: Final = 512
_KEYS: Final = 4_096  # distinct names remembered; beyond, the memory starts anew
_CHUNK: Final = 512  # bytes of the longest attribute worth remembering

_PLAIN_JSON: Final = 1_024  # what `plain_text` finds (126 bytes at most) never gets longer than this as JSON

_encode: Final = msgspec.json.encode
_decode_pair: Final = msgspec.json.Decoder(JsonPair).decode


# Plain tuples: one of each is made for an attribute not seen before (0.05 us against 0.3 us for a named tuple).
Hint = tuple[str, str]
"""Name and value for `interface_of`."""
Mark = tuple[tuple[KeyRef, ...], int, Hint | None]
"""What an attribute means beyond its text: the objects it names, how many ids were refused, its hint."""
Attribute = tuple[str, bytes, Mark | None]
"""One attribute: its name, ``"name":value`` as JSON, and its mark if it has one."""
Gathered = tuple[dict[str, bytes], list[Mark]]
"""A span's attributes: their JSON fragments by name, and their marks."""
Cover = Callable[[Any], Any]
"""What becomes of a value that nobody may keep as it is."""


class Private(Protocol):
    """Knows which attributes tell of people; `streams.privacy.span_attributes` in production."""

    def cover(self, name: str, object_type: str | None) -> Cover | None:
        """None for an attribute whose values stay as they are."""
        ...


class Key:
    """What is known of an attribute name: as it is stored, as JSON with its colon, its rule, whether it is a hint.

    `cover`: what its values become before anybody keeps them.
    """

    __slots__ = ("cover", "hint", "marked", "name", "prefix", "remembered", "rule")

    def __init__(self, name: str, rule: tuple[str, str] | None, cover: Cover | None = None) -> None:
        self.name = name
        self.prefix = _encode(name) + b":"
        self.rule = rule
        self.hint = name in HINTS
        self.cover = cover
        self.marked = self.hint or rule is not None or cover is not None
        self.remembered = 0


class AttributeReader:
    """Reads encoded attributes, protobuf or JSON, into `Attribute`; remembers the frequent ones."""

    def __init__(self, rules: KeyRules, limits: Limits, private: Private | None = None) -> None:
        self._rules = rules
        self._private = private
        self._limits = limits
        self._room = limits.value >= _PLAIN_JSON
        self._keys: dict[bytes | str, Key] = {}
        self._proto: dict[bytes, Attribute] = {}
        self._json: dict[bytes, Attribute] = {}

    def proto(self, chunks: Iterable[bytes]) -> Gathered:
        """Encoded KeyValues; of several with one name the last stands. Raises Unreadable."""
        return _gather(chunks, self._proto, self._read_proto)

    def json(self, chunks: Iterable[bytes]) -> Gathered:
        """KeyValues in OTLP/JSON; of several with one name the last stands. Raises Unreadable."""
        return _gather(chunks, self._json, self._read_json)

    @property
    def keeps_plain_texts(self) -> bool:
        """Whether a text of the usual form is never too long."""
        return self._room

    def one(self, chunk: bytes) -> Attribute:
        """One encoded KeyValue. Raises Unreadable."""
        return self._proto.get(chunk) or self._read_proto(chunk)

    def key(self, name: bytes) -> Key:
        """What is known of an encoded attribute name."""
        return self._keys.get(name) or self._new_key(name, text(name))

    def joined(self, fragments: dict[str, bytes]) -> bytes:
        """A JSON object of `"name":value` fragments, with those that don't fit left out and counted."""
        joined = b",".join(fragments.values())
        if len(joined) > self._limits.attributes:
            return self._fitting(list(fragments.values()))
        return b"{" + joined + b"}"

    def _read_proto(self, chunk: bytes) -> Attribute:
        value: Any
        plain = plain_text(chunk)
        if plain is not None:
            name, value = plain
        else:
            name, encoded = proto_pair(chunk)
            value = proto_value(encoded, self._limits.depth)
        key = self.key(name)
        if key.remembered >= _VALUES_PER_KEY and plain is not None and not key.marked and self._room:
            return key.name, key.prefix + _encode(value), None
        return self._attribute(self._proto, key, chunk, value)

    def _read_json(self, chunk: bytes) -> Attribute:
        try:
            pair = _decode_pair(chunk)
        except msgspec.ValidationError as error:
            raise Unreadable(WRONG_TYPE, f"an attribute: {error}") from None
        key = self._keys.get(pair.key) or self._new_key(pair.key, pair.key)
        value = json_value(pair.value, self._limits.depth)
        return self._attribute(self._json, key, chunk, value)

    def _new_key(self, raw: bytes | str, name: str) -> Key:
        if len(self._keys) >= _KEYS:
            self._keys.clear()
            self._proto.clear()
            self._json.clear()
        short = shortened(name, self._limits.name)
        rule = self._rules.rule(short)
        cover = self._private.cover(name, rule[0] if rule else None) if self._private else None
        self._keys[raw] = key = Key(short, rule, cover)
        return key

    def _attribute(self, memory: dict[bytes, Attribute], key: Key, chunk: bytes, value: Any) -> Attribute:
        if key.cover is not None:
            value = key.cover(value)
        encoded = _encode(value)
        if len(encoded) > self._limits.value:
            encoded = self._cut(value, encoded)
        attribute = (key.name, key.prefix + encoded, self._mark(key, value) if key.marked else None)
        if key.remembered < _VALUES_PER_KEY and len(chunk) <= _CHUNK:
            key.remembered += 1
            memory[chunk] = attribute
        return attribute

    def _mark(self, key: Key, value: Any) -> Mark:
        hint = (key.name, value) if key.hint and value and isinstance(value, str) else None
        if key.rule is None:
            return (), 0, hint
        refs, refused = self._rules.refs(key.rule, key.name, value)
        return refs, refused, hint

    def _cut(self, value: Any, encoded: bytes) -> bytes:
        whole = value if isinstance(value, str) else encoded.decode("utf-8")
        return _encode(shortened(whole, self._limits.value))

    def _fitting(self, fragments: list[bytes]) -> bytes:
        room = self._limits.attributes
        kept: list[bytes] = []
        for fragment in fragments:
            room -= len(fragment) + 1
            if room < 0:
                break
            kept.append(fragment)
        kept.append(_encode(DROPPED) + b":%d" % (len(fragments) - len(kept)))
        return b"{" + b",".join(kept) + b"}"


def _gather(chunks: Iterable[bytes], memory: dict[bytes, Attribute], read: Callable[[bytes], Attribute]) -> Gathered:
    fragments: dict[str, bytes] = {}
    marks: list[Mark] = []
    known = memory.get
    for chunk in chunks:
        name, fragment, mark = known(chunk) or read(chunk)
        fragments[name] = fragment
        if mark is not None:
            marks.append(mark)
    return fragments, marks
