"""Rounds go on, whatever one of them runs into."""

import asyncio

from metrics.store.errors import StoreUnavailable
from streams.engine.rounds import in_rounds


def rounds(results: list[BaseException | None], versions: list[int | None]) -> list[int]:
    """The versions of the rounds that were begun until all results are used up."""
    begun: list[int] = []
    done = asyncio.Event()

    async def scene() -> None:
        loop, turns = asyncio.get_running_loop(), iter(versions)

        def work(version: int) -> None:
            begun.append(version)
            if len(begun) == len(results):
                loop.call_soon_threadsafe(done.set)
            if (error := results[len(begun) - 1]) is not None:
                raise error

        task = asyncio.ensure_future(in_rounds("test", work, lambda: next(turns, None), look=0.001, shortest=0.0))
        await asyncio.wait_for(done.wait(), 20)
        task.cancel()

    asyncio.run(scene())
    return begun


def test_a_store_that_is_away_and_a_mistake_of_ours_are_tried_again() -> None:
    assert rounds([StoreUnavailable("away"), RuntimeError("a mistake"), None], [1, 2, 3]) == [1, 2, 3]


def test_while_it_is_anothers_turn_nothing_is_done() -> None:
    assert rounds([None], [None, None, 7]) == [7]
