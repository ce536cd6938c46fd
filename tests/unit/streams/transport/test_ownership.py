import asyncio

import pytest
from faust.types import TP

from streams.transport.ownership import Ownership, Partitions

ONE, TWO = TP("t", 1), TP("t", 2)


class Told:
    """Records what the hooks were called with, in order."""

    def __init__(self, loading: float = 0.0) -> None:
        self.story: list[tuple[str, Partitions]] = []
        self.loading = loading

    async def assigned(self, partitions: Partitions) -> None:
        await asyncio.sleep(self.loading)
        self.story.append(("assigned", partitions))

    async def revoked(self, partitions: Partitions) -> None:
        self.story.append(("revoked", partitions))


async def test_each_assignment_is_revoked_exactly_once() -> None:
    told = Told()
    ownership = Ownership(told.assigned, told.revoked)
    await ownership.assigned([ONE, TWO])
    await ownership.revoked()
    await ownership.revoked()
    assert told.story == [("assigned", frozenset({ONE, TWO})), ("revoked", frozenset({ONE, TWO}))]
    assert ownership.owned == frozenset()


async def test_an_assignment_without_a_revocation_between_revokes_the_old_one_first() -> None:
    told = Told()
    ownership = Ownership(told.assigned, told.revoked)
    await ownership.assigned([ONE])
    await ownership.assigned([TWO])
    assert [word for word, _ in told.story] == ["assigned", "revoked", "assigned"]
    assert ownership.owned == {TWO}


async def test_a_rebalance_cancels_a_load_that_is_under_way() -> None:
    told = Told(loading=60)
    ownership = Ownership(told.assigned, told.revoked)
    loading = asyncio.ensure_future(ownership.assigned([ONE]))
    await asyncio.sleep(0)
    await ownership.revoked()
    await loading
    assert told.story == [("revoked", frozenset({ONE}))]


async def test_an_error_of_a_load_reaches_the_caller() -> None:
    async def fails(_: Partitions) -> None:
        raise ConnectionError("the store is away")

    with pytest.raises(ConnectionError):
        await Ownership(fails).assigned([ONE])
