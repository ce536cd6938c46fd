"""`flowglass gateway` as a process, and the guide's examples run as they are written."""

import asyncio
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from streams import topics
from tests.integration.gateway.guide import GUIDE, examples, run_examples
from tests.integration.gateway.process import process
from tests.integration.gateway.running import Log


async def test_the_examples_of_the_guide_run_as_written(broker: str, tmp_path: Path, kafka: Log) -> None:
    marks = {topic: await kafka.marks(topic) for topic in (topics.EVENTS, topics.NATIVE, topics.SPANS)}
    given = examples("Try it")
    assert len(given) == 6
    with process(broker, tmp_path) as (_, url):
        await asyncio.to_thread(run_examples, given, tmp_path, url)
    found = {topic: len(await kafka.since(mark)) for topic, mark in marks.items()}
    assert found == {topics.EVENTS: 4, topics.NATIVE: 1, topics.SPANS: 1}
    token = tmp_path / ".flowglass/gateway.token"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    log = (tmp_path / "gateway.log").read_text()
    for secret in (token.read_text().strip(), "PO-17", "REQ0010023", "sc_request"):
        assert secret not in log


async def test_the_file_of_senders_in_the_guide_lets_its_senders_in(broker: str, tmp_path: Path, kafka: Log) -> None:
    (tmp_path / "senders.yaml").write_text(GUIDE.partition("```yaml\n")[2].partition("```")[0])
    (tmp_path / "secrets").mkdir()
    for name in ("coupa", "workday", "workday-signing"):
        (tmp_path / "secrets" / name).write_text(f"0123456789abcdef-{name}\n")
    marks = await kafka.marks(topics.NATIVE)
    given = {"FLOWGLASS_GATEWAY": "senders.yaml", "PLATFORM_TOKEN": "0123456789abcdef"}
    with process(broker, tmp_path, "--host", "0.0.0.0", **given) as (_, url):
        await asyncio.to_thread(run_examples, examples("Senders"), tmp_path, url)
    assert len(await kafka.since(marks)) == 1
    assert not (tmp_path / ".flowglass/gateway.token").exists()


def test_it_speaks_https_with_a_certificate(broker: str, tmp_path: Path) -> None:
    make = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout key.pem -out cert.pem"
    subprocess.run(make.split(), cwd=tmp_path, check=True, capture_output=True)
    with process(broker, tmp_path, "--certificate", "cert.pem", "--key", "key.pem", scheme="https") as (_, url):
        done = subprocess.run(["curl", "-sk", f"{url}/ready"], capture_output=True, text=True, check=True)
    assert done.stdout == "ready\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--host", "0.0.0.0"), "this machine only"),
        (("--senders", "gone.yaml"), "gone.yaml"),
        (("--certificate", "gone.pem"), "gone.pem and its key can't be used"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(AssertionError, match=told), process("127.0.0.1:1", tmp_path, *arguments):
        pass


async def test_a_request_under_way_is_answered_before_the_gateway_ends(broker: str, tmp_path: Path, kafka: Log) -> None:
    marks = await kafka.marks(topics.NATIVE)
    with process(broker, tmp_path) as (running, url):
        token = (tmp_path / ".flowglass/gateway.token").read_text().strip()
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        head = f"POST /intake/coupa HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\nAuthorization: Bearer {token}\r\n\r\n"
        writer.write(f"{head}{{".encode())
        await asyncio.sleep(0.3)
        running.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.5)
        assert running.poll() is None
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        writer.write(b'"a": 1}')
        async with asyncio.timeout(10):
            answer = await reader.read()
        writer.close()
        assert answer.startswith(b"HTTP/1.1 200")
        assert await asyncio.to_thread(running.wait, 10) == 0
    assert [record.value for record in await kafka.since(marks)] == [b'{"a": 1}']
