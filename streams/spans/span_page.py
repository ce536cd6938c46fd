"""Encoded spans one behind the other in a buffer, and the fields of all of them, column by column."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from streams.spans.attribute_forms import Given
from streams.spans.fields import KINDS
from streams.spans.pieces import slices
from streams.spans.wire import FIXED32, FIXED64, LENGTH, PADDING, VARINT, Bytes, Fields, Flags, Ints, scan

TRACE_ID: Final = 1
SPAN_ID: Final = 2
PARENT_ID: Final = 4
NAME: Final = 5
KIND: Final = 6
START: Final = 7
END: Final = 8
ATTRIBUTE: Final = 9
EVENT: Final = 11
LINK: Final = 13
STATUS: Final = 15
_UNUSED: Final = ((3, LENGTH), (10, VARINT), (12, VARINT), (14, VARINT), (16, FIXED32))  # trace state, counts, flags

_USUAL: Final = np.zeros(1 << 14, np.bool_)
"""By tag: the fields of a span as trace/v1/trace.proto declares them."""
_USUAL[[number << 3 | LENGTH for number in (1, 2, 4, 5, 9, 11, 13, 15)]] = True
_USUAL[[KIND << 3 | VARINT, START << 3 | FIXED64, END << 3 | FIXED64]] = True
_USUAL[[number << 3 | kind for number, kind in _UNUSED]] = True

_HEX: Final = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), np.uint16)
_KINDS: Final = pa.array(KINDS)

Words = npt.NDArray[np.uint64]


class SpanPage:
    """Encoded spans one behind the other, with their fields found. `odd` is by span, and grows."""

    def __init__(self, chunks: Sequence[bytes], few: int) -> None:
        sizes = np.fromiter(map(len, chunks), np.int64, len(chunks))
        ends = np.cumsum(sizes)
        self.data = bytearray().join((*chunks, bytes(PADDING)))
        self.view: Bytes = np.frombuffer(self.data, np.uint8)
        self._words: Words = np.ndarray((len(self.data) - 7,), "<u8", self.data, 0, (1,))
        self._starts: Ints = ends - sizes
        fields = scan(self.view, self._starts, ends, few)
        self.odd: Flags = fields.odd
        self.odd[fields.owner[~_USUAL[fields.tag]]] = True
        self.fields = _without(fields, self.odd)
        self.attribute_owners: Ints = self.fields.owner[self.fields.of(ATTRIBUTE, LENGTH)]

    def ids(self, number: int, size: int) -> tuple[Flags, Any]:
        """Which spans have an id of this size that is not all zeros; the ids as hex."""
        at, sizes = self._places(number)
        words = np.stack([self._words[at + place] for place in range(0, size, 8)], axis=1)
        offsets = np.arange(0, 2 * size * len(at) + 1, 2 * size, dtype=np.int32)
        return (sizes == size) & words.any(axis=1), _hex(words, offsets)

    def parents(self) -> Any:
        """Span ids of parents as hex, '' for none or all zeros."""
        at, sizes = self._places(PARENT_ID)
        self.odd |= (sizes != 0) & (sizes != 8)
        words = self._words[at]
        present = (sizes == 8) & (words != 0)
        offsets = np.concatenate(([0], np.cumsum(16 * present))).astype(np.int32)
        return _hex(words[present][:, np.newaxis], offsets)

    def number(self, field: int) -> Words:
        """A field of 64 fixed bits, 0 where it is missing."""
        rows = self.fields.of(field, FIXED64)
        numbers = np.zeros(len(self.odd), np.uint64)
        numbers[self.fields.owner[rows]] = self._words[self.fields.at[rows]]
        return numbers

    def kinds(self) -> Any:
        """The kind by its name; a number of more than 31 bits is odd, since protobuf cuts it."""
        rows = self.fields.of(KIND, VARINT)
        numbers = np.zeros(len(self.odd), np.int64)
        numbers[self.fields.owner[rows]] = self.fields.size[rows]
        self.odd |= numbers >= 1 << 31
        return _KINDS.take(pa.array(np.where(numbers < len(KINDS), numbers, 0)))

    def single(self, field: int) -> Any:
        """The bytes of a field, of each span's last such field, b"" where it is missing."""
        return slices(self.data, *self._places(field))

    def several(self, field: int) -> list[tuple[int, list[bytes]]]:
        """The spans that have such fields, with the bytes of all."""
        found: dict[int, list[bytes]] = {}
        for row in self.fields.of(field, LENGTH):
            at, size = self.fields.at[row], self.fields.size[row]
            found.setdefault(int(self.fields.owner[row]), []).append(bytes(self.data[at : at + size]))
        return list(found.items())

    def given(self, field: int) -> Given:
        """All fields of this number, for the reading of attributes."""
        rows = self.fields.of(field, LENGTH)
        at, size = self.fields.at[rows], self.fields.size[rows]
        return Given(self.data, self.view, self.fields.owner[rows], at, size, len(self.odd))

    def _places(self, field: int) -> tuple[Ints, Ints]:
        """Where the field's bytes begin, and how many they are; where it is missing, none at the span's start."""
        rows = self.fields.of(field, LENGTH)
        at, size = self._starts.copy(), np.zeros(len(self.odd), np.int64)
        owner = self.fields.owner[rows]  # of several the last is kept, as protobuf wants it
        at[owner], size[owner] = self.fields.at[rows], self.fields.size[rows]
        return at, size


def _without(fields: Fields, odd: Flags) -> Fields:
    """The fields of those messages that are not odd."""
    if not odd.any():
        return fields
    kept = ~odd[fields.owner]
    return Fields(fields.owner[kept], fields.tag[kept], fields.at[kept], fields.size[kept], odd)


def _hex(words: Words, offsets: npt.NDArray[np.int32]) -> Any:
    digits = _HEX.take(words.view(np.uint8))
    return pa.Array.from_buffers(pa.string(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(digits)])
