"""Reading the fields of many messages at once; what is not usual is told, never guessed."""

import numpy as np
import pytest

from streams.spans.pieces import regrouped, slices
from streams.spans.wire import FIXED32, FIXED64, LENGTH, PADDING, VARINT, Fields, scan

TEXT = b"\x0a\x02ab"
NUMBER = b"\x10\x96\x01"
FIXED = b"\x19" + bytes(range(8))
HALF = b"\x25abcd"
HIGH = b"\xa2\x06\x01x"  # field 100


def scanned(*messages: bytes, few: int = 0) -> Fields:
    sizes = np.array([len(one) for one in messages], np.int64)
    ends = np.cumsum(sizes)
    data = np.frombuffer(b"".join(messages) + bytes(PADDING), np.uint8)
    return scan(data, ends - sizes, ends, few)


def test_fields_come_in_message_order_with_their_places() -> None:
    found = scanned(TEXT + NUMBER, b"", FIXED + HALF + HIGH)
    assert found.owner.tolist() == [0, 0, 2, 2, 2]
    assert found.tag.tolist() == [1 << 3 | LENGTH, 2 << 3 | VARINT, 3 << 3 | FIXED64, 4 << 3 | FIXED32, 802]
    assert found.at.tolist()[:1] + found.at.tolist()[2:] == [2, 8, 17, 24]
    assert found.size.tolist() == [2, 150, 8, 4, 1]
    assert not found.odd.any()
    assert found.of(2, VARINT).tolist() == [1]


@pytest.mark.parametrize(
    "message",
    [
        b"\x0a\x05ab",  # longer than the message
        b"\x0a",
        b"\x10",
        b"\x10\xff",
        b"\x19abc",
        b"\x0b\x0c",  # a group
        b"\x0e",  # no wire type
        b"\x8a\x80\x00",  # a tag of three bytes
        b"\x10" + b"\xff" * 9 + b"\x01",  # a number of ten bytes
        b"\x0a\xff\xff\xff\xff\x01",
    ],
)
def test_a_message_that_is_not_usual_is_odd_and_leaves_its_neighbours_whole(message: bytes) -> None:
    found = scanned(TEXT, message, NUMBER)
    assert found.odd.tolist() == [False, True, False]
    assert [found.size[found.owner == one].tolist() for one in (0, 2)] == [[2], [150]]


def test_the_last_few_messages_are_left_to_be_read_one_by_one() -> None:
    found = scanned(TEXT, TEXT * 9, TEXT, few=1)
    assert found.odd.tolist() == [False, True, False]
    assert scanned(TEXT, TEXT, few=2).odd.all()


def test_parts_of_a_buffer_become_an_array_and_can_be_joined_again() -> None:
    data = b"..ab.c....def"
    parts = slices(data, np.array([2, 5, 7, 10]), np.array([2, 1, 0, 3]))
    assert parts.to_pylist() == [b"ab", b"c", b"", b"def"]
    assert regrouped(parts, np.array([0, 2, 4])).to_pylist() == [b"", b"abc", b"def"]
    assert slices(data, np.array([], np.int64), np.array([], np.int64)).to_pylist() == []
