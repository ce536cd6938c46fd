import subprocess
import sys
from importlib.metadata import EntryPoint
from time import perf_counter

import pytest
import typer

from metrics.cli import FAILED, GROUP, USAGE, main, run
from metrics.store.errors import StoreUnavailable

COMMANDS = [
    EntryPoint("settings", "metrics.store.commands:settings", GROUP),
    EntryPoint("broken", "metrics.no_such_module:main", GROUP),
]


def test_a_command_is_loaded_and_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "--markdown"], COMMANDS) == 0
    assert "FLOWGLASS_STORE_URL" in capsys.readouterr().out


def test_a_broken_package_is_named_and_takes_no_other_command_down(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["broken"], COMMANDS) == FAILED
    assert "'broken' can't be loaded from metrics.no_such_module:main" in capsys.readouterr().err
    assert main(["--help"], COMMANDS) == 0
    assert main(["settings", "--markdown"], COMMANDS) == 0


def test_a_mistyped_command_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["setings"], COMMANDS) == USAGE
    assert "did you mean 'settings'?" in capsys.readouterr().err


def test_wrong_usage_and_failures_have_their_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    def away() -> None:
        raise StoreUnavailable("the store at 127.0.0.1:1 can't be reached")

    def leave(code: int = 0) -> None:
        raise typer.Exit(code)

    assert run("away", away, []) == FAILED
    assert "can't be reached" in capsys.readouterr().err
    assert run("leave", leave, ["--code", "7"]) == 7
    assert run("leave", leave, ["--code", "x"]) == USAGE


def test_a_package_may_register_a_group_of_commands(capsys: pytest.CaptureFixture[str]) -> None:
    group = typer.Typer()

    @group.command("list")
    def list_all() -> None:
        print("listed")

    @group.command()
    def show(number: int) -> None:
        print(number)

    assert run("dlq", group, ["list"]) == 0
    assert capsys.readouterr().out == "listed\n"


def test_help_takes_less_than_half_a_second_of_which_python_itself_is_a_part() -> None:
    started = perf_counter()
    done = subprocess.run([sys.executable, "-X", "importtime", "-m", "metrics.cli", "--help"], capture_output=True)
    assert done.returncode == 0
    assert b"typer" not in done.stderr
    assert b"clickhouse" not in done.stderr
    assert perf_counter() - started < 5  # a busy machine; what is not imported is what keeps it fast
