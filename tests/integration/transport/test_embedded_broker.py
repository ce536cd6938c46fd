"""Starting and stopping the embedded broker, and losing it."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest

from streams.broker import embedded, probe
from streams.producer import ProduceFailed, start_producer


def test_it_answers_when_start_returns_and_is_gone_after_stop(tmp_path: Path) -> None:
    running = embedded.start(embedded.free_port(), tmp_path / "logs" / "broker.log")
    assert probe.answers(embedded.HOST, running.port)
    running.stop()
    assert not running.running()
    assert not probe.answers(embedded.HOST, running.port)


def test_a_port_where_a_broker_answers_already_is_refused(tmp_path: Path) -> None:
    with (
        embedded.start(embedded.free_port(), tmp_path / "broker.log") as running,
        pytest.raises(embedded.BrokerNotStarted, match=f"port {running.port} is taken"),
    ):
        embedded.start(running.port, tmp_path / "second.log")


def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    settings = embedded.environment(9092)
    assert settings["LISTENER_URL"] == settings["ADVERTISED_LISTENER_URL"] == "tcp://127.0.0.1:9092"


def test_the_module_becomes_the_broker_and_ends_on_sigterm(tmp_path: Path) -> None:
    port = embedded.free_port()
    process = subprocess.Popen([sys.executable, "-m", "streams.broker", "--port", str(port)])
    try:
        assert probe.wait_until_answering(embedded.HOST, port, within=15)
    finally:
        process.terminate()
    assert process.wait(10) == 0


async def test_a_broker_that_dies_makes_flush_fail(tmp_path: Path) -> None:
    running = embedded.start(embedded.free_port(), tmp_path / "broker.log")
    async with await start_producer(running.address, "test", patience=1.0) as producer:
        await producer.send_many("somewhere", [(b"k", b"v", [], 0, None)])
        await producer.flush()
        running.stop()
        began = time.monotonic()
        await producer.send_many("somewhere", [(b"k", b"w", [], 0, None)])
        with pytest.raises(ProduceFailed):
            async with asyncio.timeout(15):
                await producer.flush()
        with pytest.raises(ProduceFailed):
            await producer.send_many("somewhere", [(b"k", b"x", [], 0, None)])
        assert time.monotonic() - began < 10
