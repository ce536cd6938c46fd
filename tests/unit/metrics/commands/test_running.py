"""Finding the stack that a command is about."""

import json
import socket
from pathlib import Path

import pytest

from metrics.running import NotRunning, accepts, find_stack


def note(folder: Path, **fields: str) -> None:
    told = {"broker": "127.0.0.1:1", "store": "http://127.0.0.1:2", "dashboards": "http://127.0.0.1:3"}
    (folder / "run.json").write_text(json.dumps(told | fields))


def test_the_environment_names_the_stack(tmp_path: Path) -> None:
    note(tmp_path)
    environment = {
        "FLOWGLASS_STORE_URL": "http://store:8123",
        "FLOWGLASS_BROKER_URL": "kafka:9092",
        "FLOWGLASS_DATA_DIR": str(tmp_path),
    }
    found = find_stack(environment, broker=True)
    assert (found.store_url, found.broker) == ("http://store:8123", "kafka:9092")


def test_else_the_note_of_the_running_stack_does(tmp_path: Path) -> None:
    note(tmp_path)
    found = find_stack({"FLOWGLASS_DATA_DIR": str(tmp_path)}, listens=lambda url: url == "http://127.0.0.1:2")
    assert (found.store_url, found.broker) == ("http://127.0.0.1:2", "127.0.0.1:1")
    assert found.data_dir == tmp_path


def test_half_a_stack_from_the_environment_is_refused(tmp_path: Path) -> None:
    note(tmp_path)
    with pytest.raises(NotRunning, match="FLOWGLASS_BROKER_URL is not: this command needs both"):
        find_stack({"FLOWGLASS_STORE_URL": "http://s:1", "FLOWGLASS_DATA_DIR": str(tmp_path)}, broker=True)
    with pytest.raises(NotRunning, match="FLOWGLASS_STORE_URL is not: set both"):
        find_stack({"FLOWGLASS_BROKER_URL": "k:1", "FLOWGLASS_DATA_DIR": str(tmp_path)})
    assert find_stack({"FLOWGLASS_STORE_URL": "http://s:1"}).store_url == "http://s:1"


def test_without_a_stack_the_error_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotRunning, match="Start one with `flowglass up`"):
        find_stack({"FLOWGLASS_DATA_DIR": str(tmp_path)})


def test_a_note_that_outlived_its_stack_is_not_believed(tmp_path: Path) -> None:
    note(tmp_path)
    with pytest.raises(NotRunning, match="not running any more"):
        find_stack({"FLOWGLASS_DATA_DIR": str(tmp_path)}, listens=lambda url: False)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"broker": 1}'])
def test_a_broken_note_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(NotRunning, match=r"run\.json can't be read"):
        find_stack({"FLOWGLASS_DATA_DIR": str(tmp_path)})


def test_something_that_listens_is_told_from_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        assert accepts(url)
    assert not accepts(url)
