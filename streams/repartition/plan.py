"""What a change of the number of partitions does, without doing it.

Invariant: of all messages to one object or case, those that no worker has worked lie in the partition that its shard
has, in the order in which they were sent. Before the change that is shard mod `before`; so all that is unread is sent
again by the new rule, in its order, before any worker sends a message by it, and counts as read where it lay. Events
may lie in any partition: what they say to objects of other shards is a message. Rows of state carry shards, not
partitions.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

MOST: Final = 256
"""Shards; a partition without one would be idle."""


class Marked(NamedTuple):
    """What a feed said last in a partition: backfill, live or end."""

    feed: str
    partition: int
    kind: str


class Refused(ValueError):
    """A change that can't be made; the message says why."""


def check_change(before: int, found: Mapping[str, int], wanted: int) -> None:
    """Raise Refused unless the topics (name → partitions found) can get `wanted` partitions."""
    if not 1 <= wanted <= MOST:
        raise Refused(f"{wanted} partitions: use 1 to {MOST}, there are no more shards than that")
    if wanted < max(before, *found.values()):
        raise Refused(f"there are {max(before, *found.values())} partitions: Kafka can add some, and take none away")


def phases_to_copy(marked: Iterable[Marked], before: int, wanted: int) -> list[Marked]:
    """What each feed is to say in the new partitions: as far back as it is in any, until it says otherwise itself."""
    said: dict[str, set[str]] = {}
    for one in marked:
        if one.partition < before:
            said.setdefault(one.feed, set()).add(one.kind)
    kinds = {
        feed: next(kind for kind in _PHASES if kind in found) for feed, found in said.items() if found & set(_PHASES)
    }
    return [Marked(feed, number, kind) for feed, kind in sorted(kinds.items()) for number in range(before, wanted)]


_PHASES: Sequence[str] = ("backfill", "live", "end")
