"""Rates, memory and sizes."""

import gzip
import zlib
from contextlib import suppress
from dataclasses import replace

import pytest

from streams.gateway.bodies import unpack
from streams.gateway.limits import DEFAULT_LIMITS
from streams.gateway.problems import Problem
from streams.gateway.rates import Bucket, Rate
from streams.gateway.room import Full, Held, Room

SMALL = replace(DEFAULT_LIMITS, body=1_000)


class Ticks:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def held(most: int = 1 << 20) -> Held:
    return Room(most).hold()


def test_a_bucket_lets_a_burst_through_and_then_the_rate() -> None:
    ticks = Ticks()
    bucket = Bucket(Rate(2.0, 3.0), ticks)
    for _ in range(3):
        assert bucket.wait() == 0
        bucket.take(1)
    assert bucket.wait() == 0.5
    ticks.now = 0.5
    assert bucket.wait() == 0


def test_a_batch_beyond_the_burst_is_paid_back_later() -> None:
    ticks = Ticks()
    bucket = Bucket(Rate(10.0, 20.0), ticks)
    bucket.take(100)
    assert bucket.wait() == pytest.approx(8.1)
    ticks.now = 1_000.0
    assert bucket.wait() == 0
    bucket.take(20)
    assert bucket.wait() == pytest.approx(0.1)


def test_room_is_given_back_whatever_happens() -> None:
    room = Room(100)
    with suppress(ZeroDivisionError), room.hold() as one:
        one.grow(60)
        with room.hold() as other:
            other.grow(40)
            assert room.held == 100
            with pytest.raises(Full):
                other.grow(1)
        assert room.held == 60
        raise ZeroDivisionError
    assert room.held == 0


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"plain", ""),
        (b"plain", "identity"),
        (gzip.compress(b"plain"), "gzip"),
        (gzip.compress(b"pla") + gzip.compress(b"in"), "GZIP"),
        (zlib.compress(b"plain"), "deflate"),
    ],
    ids=["", "identity", "gzip", "two members", "deflate"],
)
def test_bodies_are_unpacked(body: bytes, encoding: str) -> None:
    assert unpack(body, {"content-encoding": encoding} if encoding else {}, SMALL, held()) == b"plain"


def test_a_body_may_fill_its_limit_and_no_more() -> None:
    packed = {"content-encoding": "gzip"}
    assert len(unpack(gzip.compress(bytes(1_000)), packed, SMALL, held())) == 1_000
    for body in (gzip.compress(bytes(1_001)), gzip.compress(bytes(600)) * 2):
        with pytest.raises(Problem) as told:
            unpack(body, packed, SMALL, held())
        assert told.value.status == 413


def test_what_a_body_unpacks_to_counts_as_held() -> None:
    with pytest.raises(Problem) as told:
        unpack(gzip.compress(bytes(900)), {"content-encoding": "gzip"}, SMALL, held(800))
    assert (told.value.status, told.value.headers) == (503, {"Retry-After": "2"})


@pytest.mark.parametrize(
    "body", [b"not packed", gzip.compress(b"x" * 50)[:-6], gzip.compress(b"x") + b"rest"], ids=["plain", "cut", "more"]
)
def test_a_broken_packing_is_the_senders_fault(body: bytes) -> None:
    with pytest.raises(Problem) as told:
        unpack(body, {"content-encoding": "gzip"}, SMALL, held())
    assert (told.value.status, told.value.reason) == (400, "broken_body")


def test_a_retry_is_told_in_whole_seconds_and_never_at_once() -> None:
    found = [Problem(429, "x", "", retry_after=after).headers["Retry-After"] for after in (0.01, 1.0, 1.01, 7.5)]
    assert found == ["1", "1", "2", "8"]
