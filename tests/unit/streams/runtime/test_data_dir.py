"""One stack a data directory; ports that are taken are named."""

import socket
from pathlib import Path

import pytest

from streams.runtime.data_dir import DataDirectory, DirectoryInUse
from streams.runtime.ports import HOST, PortTaken, answers, free_port, wanted_port


def test_a_second_stack_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    first = DataDirectory(tmp_path)
    first.lock()
    with pytest.raises(DirectoryInUse, match="--data-dir"):
        DataDirectory(tmp_path).lock()


def test_clearing_keeps_the_lock_and_forgets_the_rest(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path)
    directory.lock()
    for folder in (directory.store, directory.simulator):
        (folder / "deep").mkdir(parents=True)
    directory.clear()
    assert not directory.has_data
    assert directory.logs.is_dir()
    with pytest.raises(DirectoryInUse):
        DataDirectory(tmp_path).lock()


def test_a_taken_port_is_said_with_what_to_do() -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        assert answers(port)
        with pytest.raises(PortTaken, match=rf"port {port} for the dashboards .*--port N"):
            wanted_port(port, "dashboards", "--port N")


def test_a_free_port_is_free() -> None:
    port = free_port()
    assert not answers(port)
    assert wanted_port(port, "dashboards", "--port N") == port
