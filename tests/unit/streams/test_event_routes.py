"""To which topic an event goes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from metrics.definitions.priority import Priority, priorities
from streams import topics
from streams.engine.cases_worker import owned_together
from streams.event_routes import one_topic, routes, routes_at
from tests.fakes.events import event
from tests.unit.metrics.definitions.written import SMALL, small


@dataclass(frozen=True)
class Process:
    priority: Priority
    matches: dict[str, object] = field(default_factory=dict)


def process(priority: Priority, *types: str) -> Any:
    return Process(priority, dict.fromkeys(types))


def test_a_type_has_the_highest_priority_of_the_processes_that_name_it() -> None:
    known = [process("bulk", "a", "b"), process("critical", "b", "c"), process("standard", "c", "d")]
    assert priorities(known) == {"a": "bulk", "b": "critical", "c": "critical", "d": "standard"}


def test_events_go_by_their_type_and_unknown_ones_are_standard() -> None:
    route = routes([process("bulk", "count.taken.v1"), process("critical", "order.placed.v1")])
    told = {kind: route(event(kind, 0)) for kind in ("count.taken.v1", "order.placed.v1", "other.told.v1")}
    assert list(told.values()) == [topics.EVENTS_BULK, topics.EVENTS_CRITICAL, topics.EVENTS]


def test_a_named_feed_stays_where_its_markers_are() -> None:
    route = routes([process("critical", "order.placed.v1")])
    order = event("order.placed.v1", 0, source="/erp/prod")
    assert route(msgspec.structs.replace(order, feed="files:1")) == topics.EVENTS
    assert route(msgspec.structs.replace(order, feed="/erp/prod")) == topics.EVENTS_CRITICAL, (
        "a source's own is no name"
    )


def test_mistakes_in_definitions_stop_no_intake(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("process: [")
    assert routes_at(tmp_path) is one_topic


def test_a_priority_is_no_new_version_of_a_process(tmp_path: Path) -> None:
    (plain,) = small(tmp_path).definitions
    (raised,) = small(tmp_path, f"{SMALL}priority: critical\n").definitions
    assert (plain.priority, raised.priority) == ("standard", "critical")
    assert plain.hash == raised.hash


def test_partitions_of_all_topics_of_events_have_numbers_of_their_own() -> None:
    places = [topics.place_of(topic, number, 4) for topic in topics.EVENT_TOPICS.values() for number in range(4)]
    assert sorted(places) == list(range(12))
    assert [topics.place_of(topics.EVENTS, number, 4) for number in range(4)] == [0, 1, 2, 3]


def test_a_worker_takes_the_same_partitions_of_each_topic_or_none() -> None:
    together = [(topic, number) for topic in topics.COPARTITIONED for number in (1, 3)]
    assert owned_together(together) == {1, 3}
    for apart in ([*together, (topics.EVENTS_BULK, 0)], [(topics.EVENTS_CRITICAL, 0)]):
        with pytest.raises(topics.NotCopartitioned, match="must be stopped first"):
            owned_together(apart)
