"""The attributes of thousands of spans at once → their JSON, their interfaces, and the objects they name."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from streams.spans.attribute_forms import AttributeForms, Given, Sorted
from streams.spans.attributes import AttributeReader, Hint
from streams.spans.keys import KeyRef
from streams.spans.limits import Limits
from streams.spans.named_objects import NamedObjects, with_more
from streams.spans.pieces import alternating, as_text, offsets_of, regrouped, slices
from streams.spans.wire import Flags, Ints

_QUOTE = ord('"')


class Told(NamedTuple):
    """What the attributes of the spans say; rows of spans that are `odd` mean nothing."""

    json: Any
    interface: Any
    objects: NamedObjects
    refused: Ints
    """By span: keys that are empty or too long."""
    odd: Flags


class AttributeColumns:
    """Reads the attributes of many spans at once."""

    def __init__(self, reader: AttributeReader, interface: Callable[[tuple[Hint, ...]], str], limits: Limits) -> None:
        self._forms = AttributeForms(reader, limits)
        self._interface = interface
        self._limits = limits

    def read(self, given: Given) -> Told:
        """The attributes of all spans. Marks the given buffer: what it holds beside texts is lost."""
        odd = np.zeros(given.spans, np.bool_)
        found = self._forms.sort(given)
        odd[given.owner[found.others.unreadable()]] = True
        odd[_named_twice(given, found)] = True
        interface = self._interfaces(given, found)
        objects, refused = _objects(given, found)
        json = _json(given, found)
        odd |= np.diff(offsets_of(json)) - len("{}") > self._limits.attributes
        return Told(json, interface, objects, refused, odd)

    def _interfaces(self, given: Given, found: Sorted) -> Any:
        """The interface of each span: worked out once for each distinct run of hints."""
        hints = np.zeros(len(given.owner), np.bool_)
        hints[found.texts.rows] = found.keyed([key.hint for key in found.keys], found.texts.keys)
        hints[found.others.rows] = found.others.marked([bool(one[2] and one[2][2]) for one in found.others.distinct])
        rows = np.flatnonzero(hints)
        chunks = slices(given.data, given.at[rows], given.size[rows]).dictionary_encode()
        known = [self._forms.hint(chunk) for chunk in chunks.dictionary.to_pylist()]
        ends = np.searchsorted(given.owner[rows], np.arange(given.spans), "right")
        runs = _runs(chunks.indices, ends).dictionary_encode()
        names = [self._interface_of(known, memoryview(run).cast("i")) for run in runs.dictionary.to_pylist()]
        return pa.array(names, pa.string()).take(runs.indices)

    def _interface_of(self, known: Sequence[Hint | None], codes: Iterable[int]) -> str:
        hints = tuple(hint for hint in map(known.__getitem__, codes) if hint is not None)
        return self._interface(hints) if hints else ""


def _runs(codes: Any, ends: Ints) -> Any:
    """The codes (32 bits each) up to each end, as bytes."""
    offsets = np.concatenate(([0], 4 * ends)).astype(np.int32)
    return pa.Array.from_buffers(pa.binary(), len(ends), [None, pa.py_buffer(offsets), codes.buffers()[1]])


def _named_twice(given: Given, found: Sorted) -> Ints:
    """The spans with two attributes of one name, of which the last must win."""
    numbers: dict[str, int] = {}
    keys = np.array([numbers.setdefault(key.name, len(numbers)) for key in found.keys], np.int64)
    others = np.array([numbers.setdefault(one[0], len(numbers)) for one in found.others.distinct], np.int64)
    name = np.empty(len(given.owner), np.int64)
    name[found.texts.rows] = keys[found.texts.keys]
    name[found.numbers.rows] = keys[found.numbers.keys]
    name[found.others.rows] = others[found.others.codes]
    both = np.sort(given.owner * len(numbers) + name)
    twice: Ints = both[1:][both[1:] == both[:-1]] // max(1, len(numbers))
    return twice


def _objects(given: Given, found: Sorted) -> tuple[NamedObjects, Ints]:
    """The objects that attributes name, in their order, and how many names each span has refused."""
    texts, others = found.texts, found.others
    rules = [(*(key.rule or ("", "")), key.name) for key in found.keys]
    named = np.flatnonzero(found.keyed([key.rule is not None for key in found.keys], texts.keys))
    codes, rows = pa.array(texts.keys[named]), texts.rows[named]
    kinds, carriers, names = (pa.array([rule[part] for rule in rules], pa.string()).take(codes) for part in range(3))
    ids = as_text(slices(given.data, texts.at[named], texts.size[named]))
    objects = NamedObjects(2 * rows, given.owner[rows], (kinds, ids, carriers, names))
    refused = np.zeros(given.spans, np.int64)
    more: list[tuple[int, int, KeyRef]] = []
    marked = others.marked([bool(one[2] and (one[2][0] or one[2][1])) for one in others.distinct])
    for row, code in zip(others.rows[marked], others.codes[marked], strict=True):
        refs, refusals, _ = others.distinct[code][2] or ((), 0, None)
        refused[given.owner[row]] += refusals
        more += [(2 * int(row), int(given.owner[row]), ref) for ref in refs]
    return with_more(objects, more), refused


def _json(given: Given, found: Sorted) -> Any:
    """A JSON object for each span.

    Pieces taken one after the other from a pool lie behind each other as the objects wanted, so that only the offsets
    are left to choose: two pieces an attribute (what leads to its value, and the value) and a brace a span.
    """
    pool, texts, numbers, leads, others = _pool(given, found)
    owner, spans = given.owner, np.arange(given.spans)
    later = np.zeros(len(owner), np.int64)
    later[1:] = owner[1:] == owner[:-1]
    ends = np.searchsorted(owner, spans, "right")
    pieces = np.full(2 * len(owner) + given.spans, _NOTHING)
    lead = 2 * np.arange(len(owner)) + owner
    for form, values in ((found.texts, texts), (found.numbers, numbers)):
        pieces[lead[form.rows]] = leads + 2 * form.keys + later[form.rows]
        pieces[lead[form.rows] + 1] = values
    pieces[lead[found.others.rows]] = others + 2 * found.others.codes + later[found.others.rows]
    closing = 2 * ends + spans
    pieces[closing] = np.where(np.diff(ends, prepend=0) == 0, _EMPTY, _CLOSE)
    return as_text(regrouped(pool.take(pa.array(pieces)), closing + 1))


_NOTHING, _CLOSE, _EMPTY = range(3)
"""The first places in the pool."""


def _pool(given: Given, found: Sorted) -> tuple[Any, Ints, Ints, int, int]:
    """All pieces there are; places of each text and number, and of the first lead and the first other attribute.

    A lead, and another attribute, stands there twice: as the first of its span, and behind a comma. A text's quotes
    are written over the framing before it and the tag after it.
    """
    fragments = [key.prefix for key in found.keys] + [one[1] for one in found.others.distinct]
    known = [b"", b"}", b"{}", *(start + one for one in fragments for start in (b"{", b","))]
    at, size = found.texts.at, found.texts.size
    given.view[at - 1] = _QUOTE
    given.view[at + size] = _QUOTE
    texts = alternating(given.data, at - 1, size + 2)
    digits = pa.array(found.numbers.numbers).cast(pa.string()).cast(pa.binary())
    behind = len(known) + len(texts)
    pool = pa.concat_arrays([pa.array(known, pa.binary()), texts, digits])
    leads = _EMPTY + 1
    return (
        pool,
        len(known) + 2 * np.arange(len(at)),
        behind + np.arange(len(digits)),
        leads,
        leads + 2 * len(found.keys),
    )
