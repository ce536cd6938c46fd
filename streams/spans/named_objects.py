"""The objects that thousands of spans name, as columns."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from streams.spans.keys import KeyRef
from streams.spans.wire import Ints


class NamedObjects(NamedTuple):
    """References to objects, a row each, sorted by `order`: the place of the attribute, times two."""

    order: Ints
    owner: Ints
    columns: Sequence[Any]
    """Object type, object id, carrier, key."""


def with_more(objects: NamedObjects, more: Sequence[tuple[int, int, KeyRef]]) -> NamedObjects:
    """The objects with more of them (order, span, reference), each in its place."""
    if not more:
        return objects
    orders, owners, refs = zip(*more, strict=True)
    order = np.concatenate((objects.order, orders))
    place = np.argsort(order, kind="stable")
    columns = [
        pa.concat_arrays([column, pa.array(values, pa.string())]).take(pa.array(place))
        for column, values in zip(objects.columns, zip(*refs, strict=True), strict=True)
    ]
    return NamedObjects(order[place], np.concatenate((objects.owner, owners))[place], columns)
