"""What `flowglass up` starts beside its workers, and where it says that one's own events go."""

import socket
from pathlib import Path

import pytest

from streams.runtime.data_dir import DataDirectory
from streams.runtime.ports import HOST, PortTaken, free_port
from streams.runtime.stack import StackOptions, children, choose_addresses, environment
from streams.runtime.up import where_to_send


def options(folder: Path, **changes: object) -> StackOptions:
    return StackOptions(folder, port=free_port(), **changes)  # type: ignore[arg-type]


def names(chosen: StackOptions) -> list[str]:
    directory = DataDirectory(chosen.data_dir)
    return [spec.name for spec in children(chosen, choose_addresses(chosen), directory)]


def test_gateway_and_folder_run_when_they_are_asked_for(tmp_path: Path) -> None:
    asked = options(tmp_path, gateway=True, usual_gateway_port=free_port(), inbox=tmp_path / "inbox")
    assert set(names(asked)) - set(names(options(tmp_path))) == {"gateway", "folder"}


def test_the_gateway_takes_its_usual_port_and_every_program_knows_it(tmp_path: Path) -> None:
    usual = free_port()
    chosen = options(tmp_path, gateway=True, usual_gateway_port=usual)
    addresses = choose_addresses(chosen)
    assert addresses.gateway_port == usual
    assert environment(chosen, addresses)["FLOWGLASS_GATEWAY_PORT"] == str(usual)
    (line,) = where_to_send(chosen, addresses)
    assert f"http://127.0.0.1:{usual} with the token in {tmp_path}/gateway.token" in line


def test_when_its_usual_port_is_taken_it_listens_at_another_and_says_so(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        chosen = options(tmp_path, gateway=True, usual_gateway_port=taken, inbox=tmp_path / "inbox")
        addresses = choose_addresses(chosen)
        assert addresses.gateway_port not in (None, taken)
        first, second, third = where_to_send(chosen, addresses)
        assert first.startswith(f"port {taken} is taken")
        assert f":{addresses.gateway_port} " in second
        assert f"{tmp_path}/inbox/SYSTEM/" in third


def test_a_port_that_was_asked_for_and_is_taken_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"port {taken} for the gateway is taken.*--gateway-port N"):
            choose_addresses(options(tmp_path, gateway=True, gateway_port=taken))


def test_without_a_gateway_nothing_is_said_of_one(tmp_path: Path) -> None:
    chosen = options(tmp_path)
    addresses = choose_addresses(chosen)
    assert addresses.gateway_port is None
    assert "FLOWGLASS_GATEWAY_PORT" not in environment(chosen, addresses)
    assert list(where_to_send(chosen, addresses)) == []


def test_forgetting_the_data_leaves_what_others_put_into_the_inbox(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path)
    for folder in (directory.store, directory.inbox):
        folder.mkdir()
        (folder / "file").write_text("kept?")
    directory.clear()
    assert not directory.has_data
    assert (directory.inbox / "file").exists()
