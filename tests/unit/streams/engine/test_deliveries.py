"""Messages between workers: what goes into a record comes out of it, in the partition of its target's shard."""

import asyncio
from collections.abc import Iterable

from metrics.words import Amount, Event, ObjectRef
from streams import topics
from streams.correlation.messages import Arrive, Belong, CaseKey, Drop, Enter, Follow, Leave, Message
from streams.correlation.shards import shard_of
from streams.engine.deliveries import MESSAGES_A_RECORD, deliver_through, unpack
from streams.producer import Outgoing

CASE = CaseKey("ordering", "requisition", "R")
ORDER = ("purchase_order", "P")
EVENT = Event(
    id="e1",
    type="t",
    activity="t",
    time=-5,
    source="/s",
    objects=(ObjectRef(*ORDER, "subject"),),
    origin="o@i",
    position=7,
    attributes={"facility": "north", "n": 3},
    amount=Amount("12.50", "USD"),
    started=-9,
    trace_id="ab",
    simulated=True,
)
MESSAGES: list[Message] = [
    Arrive(ORDER, EVENT),
    Follow(("requisition", "R"), ORDER, (1, "e1")),
    Belong(ORDER, CASE, ("requisition", "R"), (1, "e1")),
    Leave(ORDER, CASE, ("requisition", "R")),
    Enter(CASE, ORDER, EVENT),
    Drop(CASE, ORDER),
]


class Outbox:
    """Takes what a producer would send."""

    def __init__(self) -> None:
        self.records: list[Outgoing] = []
        self.flushed = 0

    async def send_many(self, topic: str, records: Iterable[Outgoing]) -> None:
        assert topic == topics.DELIVERIES
        self.records.extend(records)

    async def flush(self) -> None:
        self.flushed = len(self.records)


def delivered(messages: list[Message], partitions: int = 4) -> Outbox:
    outbox = Outbox()
    asyncio.run(deliver_through(outbox, partitions)(messages))  # type: ignore[arg-type]
    return outbox


def test_every_kind_of_message_comes_out_as_it_went_in() -> None:
    records = delivered(MESSAGES).records
    found = [message for _, value, _, _, _ in records for message in unpack(value or b"")]
    assert sorted(map(repr, found)) == sorted(map(repr, MESSAGES))


def test_a_message_goes_to_the_partition_of_its_targets_shard() -> None:
    for _, value, headers, partition, _ in delivered(MESSAGES).records:
        assert isinstance(headers, list), "the producer's batch builder takes nothing else"
        assert {shard_of(*message.target) % 4 for message in unpack(value or b"")} == {partition}


def test_order_within_a_partition_is_kept_over_many_records() -> None:
    many: list[Message] = [Drop(CASE, ("purchase_order", str(n))) for n in range(2 * MESSAGES_A_RECORD + 5)]
    outbox = delivered(many)
    assert [len(unpack(record[1] or b"")) for record in outbox.records] == [MESSAGES_A_RECORD, MESSAGES_A_RECORD, 5]
    assert [m for record in outbox.records for m in unpack(record[1] or b"")] == many


def test_sending_returns_only_after_the_acknowledgement() -> None:
    outbox = delivered(MESSAGES)
    assert outbox.flushed == len(outbox.records) > 0
