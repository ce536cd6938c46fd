"""`flowglass up` says in a sentence what it cannot use, and leaves nothing running."""

import socket
from pathlib import Path

import pytest

from streams.runtime.ports import HOST, free_port
from tests.integration.runtime.up_process import Up


def refusal(data_dir: Path, *options: str) -> str:
    """What it says before it ends with exit code 1."""
    with Up(data_dir, *options) as up:
        assert up.process.wait(30) == 1
        assert not (data_dir / "run.json").exists(), "no note of a stack that does not run"
        said = up.said()
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--broker", "no Kafka broker answers at 127.0.0.1:{port}; start it, name another with --broker HOST:PORT"),
        ("--store", "no store answers at 127.0.0.1:{port}; start it, name another with --store URL"),
    ],
)
def test_an_external_part_that_does_not_answer_is_named_with_what_to_do(
    tmp_path: Path, option: str, sentence: str
) -> None:
    port = free_port()
    address = f"{HOST}:{port}" if option == "--broker" else f"http://{HOST}:{port}"
    assert sentence.format(port=port) in refusal(tmp_path / "data", option, address)


def test_a_program_that_is_no_kafka_broker_is_not_taken_for_one(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        address = f"{HOST}:{other.getsockname()[1]}"
        assert f"no Kafka broker answers at {address}" in refusal(tmp_path / "data", "--broker", address)
