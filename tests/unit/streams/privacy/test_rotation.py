"""A case that began before a rotation goes on as one."""

from metrics.definitions.load import load
from metrics.privacy.keyring import Keyring
from metrics.privacy.tokens import Tokens
from tests.fakes.events import event
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Pipeline
from tests.unit.metrics.privacy.ring import RETIRED, RING, ROTATED, guard

STORY = (
    ("worker.hired.v1", (("worker", "W-1"),)),
    ("position.assigned.v1", (("position", "P-1"), ("worker", "W-1"))),
    ("user_account.created.v1", (("user_account", "A-1"), ("worker", "W-1"))),
    ("user_account.failed.v1", (("user_account", "A-1"),)),
    ("worker.ready.v1", (("worker", "W-1"),)),
)


async def cases(*rings: Keyring) -> list[tuple[str, int]]:
    """Case and number of events, each event of the story protected under the ring of its turn."""
    store = MemoryStore()
    pipeline = Pipeline(store, load().definitions)
    await pipeline.start()
    for at, ((activity, objects), ring) in enumerate(zip(STORY, rings, strict=True)):
        await pipeline.take([guard(ring).protect(event(activity, at, *objects))])
        await pipeline.flush(at)
    return [(row["case_id"], row["events"]) for row in store.rows("cases")]


async def test_what_comes_after_a_rotation_meets_the_case_that_began_before() -> None:
    assert await cases(RING, RING, ROTATED, ROTATED, ROTATED) == [(Tokens(RING).id("W-1"), 5)]


async def test_without_the_old_key_it_does_not() -> None:
    assert await cases(RING, RING, RETIRED, RETIRED, RETIRED) == [(Tokens(RING).id("W-1"), 2)]


def test_a_message_that_comes_again_after_a_rotation_gives_the_same_event_id() -> None:
    hired = event("worker.hired.v1", 0, ("worker", "W-1"))
    assert guard(RING).protect(hired).id == guard(ROTATED).protect(hired).id
