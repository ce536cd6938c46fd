"""Where state lives: an object or a case hashes to one of 256 stored shards, and a partition holds whole shards.

The shard is stored with the row; the partition (shard mod number of partitions) never is, so the
number of partitions can change without touching a row.
"""

from zlib import crc32

SHARDS = 256


def shard_of(kind: str, key: str) -> int:
    """The shard (0..255) of an object by type and id; a case lives with its case object."""
    return crc32(f"{kind}\0{key}".encode()) & (SHARDS - 1)
