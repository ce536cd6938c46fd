"""Who belongs to which case, message by message."""

from collections import deque
from typing import Any

import msgspec

from metrics.definitions.model import LinkRule
from metrics.store import wire
from metrics.words import Event, ObjectRef
from streams.correlation.checkpoint import restore
from streams.correlation.correlator import Correlator, Wanted
from streams.correlation.messages import CaseKey, Drop, Enter, Key, Message
from streams.correlation.object_state import ObjectState
from streams.correlation.rules import ALIAS_CAP, LinkRules
from streams.correlation.shards import SHARDS, shard_of
from streams.engine.event_rows import object_rows
from tests.fakes.events import ORDERING, event
from tests.fakes.taken_apart import taken_apart

ASKED = event("asked", 10, ("requisition", "R"))
ORDERED = event("ordered", 20, ("purchase_order", "P"), ("requisition", "R"))
RECEIVED = event("received", 30, ("goods_receipt", "G"), ("purchase_order", "P"))
R = CaseKey("ordering", "requisition", "R")


class Objects:
    """Every object there is, and what the cases were told."""

    def __init__(self, cap: int = 50) -> None:
        links = (LinkRule("purchase_order", "requisition", cap), *ORDERING.links[1:])
        self.correlator = Correlator(LinkRules([msgspec.structs.replace(ORDERING, links=links)]))
        self.states: dict[Key, ObjectState] = {}
        self.told: list[Enter | Drop] = []
        self.wanted: list[Wanted] = []

    def see(self, *events: Event) -> "Objects":
        queue: deque[Message] = deque(m for one in events for m in self.correlator.arrivals(one))
        while queue:
            message = queue.popleft()
            if isinstance(message, Enter | Drop):
                self.told.append(message)
                continue
            state = self.states.setdefault(message.target, ObjectState(message.target))
            for answer in self.correlator.handle(state, message):
                if isinstance(answer, Wanted):
                    self.wanted.append(answer)
                else:
                    queue.append(answer)
        return self

    def entered(self, case: CaseKey) -> set[str]:
        return {m.event.activity for m in self.told if isinstance(m, Enter) and m.case == case}


def row_of(state: ObjectState) -> dict[str, Any]:
    """The object as it stands in its row."""
    return taken_apart("objects", wire.encode("objects", object_rows([state], version=1)))


def test_a_chain_of_objects_reaches_the_case_in_any_order_of_arrival() -> None:
    for order in ([ASKED, ORDERED, RECEIVED], [RECEIVED, ORDERED, ASKED], [RECEIVED, ASKED, ORDERED]):
        assert Objects().see(*order).entered(R) == {"asked", "ordered", "received"}


def test_an_event_that_names_no_member_of_a_process_goes_nowhere() -> None:
    objects = Objects().see(event("noted", 1, ("supplier", "S")))
    assert objects.states == {}


def test_an_object_whose_events_are_in_the_store_asks_for_them_when_it_joins_a_case() -> None:
    objects = Objects().see(RECEIVED)
    for state in objects.states.values():
        state.events, state.stored = [], True
    objects.see(ORDERED)
    assert {want.object for want in objects.wanted} == {("purchase_order", "P"), ("goods_receipt", "G")}
    assert {want.case for want in objects.wanted} == {R}


def test_the_smallest_proof_of_a_link_wins_in_any_order() -> None:
    later = event("ordered", 25, ("purchase_order", "P"), ("requisition", "R"))
    for order in ([ORDERED, later], [later, ORDERED]):
        state = Objects().see(*order).states["purchase_order", "P"]
        assert state.links[R] == {("requisition", "R"): (ORDERED.time, ORDERED.id)}


def test_a_cap_keeps_the_earliest_cases_and_tells_the_others_to_drop_the_object() -> None:
    claims = [event("ordered", at, ("purchase_order", "P"), ("requisition", f"R{at}")) for at in (30, 20, 10)]
    objects = Objects(cap=2).see(*claims)
    state = objects.states["purchase_order", "P"]
    assert {case.id for case in state.kept} == {"R10", "R20"}
    assert state.capped == 1
    assert [m.case.id for m in objects.told if isinstance(m, Drop)] == ["R30"]


def test_saying_everything_twice_says_nothing_new() -> None:
    once, twice = Objects().see(ASKED, ORDERED, RECEIVED), Objects().see(*[ASKED, ORDERED, RECEIVED] * 2)
    assert {key: row_of(state) for key, state in once.states.items()} == {
        key: row_of(state) for key, state in twice.states.items()
    }


def test_an_object_survives_its_checkpoint() -> None:
    state = Objects().see(ASKED, ORDERED, RECEIVED).states["purchase_order", "P"]
    again = restore(row_of(state))
    assert row_of(again) == row_of(state)
    assert again.stored


def test_an_object_lives_in_one_of_256_shards_and_a_case_with_its_object() -> None:
    shards = {shard_of("requisition", f"R{n}") for n in range(5000)}
    assert shards == set(range(SHARDS))
    told = Objects().see(ASKED).told
    assert [m.target for m in told] == [("requisition", "R")]


def test_what_is_told_of_an_alias_belongs_to_the_case_of_the_number_that_has_it() -> None:
    named = msgspec.structs.replace(ORDERED, objects=(*ORDERED.objects, ObjectRef("purchase_order", "P/1", "alias")))
    by_the_other_number = event("received", 30, ("goods_receipt", "G"), ("purchase_order", "P/1"))
    for told in ((ASKED, named, by_the_other_number), (by_the_other_number, named, ASKED)):
        assert Objects().see(*told).entered(R) == {"asked", "ordered", "received"}


def test_a_number_that_everybody_has_joins_few_cases() -> None:
    shared = [event("asked", at, ("requisition", f"R{at}")) for at in range(ALIAS_CAP + 5)]
    named = [
        msgspec.structs.replace(one, objects=(*one.objects, ObjectRef("requisition", "0", "alias"))) for one in shared
    ]
    state = Objects().see(*named).states["requisition", "0"]
    assert (len(state.kept), state.capped) == (ALIAS_CAP, 5)


def test_an_alias_opens_no_case_and_waits_for_one() -> None:
    other = CaseKey("ordering", "requisition", "R2")
    named = msgspec.structs.replace(
        ASKED, id="also", objects=(ObjectRef("requisition", "R", "subject"), ObjectRef("requisition", "R2", "alias"))
    )
    objects = Objects().see(named)
    assert {enter.case for enter in objects.told if isinstance(enter, Enter)} == {R}
    objects.see(event("asked", 50, ("requisition", "R2")))
    assert {enter.event.id for enter in objects.told if isinstance(enter, Enter) and enter.case == other} >= {"also"}
