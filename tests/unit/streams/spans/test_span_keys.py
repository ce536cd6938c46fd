"""Which attributes name business objects, and which only look as if they did."""

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from streams.spans.limits import Limits
from tests.unit.streams.spans.otlp import OTHER_TRACE, TRACE, collected, message, refs, row, rows, span


def test_a_mapped_attribute_names_an_object() -> None:
    assert refs(span({"purchase_order.id": "PO-1"})) == {("attribute", "purchase_order", "PO-1", "purchase_order.id")}


def test_an_attribute_of_our_own_naming_needs_no_mapping() -> None:
    assert refs(span({"flowglass.goods_receipt.id": "GR-9"})) == {
        ("attribute", "goods_receipt", "GR-9", "flowglass.goods_receipt.id")
    }


def test_a_baggage_copy_says_that_it_came_by_baggage() -> None:
    found = refs(span({"baggage.worker.id": "W-1", "baggage.flowglass.invoice.id": "I-1", "worker.id": "W-1"}))
    assert found == {
        ("baggage", "worker", "W-1", "baggage.worker.id"),
        ("baggage", "invoice", "I-1", "baggage.flowglass.invoice.id"),
        ("attribute", "worker", "W-1", "worker.id"),
    }


def test_a_list_names_each_of_its_objects_once() -> None:
    found = refs(span({"worker.id": ["W-1", "W-2", "W-1", 3]}))
    assert {one[2] for one in found} == {"W-1", "W-2", "3"}


def test_a_whole_number_is_an_id() -> None:
    assert refs(span({"worker.id": 4711})) == {("attribute", "worker", "4711", "worker.id")}


@pytest.mark.parametrize(
    "decoy",
    [
        {"purchase_order.id.hint": "PO-1"},
        {"Purchase_Order.id": "PO-1"},
        {"flowglass.id": "PO-1"},
        {"flowglass.Purchase Order.id": "PO-1"},
        {"baggage.baggage.worker.id": "W-1"},
        {"worker.id": ""},
        {"worker.id": "  "},
        {"worker.id": "W" * 257},
        {"worker.id": True},
        {"worker.id": 1.5},
        {"worker.id": {"id": "W-1"}},
        {"worker.id": None},
        {"worker.id": []},
    ],
)
def test_a_decoy_names_nothing(decoy: dict[str, object]) -> None:
    assert refs(span(decoy)) == set()


def test_refused_ids_are_counted() -> None:
    columns = collected(message(span({"worker.id": ["", "W-1", "W" * 300]})).SerializeToString())
    assert (columns.counts.refs, columns.counts.refused) == (1, 2)


def test_references_beyond_the_cap_are_counted_and_marked_on_the_span() -> None:
    value = message(span({"worker.id": [f"W-{number}" for number in range(7)]})).SerializeToString()
    columns = collected(value, limits=Limits(refs=5))
    assert [one["object_id"] for one in rows(columns, "span_refs")] == ["W-0", "W-1", "W-2", "W-3", "W-4"]
    assert columns.counts.capped == 2
    assert rows(columns)[0]["attributes"]["flowglass.refs_capped"] == 2


def test_a_link_to_another_trace_is_a_reference() -> None:
    links = [Span.Link(trace_id=bytes.fromhex(OTHER_TRACE), span_id=bytes(8))] * 2
    assert refs(span(links=links)) == {("span_link", "trace", OTHER_TRACE, "")}


def test_a_link_to_the_own_trace_or_to_none_is_no_reference() -> None:
    linked = [bytes.fromhex(TRACE), bytes(16), b"short", b""]
    assert refs(span(links=[Span.Link(trace_id=one) for one in linked])) == set()


@pytest.mark.parametrize(
    ("attributes", "interface"),
    [
        ({}, ""),
        ({"flowglass.interface": "hr-to-erp", "messaging.destination.name": "orders"}, "hr-to-erp"),
        ({"messaging.destination.name": "orders", "rpc.method": "Get"}, "orders"),
        ({"rpc.service": "Suppliers", "rpc.method": "Get", "server.address": "erp"}, "Suppliers/Get"),
        ({"rpc.method": "Get"}, "Get"),
        ({"http.route": "/po/{id}", "peer.service": "coupa", "server.address": "10.0.0.1"}, "coupa /po/{id}"),
        ({"url.template": "/po/{id}"}, "/po/{id}"),
        ({"net.peer.name": "erp"}, "erp"),
        ({"url.path": "/po/17", "rpc.service": "Suppliers"}, ""),
        ({"flowglass.interface": ""}, ""),
        ({"flowglass.interface": 5}, ""),
    ],
)
def test_the_interface_follows_the_documented_precedence(attributes: dict[str, object], interface: str) -> None:
    assert row(span(attributes))["interface"] == interface
