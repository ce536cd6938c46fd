"""The same events give the same findings, however they are ordered, doubled, batched or interrupted."""

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.words import Event
from tests.properties.quality.any_order import crooked, straight
from tests.unit.metrics.quality.telling import told

SOURCES = ("/workday/x", "/ukg/x", "/scim/x", "/wfm/x")
DEPARTMENTS = ("Surgery", "4410", "Radiology", "")
NUMBERS = ("7", "8", "ukg:7")
WORKER_TYPES = ("worker.hired.v1", "worker.transferred.v1", "worker.changed.v1", "worker.rescinded.v1")


@st.composite
def worker_events(draw: st.DrawFn, index: int) -> Event:
    number = draw(st.sampled_from(NUMBERS))
    alias = draw(st.sampled_from((*NUMBERS, "", "", "")))
    more = (("worker", alias, "alias"),) if alias and alias != number else ()
    said = {"department": draw(st.sampled_from(DEPARTMENTS)), "email": draw(st.sampled_from(("a@x", "b@x", "")))}
    return told(
        f"w{index}", draw(st.sampled_from(WORKER_TYPES)), f"worker/{number}", draw(st.sampled_from(SOURCES)),
        draw(st.integers(0, 60)), *more, effective=draw(st.sampled_from(("", "", "2026-01-02"))),
        **{name: value for name, value in said.items() if value},
    )  # fmt: skip


@st.composite
def other_events(draw: st.DrawFn, index: int) -> Event:
    hours, kind = draw(st.integers(0, 60)), draw(st.sampled_from((0, 1, 1, 1, 2, 3)))
    if kind == 0:
        worker = ("worker", draw(st.sampled_from(NUMBERS)), "whose")
        return told(f"a{index}", "user_account.created.v1", f"user_account/U{index}", "/scim/x", hours, worker)
    if kind == 1:
        said = {
            "tax_id": draw(st.sampled_from(("1", "2"))),
            "supplier_name": draw(st.sampled_from(("Acme", "ACME Inc"))),
        }
        number = draw(st.sampled_from(("10", "11", "12")))
        return told(f"s{index}", "supplier.changed.v1", f"supplier/{number}", "/coupa/x", hours, **said)
    center = draw(st.sampled_from(("C1", "C2")))
    if kind == 2:
        return told(f"c{index}", "cost_center.created.v1", f"cost_center/{center}", "/sap/s4/x", hours)
    return told(
        f"r{index}", "requisition.created.v1", "requisition/R", "/coupa/x", hours, ("cost_center", center, "of")
    )


def stories() -> st.SearchStrategy[list[Event]]:
    one = st.integers(0, 999).flatmap(lambda index: st.one_of(worker_events(index), other_events(index)))
    return st.lists(one, min_size=1, max_size=14, unique_by=lambda event: event.id)


@settings(max_examples=150, deadline=None)
@given(stories(), st.data())
def test_findings_do_not_depend_on_how_the_events_came(events: list[Event], data: st.DataObject) -> None:
    expected, rig = straight(events), crooked(events, data)
    assert rig.store.facts == expected.store.facts
    assert rig.store.outcome() == expected.store.outcome()


@settings(max_examples=60, deadline=None)
@given(stories())
def test_every_finding_has_a_history_that_ends_in_its_state(events: list[Event]) -> None:
    rig = straight(events)
    for finding, withdrawn in rig.store.findings.values():
        noted = {(one.state, one.at) for one in rig.store.transitions if one.finding_id == finding.id}
        if not withdrawn:
            assert ("open", finding.opened) in noted
            assert finding.healed is None or ("healed", finding.healed) in noted
            assert finding.healed is None or finding.healed >= finding.opened
