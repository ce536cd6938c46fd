"""Every client of ours reaches a Kafka that encrypts and asks who one is, by FLOWGLASS_BROKER_URL alone."""

from collections.abc import Callable, Iterator

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaError

from streams import topics
from streams.broker.declaring import counted, declared
from streams.broker.incarnation import ensure_incarnation
from streams.broker.offsets import end_offsets
from streams.broker.probe import any_answers
from streams.runtime.ports import HOST
from streams.transport.app import BatchApp
from streams.transport.batch import RecordBatch
from tests.integration.transport.workers import Running, app_with, commit, fill
from tests.real.jars import KafkaUnavailable
from tests.real.secured import PASSWORD, USER, SecuredKafka

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredKafka]:
    try:
        made = SecuredKafka(tmp_path_factory.mktemp("secured") / "kafka")
    except KafkaUnavailable as error:
        pytest.skip(str(error))
    with made as running:
        (running.papers / "password").write_text(PASSWORD + "\n")
        (running.papers / "wrong").write_text("another-word\n")
        yield running


def signing_on(kafka: SecuredKafka, password: str = "password") -> str:
    files = f"password_file={kafka.papers / password}&ca={kafka.papers / 'ca.pem'}"
    return f"sasl+ssl://{USER}@{HOST}:{kafka.sasl_port}?{files}"


def by_certificate(kafka: SecuredKafka) -> str:
    return f"ssl://{HOST}:{kafka.tls_port}?ca={kafka.papers / 'ca.pem'}&certificate={kafka.papers / 'client.pem'}"


@pytest.mark.parametrize("way", [signing_on, by_certificate])
async def test_programs_declare_send_and_read_over_tls(kafka: SecuredKafka, way: Callable[[SecuredKafka], str]) -> None:
    broker = way(kafka)
    read: list[bytes] = []
    assert any_answers(broker)
    assert (await declared(broker, 4))[topics.EVENTS] == 4
    assert await ensure_incarnation(broker) == await ensure_incarnation(kafka.address)
    before = sum((await end_offsets(broker, [TopicPartition(topics.EVENTS, n) for n in range(4)])).values())
    await fill(broker, topics.EVENTS, 100)

    async def take(app: BatchApp, batch: RecordBatch) -> None:
        read.extend(record[3] for record in batch.records)
        await commit(app, batch)

    async with Running(app_with(broker, f"secured-{way.__name__}", [topics.EVENTS], take)) as running:
        await running.until(lambda: len(read) >= before + 100, within=60.0)
    assert len(read) == before + 100


async def test_a_wrong_password_is_refused(kafka: SecuredKafka) -> None:
    with pytest.raises(KafkaError):
        await counted(signing_on(kafka, "wrong"))


async def test_a_broker_of_an_unknown_authority_is_not_talked_to(kafka: SecuredKafka) -> None:
    unknown = by_certificate(kafka).partition("?")[0]
    assert not any_answers(unknown)
    with pytest.raises(KafkaConnectionError):
        await counted(unknown)
