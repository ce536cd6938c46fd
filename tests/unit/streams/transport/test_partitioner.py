import os

import pytest
from aiokafka.partitioner import murmur2 as reference

from streams.broker.partitioner import murmur2, partition_of


@pytest.mark.parametrize(
    ("text", "signed"),
    # https://github.com/apache/kafka/blob/3.9/clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java
    [("21", -973932308), ("foobar", -790332482), ("a-little-bit-long-string", -985981536), ("abc", 479470107)],
)
def test_hashes_are_those_of_kafkas_own_tests(text: str, signed: int) -> None:
    assert murmur2(text.encode()) == signed & 0xFFFFFFFF


@pytest.mark.parametrize("length", range(40))
def test_every_length_of_key_hashes_as_in_aiokafka(length: int) -> None:
    key = os.urandom(length)
    assert murmur2(key) == reference(key)


def test_partitions_are_within_range_and_all_used() -> None:
    assert {partition_of(b"PO-%d" % n, 4) for n in range(1_000)} == {0, 1, 2, 3}
