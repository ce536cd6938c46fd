"""Violations of guards: the same whatever the order, doubling, batching and interruption of events."""

import hypothesis.strategies as st
from hypothesis import given, settings

from metrics.words import DAY, Event
from tests.unit.metrics.guards.asked import ALL, access, approved, contract, ordered, submitted, supplier, worker
from tests.unit.metrics.quality.telling import START, told
from tests.unit.streams.quality.rig import STAGES, Rig

PARTITIONS = 2
END = START + 30 * DAY
HOURS = st.integers(0, 60)
NUMBERS = ("S1", "S2")


def renamed(event: Event, id: str) -> Event:
    return Event(**{**{name: getattr(event, name) for name in event.__struct_fields__}, "id": id})


@st.composite
def one_event(draw: st.DrawFn) -> Event:
    index, hours, kind = draw(st.integers(0, 999)), draw(HOURS), draw(st.integers(0, 7))
    who = draw(st.sampled_from(("W1", "W2", "")))
    if kind == 0:
        event = ordered(hours, order=draw(st.sampled_from(("PO1", "PO2"))), supplier=draw(st.sampled_from(NUMBERS)))
    elif kind in (1, 2):
        verb = draw(st.sampled_from(("requested", "activated", "blocked", "sync_failed", "synced")))
        source = draw(st.sampled_from(("/sap/s4/x", "/coupa/x")))
        event = supplier(verb, hours, source, number=draw(st.sampled_from(NUMBERS)))
    elif kind == 3:
        event = contract(hours, **draw(st.sampled_from(({}, {"payment_terms": "NET30"}))))
    elif kind == 4:
        event = submitted(hours, who, draw(st.sampled_from(("500.00", "2000.00"))))
    elif kind == 5:
        event = approved(hours, who)
    elif kind == 6:
        effective = draw(st.sampled_from(("", "2026-01-02")))
        event = worker(draw(st.sampled_from(("terminated", "rehired"))), hours, effective=effective)
    else:
        types = (("user_account.created.v1", "user_account/U1"), ("user_account.disabled.v1", "user_account/U1"),
                 ("access.granted.v1", "access_grant/G1"), ("access.revoked.v1", "access_grant/G1"))  # fmt: skip
        event = access(*draw(st.sampled_from(types)), hours)
    return renamed(event, f"e{index}")


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    """Up to fourteen events, and perhaps one that says that two suppliers are one."""
    events = draw(st.lists(one_event(), min_size=1, max_size=14, unique_by=lambda event: event.id))
    if draw(st.booleans()):
        other = ("supplier", "S2", "alias")
        events.append(told("alias", "supplier.changed.v1", "supplier/S1", "/sap/s4/x", draw(HOURS), other))
    return events


def partition_of(event: Event) -> int:
    return sum(event.subject.encode()) % PARTITIONS


def straight(events: list[Event]) -> Rig:
    """Everything in order, in one go."""
    rig = Rig(PARTITIONS, guards=ALL)
    for event in sorted(events, key=lambda one: (one.time, one.id)):
        rig.read(partition_of(event), [event])
    rig.settle(END)
    return rig


@settings(max_examples=120, deadline=None)
@given(stories(), st.data())
def test_violations_do_not_depend_on_how_the_events_came(events: list[Event], data: st.DataObject) -> None:
    expected = straight(events)
    rig = Rig(PARTITIONS, clock=START, guards=ALL)
    doubled = data.draw(st.permutations([*events, *data.draw(st.lists(st.sampled_from(events), max_size=4))]))
    for event in doubled:
        partition = partition_of(event)
        rig.read(partition, [event], at_end=data.draw(st.booleans()))
        step = data.draw(st.sampled_from(("", "tell", "judge", "judge dies", "reader dies", "time")))
        if step in ("tell", "judge", "judge dies"):
            rig.tell(partition)
        if step == "judge":
            rig.judge_some(data.draw(st.integers(1, 3)))
        elif step == "judge dies":
            rig.judge_some(die_at=data.draw(st.sampled_from(STAGES)))
        elif step == "reader dies":
            rig.tell(partition)
            rig.restart_reader(partition)
            rig.read(partition, [event])
        elif step == "time":
            rig.clock += DAY
    rig.settle(END)
    rig.judge_some(die_at=data.draw(st.sampled_from(("", *STAGES))))
    rig.settle(END)
    assert rig.store.facts == expected.store.facts
    assert rig.store.outcome() == expected.store.outcome()
