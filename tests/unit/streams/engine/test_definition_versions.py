"""An open case whose definition's version is gone goes on under the newest one, folded again from its events."""

import msgspec

from metrics.definitions.model import Entry
from tests.fakes.events import ORDERING, event
from tests.fakes.memory_store import MemoryStore
from tests.fakes.pipeline import Pipeline

RENAMED = msgspec.structs.replace(ORDERING, version=2, enters={0: (Entry(0, "requested"),), 1: (Entry(0, "bought"),)})
ASKED = event("asked", 10, ("requisition", "R"))
ORDERED = event("ordered", 20, ("purchase_order", "P"), ("requisition", "R"))


async def test_a_case_of_a_lost_version_is_folded_again_under_the_newest() -> None:
    store = MemoryStore()
    before = Pipeline(store, [ORDERING], epoch=1)
    await before.start()
    await before.take([ASKED, ORDERED])
    await before.flush()
    assert [row["state"] for row in store.rows("cases")] == ["waiting"]
    after = Pipeline(store, [RENAMED], epoch=2)
    await after.start()
    await after.flush()
    case = store.rows("cases")[0]
    assert (case["state"], case["definition_version"], case["events"]) == ("bought", 2, 2)


async def test_a_case_stays_on_its_version_while_that_is_known() -> None:
    store = MemoryStore()
    before = Pipeline(store, [ORDERING], epoch=1)
    await before.start()
    await before.take([ASKED])
    await before.flush()
    after = Pipeline(store, [ORDERING, RENAMED], epoch=2)
    await after.start()
    await after.take([ORDERED, event("asked", 5, ("requisition", "R2"))])
    await after.flush()
    states = {row["case_id"]: (row["state"], row["definition_version"]) for row in store.rows("cases")}
    assert states == {"R": ("waiting", 1), "R2": ("requested", 2)}
