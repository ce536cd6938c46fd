"""Telling the program which partitions are its own, in the right order and outside the rebalance callback."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from faust.types import TP

Partitions = frozenset[TP]
Hook = Callable[[Partitions], Awaitable[None]]


async def nothing(_: Partitions) -> None:
    """A hook for programs that keep no state."""


class Ownership:
    """Calls `on_assigned` and `on_revoked`, never both at once, each assignment revoked exactly once.

    `on_assigned` runs while all partitions are paused and the group's heartbeats go on, so it may take its time to
    load state; a rebalance in the meantime cancels it (CancelledError inside the hook) before `on_revoked` is called.
    After `on_revoked` was called, no batch of those partitions reaches an agent.
    """

    def __init__(self, on_assigned: Hook = nothing, on_revoked: Hook = nothing) -> None:
        self._on_assigned = on_assigned
        self._on_revoked = on_revoked
        self._owned: Partitions = frozenset()
        self._loading: asyncio.Task[None] | None = None

    @property
    def owned(self) -> Partitions:
        """What was assigned last and not revoked since."""
        return self._owned

    async def assigned(self, partitions: Iterable[TP]) -> None:
        """Returns when the hook is through; its error is raised here, its cancellation by a rebalance is not."""
        if self._owned or self._loading is not None:
            await self.revoked()
        self._owned = frozenset(partitions)
        loading = self._loading = asyncio.ensure_future(self._on_assigned(self._owned))
        try:
            await asyncio.wait([loading])
        finally:
            if self._loading is loading:
                self._loading = None
        if not loading.cancelled():
            loading.result()

    async def revoked(self) -> None:
        """All partitions are lost (each rebalance takes them all and gives some back)."""
        loading, self._loading = self._loading, None
        owned, self._owned = self._owned, frozenset()
        if loading is not None and not loading.done():
            loading.cancel()
            await asyncio.wait([loading])
        if owned:
            await self._on_revoked(owned)
