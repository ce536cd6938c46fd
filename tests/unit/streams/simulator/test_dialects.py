"""What the products say in their own dialects is what happened: their mappings give it back."""

from collections import Counter, defaultdict

import pytest

from metrics.contracts.checker import ContractChecker
from metrics.contracts.model import load_contracts
from metrics.words import SECOND, Event
from streams.simulator.products import fieldglass, jaggaer, ukg_wfm
from streams.simulator.products.dialect import Product

from .conftest import plan
from .told import Heard, hear

BY_ANOTHER_NAME = {"invoice.rejected.v1": "invoice.voided.v1"}
"""Fusion cancels an invoice that is refused; both reach the same milestone."""
BEYOND = {
    "purchase_order.detailed.v1", "invoice.detailed.v1", "goods_receipt.detailed.v1", "worker.detailed.v1",
    "payment.issued.v1",
}  # fmt: skip
"""What answers and payments say beyond what happened."""
PRODUCTS = {
    "simulated_coupa", "simulated_s4hana", "simulated_ariba", "simulated_fusion_erp", "simulated_ebs",
    "simulated_workday", "simulated_scim", "simulated_ukg_pro", "simulated_servicenow",
    "simulated_jaggaer", "simulated_fieldglass", "simulated_ukg_wfm",
}  # fmt: skip
WHOLE = frozenset({
    "supplier.requested", "supplier.tax_verified", "supplier.risk_reviewed", "supplier.approved", "supplier.rejected",
}) | fieldglass.PRODUCT.tells | ukg_wfm.PRODUCT.tells  # fmt: skip
"""What is told with every attribute; those of an order are told with its creation."""


SELDOM = {"supplier.withdrawn", "staffing_request.cancelled", "assignment.ended", "timesheet.rejected"}
"""What need not happen in five weeks of a small group."""


@pytest.fixture(scope="module")
def heard() -> Heard:
    """Five weeks of a small group told natively, with the worst declared delivery."""
    return hear(plan(days=35, native=True, load=0.15))


def facts(events: list[Event]) -> Counter[tuple[str, str, int, str]]:
    """What counts of events: type, subject, time and trace."""
    return Counter((BY_ANOTHER_NAME.get(e.type, e.type), _subject(e), e.time, e.trace_id) for e in events)


def _subject(event: Event) -> str:
    """UKG knows workers by a number of its own."""
    return "a worker" if event.type == "worker.changed.v1" else event.subject


def test_every_product_speaks_and_every_word_of_it_is_understood(heard: Heard) -> None:
    assert heard.faults == []
    assert set(heard.messages) >= PRODUCTS
    nights = heard.messages["own_interfaces"]  # files come every night, however small the group
    own = sum(count for system, count in heard.messages.items() if system.startswith("own_")) - nights
    assert own < (heard.messages.total() - nights) / 4


def test_the_mapped_events_are_those_that_happened_to_the_microsecond(heard: Heard) -> None:
    mapped = facts([event for event in heard.mapped.values() if event.type not in BEYOND])
    happened = facts(list(heard.events.values()))
    assert happened - mapped == Counter()
    assert mapped - happened == Counter()


def test_what_began_before_the_products_were_connected_is_told_canonically_to_its_end() -> None:
    chosen = plan(days=35, native=True, native_days=10, load=0.15)
    heard = hear(chosen)
    assert heard.faults == []
    loaded, told = list(heard.loaded.values()), [e for e in heard.mapped.values() if e.type not in BEYOND]
    assert facts(loaded) + facts(told) == facts(list(heard.events.values()))
    assert max(event.time for event in loaded) > chosen.connected <= min(event.time for event in told)
    assert {event.subject for event in loaded}.isdisjoint(_subject(event) for event in told)


def test_what_a_product_tells_happens_on_the_second(heard: Heard) -> None:
    told = [event for event in heard.events.values() if event.type in ("requisition.approved.v1", "worker.hired.v1")]
    assert told
    assert all(event.time % SECOND == 0 for event in told)


def test_an_answer_names_the_thin_event_that_asked_for_it(heard: Heard) -> None:
    answers = [event for event in heard.mapped.values() if event.attributes.get("enrichment") == "done"]
    assert {event.type for event in answers} == BEYOND - {"payment.issued.v1"}  # which need no question
    assert all(event.attributes["completes"] in heard.mapped for event in answers)


def test_requisitions_of_every_facility_come_with_their_place(heard: Heard) -> None:
    made = [event for event in heard.mapped.values() if event.type == "requisition.created.v1"]
    assert {event.attributes["facility"] for event in made} == {"north", "south", "west", "mountain", "children"}
    assert all(event.attributes["department"] and event.attributes["category"] and event.amount for event in made)
    assert {event.source for event in made} == {"/coupa/prod", "/oracle/ebs/prod", "/oracle/fusion/erp/prod"}


def test_orders_and_invoices_name_what_they_serve_and_bill(heard: Heard) -> None:
    linked = {"purchase_order": set[str](), "invoice": set[str]()}
    for event in heard.mapped.values():
        kinds = {ref.type for ref in event.objects}
        for kind, parent in (("purchase_order", "requisition"), ("invoice", "purchase_order")):
            if event.objects[0].type == kind and parent in kinds:
                linked[kind].add(event.subject)
    for kind in linked:
        assert linked[kind] >= {e.subject for e in heard.events.values() if e.objects[0].type == kind}


@pytest.mark.parametrize("product", [jaggaer.PRODUCT, fieldglass.PRODUCT, ukg_wfm.PRODUCT], ids=lambda one: one.name)
def test_what_is_told_whole_names_all_that_the_truth_names(product: Product, heard: Heard) -> None:
    beside = defaultdict[tuple[str, str], set[tuple[str, str]]](set)  # what a snapshot may repeat
    for event in heard.events.values():
        for one in named(event):
            beside[one] |= named(event)
    mapped = {(e.type, e.subject, e.time): e for e in heard.mapped.values() if e.source == product.source}
    happened = [event for event in heard.events.values() if event.type.rpartition(".")[0] in product.tells]
    told = [event for event in happened if (event.type, event.subject, event.time) in mapped]
    assert {event.type.rpartition(".")[0] for event in told} >= product.tells - SELDOM
    for event in told:
        as_read = mapped[event.type, event.subject, event.time]
        assert named(as_read) >= named(event)
        aliases = {(ref.type, ref.id) for ref in as_read.objects if ref.qualifier == "alias"}
        assert named(as_read) - aliases <= set().union(*(beside[one] for one in named(event)))
        assert as_read.amount == event.amount
        if event.type.rpartition(".")[0] in WHOLE:
            assert {key: as_read.attributes.get(key) for key in event.attributes} == event.attributes


def named(event: Event) -> set[tuple[str, str]]:
    """The objects that an event names."""
    return {(ref.type, ref.id) for ref in event.objects}


def test_a_supplier_who_is_refused_is_neither_blocked_nor_changed(heard: Heard) -> None:
    told = {event.type for event in heard.mapped.values() if event.source == "/jaggaer/prod"}
    assert "supplier.rejected.v1" in told
    assert not told & {"supplier.blocked.v1", "supplier.changed.v1", "supplier.created.v1"}


def test_systems_beside_the_one_that_registers_a_supplier_speak_of_it_themselves(heard: Heard) -> None:
    says = {"bank_verified": "/bank/prod", "synced": "/coupa/prod", "created": "/sap-s4/prod"}
    for verb, source in says.items():
        assert {e.source for e in heard.mapped.values() if e.type == f"supplier.{verb}.v1"} == {source}


def test_mapped_events_keep_their_contracts(heard: Heard) -> None:
    checker = ContractChecker(load_contracts())
    assert [breach.detail for breach in checker.check(list(heard.mapped.values()))] == []
