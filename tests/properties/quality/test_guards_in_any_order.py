"""Violations of guards: the same whatever the order, doubling, batching and interruption of events."""

import hypothesis.strategies as st
from hypothesis import given, settings

from metrics.words import Event
from tests.properties.quality.any_order import crooked, straight
from tests.unit.metrics.guards.asked import ALL, access, approved, contract, ordered, submitted, supplier, worker
from tests.unit.metrics.quality.telling import told

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
        amount, number = draw(st.sampled_from(("500.00", "2000.00"))), draw(st.sampled_from(("R1", "R2")))
        event = submitted(hours, who, amount, number)
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
    """Up to fourteen events, and perhaps some that say that two suppliers are one, or two requisitions."""
    events = draw(st.lists(one_event(), min_size=1, max_size=14, unique_by=lambda event: event.id))
    if draw(st.booleans()):
        other = ("supplier", "S2", "alias")
        events.append(told("alias", "supplier.changed.v1", "supplier/S1", "/sap/s4/x", draw(HOURS), other))
    if draw(st.booleans()):
        other = ("requisition", "R2", "alias")
        events.append(told("alias too", "requisition.created.v1", "requisition/R1", "/coupa/x", draw(HOURS), other))
    return events


@settings(max_examples=120, deadline=None)
@given(stories(), st.data())
def test_violations_do_not_depend_on_how_the_events_came(events: list[Event], data: st.DataObject) -> None:
    expected, rig = straight(events, ALL), crooked(events, data, ALL)
    assert rig.store.facts == expected.store.facts
    assert rig.store.outcome() == expected.store.outcome()
