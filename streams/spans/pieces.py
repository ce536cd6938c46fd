"""Arrow arrays of bytes over a buffer that is there already: parts of it, in their order or taken together anew."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from streams.spans.wire import Ints

Offsets: TypeAlias = npt.NDArray[np.int32]


def slices(data: Any, at: Ints, size: Ints) -> Any:
    """Parts of a buffer, which don't overlap and stand in its order, as an Arrow binary array (10 ns each)."""
    return alternating(data, at, size).take(pa.array(np.arange(0, 2 * len(at), 2)))


def alternating(data: Any, at: Ints, size: Ints) -> Any:
    """An array over the buffer itself: the parts at even places, what lies between them at odd ones."""
    offsets = np.empty(2 * len(at) + 1, np.int32)
    offsets[0:-1:2] = at
    offsets[1::2] = at + size
    offsets[-1] = offsets[-2] if len(at) else 0
    return pa.Array.from_buffers(pa.binary(), 2 * len(at), [None, pa.py_buffer(offsets), pa.py_buffer(data)])


def regrouped(pieces: Any, ends: Ints) -> Any:
    """The pieces up to each end as one."""
    offsets = np.concatenate(([0], ends))
    chosen = np.ascontiguousarray(offsets_of(pieces)[offsets])
    return pa.Array.from_buffers(pa.binary(), len(ends), [None, pa.py_buffer(chosen), pieces.buffers()[2]])


def as_text(binary: Any) -> Any:
    """The same bytes, known to be UTF-8, as Arrow text."""
    return pa.Array.from_buffers(pa.string(), len(binary), binary.buffers(), offset=binary.offset)


def offsets_of(binary: Any) -> Offsets:
    """Where each entry begins in the array's buffer, and where the last ends."""
    return np.frombuffer(binary.buffers()[1], np.int32)[binary.offset : binary.offset + len(binary) + 1]
