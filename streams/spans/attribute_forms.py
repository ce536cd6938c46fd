"""Encoded attributes of thousands of spans, sorted by form: plain texts, plain numbers, and all others.

A plain text or number of a short name is never made a Python object; on the wire it is recognised by the six bytes
that frame it. Any other attribute (a list, a flag, a text to escape) is read by `AttributeReader`, once for each
distinct encoding.
"""

from typing import Any, Final, NamedTuple

import numpy as np

from streams.codecs.reasons import Unreadable
from streams.spans.attributes import Attribute, AttributeReader, Hint, Key
from streams.spans.limits import Limits
from streams.spans.pieces import offsets_of, slices
from streams.spans.wire import Bytes, Flags, Ints, number_at

_KEY: Final = 0x0A
_VALUE: Final = 0x12
_TEXT: Final = 0x0A
_INT: Final = 0x18
_SHORT: Final = 128  # a length below takes one byte

_QUOTE: Final = 0x22
_BACKSLASH: Final = 0x5C
_SPACE: Final = 0x20
_TILDE: Final = 0x7E

_UNREADABLE: Final[Attribute] = ("", b"", None)


class Given(NamedTuple):
    """Encoded KeyValues in message order: the span each belongs to, where it begins, its bytes. `spans`: how many."""

    data: bytearray
    view: Bytes
    owner: Ints
    at: Ints
    size: Ints
    spans: int


class Texts(NamedTuple):
    """ASCII texts that stand in JSON as they are: their rows among all, the key of each, where it begins, its bytes."""

    rows: Ints
    keys: Ints
    at: Ints
    size: Ints


class Numbers(NamedTuple):
    """Whole numbers from 0 on: their rows among all, the key of each, the numbers."""

    rows: Ints
    keys: Ints
    numbers: Ints


class Others(NamedTuple):
    """All other attributes: their rows among all, the distinct ones, and which of these each is."""

    rows: Ints
    codes: Ints
    distinct: list[Attribute]

    def unreadable(self) -> Ints:
        """The rows that cannot be read."""
        return self.rows[self.marked([one is _UNREADABLE for one in self.distinct])]

    def marked(self, distinct: list[bool]) -> Flags:
        """By row, what holds for the distinct attribute it is."""
        return np.array(distinct, np.bool_)[self.codes]


class Sorted(NamedTuple):
    """Attributes by form. `keys` are the distinct ones of texts and numbers."""

    keys: list[Key]
    texts: Texts
    numbers: Numbers
    others: Others

    def keyed(self, by_key: list[bool], of: Ints) -> Flags:
        """What holds for each of these keys."""
        return np.array(by_key, np.bool_)[of]


class AttributeForms:
    """Sorts encoded attributes; shares its reader, and so what is remembered, with the reading span by span."""

    def __init__(self, reader: AttributeReader, limits: Limits) -> None:
        self._reader = reader
        self._limits = limits

    def sort(self, given: Given) -> Sorted:
        """All of the given attributes, each in one form."""
        rows = _framed(given) if self._reader.keeps_plain_texts else np.empty(0, np.int64)
        begin, size = given.at[rows], given.size[rows]
        name = given.view[begin + 1].astype(np.int64)
        names = slices(given.data, begin + 2, name).dictionary_encode()
        keys = [self._reader.key(one) for one in names.dictionary.to_pylist()]
        codes = names.indices.to_numpy().astype(np.int64)
        ruled = np.array([key.rule is not None for key in keys], np.bool_)[codes]
        covered = np.array([key.cover is not None for key in keys], np.bool_)[codes]
        value = begin + name + 4  # the tag of the value's kind
        text = np.flatnonzero((given.view[value] == _TEXT) & (given.view[value + 1] == size - name - 6))
        texts = Texts(rows[text], codes[text], value[text] + 2, size[text] - name[text] - 6)
        usable = self._usable(given, texts, ruled[text]) & ~covered[text]
        texts = Texts(*(column[usable] for column in texts))
        whole = np.flatnonzero((given.view[value] == _INT) & ~ruled & ~covered)
        numbers = _numbers(given, rows[whole], codes[whole], value[whole] + 1)
        return Sorted(keys, texts, numbers, self._others(given, texts.rows, numbers.rows))

    def hint(self, chunk: bytes) -> Hint | None:
        """What a readable attribute tells of the interface."""
        mark = self._reader.one(chunk)[2]
        return mark[2] if mark is not None else None

    def _usable(self, given: Given, texts: Texts, ruled: Flags) -> Flags:
        fine = _clean(given, texts)
        if ruled.any():  # an object's id has nothing to strip
            first, last = given.view[texts.at], given.view[texts.at + texts.size - 1]
            trimmed = (texts.size > 0) & (first != _SPACE) & (last != _SPACE)
            fine &= ~ruled | (trimmed & (texts.size <= self._limits.object_id))
        return fine

    def _others(self, given: Given, *sorted_out: Ints) -> Others:
        left = np.ones(len(given.owner), np.bool_)
        for rows in sorted_out:
            left[rows] = False
        rows = np.flatnonzero(left)
        chunks = slices(given.data, given.at[rows], given.size[rows]).dictionary_encode()
        distinct = [self._attribute(chunk) for chunk in chunks.dictionary.to_pylist()]
        return Others(rows, chunks.indices.to_numpy().astype(np.int64), distinct)

    def _attribute(self, chunk: bytes) -> Attribute:
        try:
            return self._reader.one(chunk)
        except Unreadable:
            return _UNREADABLE


def _framed(given: Given) -> Ints:
    """The rows whose key and value both are short, and lie one behind the other."""
    view, at = given.view, given.at
    name = view[at + 1].astype(np.int64)
    behind = at + name + 2
    value = given.size - name - 4
    framed = (view[at] == _KEY) & (name < _SHORT) & (value >= 2) & (value < _SHORT)
    return np.flatnonzero(framed & (view[behind] == _VALUE) & (view[behind + 1] == value))


def _clean(given: Given, texts: Texts) -> Flags:
    """Which texts are ASCII without anything to escape in JSON."""
    fine = np.ones(len(texts.at), np.bool_)
    held: Any = slices(given.data, texts.at, texts.size)
    found = np.frombuffer(held.buffers()[2] or b"", np.uint8)
    dirty = np.flatnonzero((found < _SPACE) | (found > _TILDE) | (found == _QUOTE) | (found == _BACKSLASH))
    if len(dirty):
        fine[np.searchsorted(offsets_of(held), dirty, "right") - 1] = False
    return fine


def _numbers(given: Given, rows: Ints, keys: Ints, at: Ints) -> Numbers:
    """Those of the rows whose number, at these places, fills their value; one below 0 takes ten bytes and is not."""
    fine = np.ones(len(rows), np.bool_)
    if not len(rows):
        return Numbers(rows, keys, at)
    numbers, end = number_at(given.view, at, 9, fine)
    fine &= end == given.at[rows] + given.size[rows]
    return Numbers(rows[fine], keys[fine], numbers[fine])
