"""Back-pressure: how many batches of each partition are on their way to the agent."""

from collections.abc import Iterable

from faust.types import TP


class InFlight:
    """Counts batches per partition from the fetch until the agent asks for the next value.

    Releasing twice, or releasing what a rebalance has made forgotten, changes nothing.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[TP, set[int]] = {}

    def hold(self, tp: TP, last_offset: int) -> None:
        """A batch ending at `last_offset` was handed on."""
        self._held.setdefault(tp, set()).add(last_offset)

    def release(self, tp: TP, last_offset: int) -> None:
        """The agent is done with that batch."""
        held = self._held.get(tp)
        if held is not None:
            held.discard(last_offset)

    def forget(self) -> None:
        """A rebalance: nothing read before it will reach the agent."""
        self._held.clear()

    def with_room(self, partitions: Iterable[TP]) -> set[TP]:
        """Those of `partitions` that may be read now."""
        return {tp for tp in partitions if len(self._held.get(tp, ())) < self._most}

    def batches(self) -> int:
        """All batches in flight, over all partitions."""
        return sum(len(held) for held in self._held.values())
