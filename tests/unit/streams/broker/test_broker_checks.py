"""What the doctor says about the broker."""

from uuid import UUID

from aiokafka import TopicPartition

from metrics.commands.rows import Checkpoint, Log
from metrics.settings import Settings
from streams import topics
from streams.broker.checks import MANY_BEHIND, _identity, _lag, _logs, _topics, check_broker
from streams.broker.probe import address_of
from streams.runtime.ports import free_port

LIFE = UUID(int=7)
COUNTS = {topic.name: topic.partitions for topic in topics.all_topics()}


def test_a_broker_that_is_away_is_one_finding_with_advice() -> None:
    (finding,) = check_broker(Settings(broker=f"127.0.0.1:{free_port()}"))
    assert finding.state == "wrong"
    assert "flowglass up" in finding.advice


def test_a_topic_that_is_missing_is_named() -> None:
    assert _topics(COUNTS).state == "ok"
    fewer = {name: count for name, count in COUNTS.items() if name != topics.SPANS}
    assert topics.SPANS in _topics(fewer).detail


def test_the_two_halves_of_a_case_need_the_same_partitions() -> None:
    assert _topics(COUNTS | {topics.DELIVERIES: 8}).state == "wrong"


def test_a_log_that_the_workers_do_not_know_is_told() -> None:
    assert _identity(LIFE, {str(LIFE)}).state == "ok"
    assert _identity(LIFE, set()).state == "ok"
    assert _identity(LIFE, {"another"}).state == "warning"
    assert _identity(None, set()).state == "wrong"


def test_logs_that_were_replaced_are_told_with_what_was_lost() -> None:
    first, second = Log("a", "", 0, 0, ""), Log("b", "a", 60_000_000, 0, "")
    assert "1 so far" in _logs([first]).detail
    assert _logs([second, first]).detail.endswith("nothing of those before is known to be lost")
    lost = _logs([Log("b", "a", 60_000_000, 1_200, ""), first])
    assert (lost.state, "1,200 records" in lost.detail) == ("warning", True)


def test_lag_is_counted_from_the_log_s_own_end() -> None:
    rows = [
        Checkpoint("cases", topics.EVENTS, 0, str(LIFE), 90, 90, 0),
        Checkpoint("quality", topics.EVENTS, 0, str(LIFE), 100, 100, 0),
    ]
    ends = {TopicPartition(topics.EVENTS, 0): 100, TopicPartition(topics.EVENTS, 1): 5}
    (finding,) = _lag(rows, ends)
    assert (finding.check, finding.detail) == ("lag of cases", "15 records from the log's end")
    (far,) = _lag([], {TopicPartition(topics.SPANS, 0): MANY_BEHIND + 1})
    assert (far.check, far.state) == ("lag of spans", "warning")


def test_an_address_without_a_port_has_kafka_s() -> None:
    assert address_of("kafka:9093") == ("kafka", 9093)
    assert address_of("kafka") == ("kafka", 9092)
