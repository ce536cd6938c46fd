"""The command that Connect offers for an event log reads the log as the page showed it."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from metrics.connecting.draft import guessed
from metrics.connecting.shell_lines import analyse_line
from metrics.connecting.table import read_table
from metrics.vocabulary import load_vocabulary
from metrics.words import Event
from streams.analyse.command import analyse
from streams.intake.options import IntakeError, LogOptions
from streams.intake.reader import open_log
from tests.unit.metrics.connecting.tables import STEPS

AMBIGUOUS = (
    "log.csv",
    b"Ticket,Activity,Time\nT-1,Ticket opened,03/04/2026 10:00\nT-1,Ticket closed,05/04/2026 11:00\n",
)
MONTHS = ("log.csv", b"Ticket,Activity,Time\nT-1,Ticket opened,5 Jan 2026 10:00\nT-1,Ticket closed,6 Jan 2026 11:00\n")


def options_of(words: list[str]) -> LogOptions:
    """The reading options that the words of a command give."""
    given = dict(zip(words[3::2], words[4::2], strict=True))
    assert set(given) <= {option for one in analyse.registered_commands for option in options_known(one.callback)}
    return LogOptions(
        case=given["--case"],
        activity=given["--activity"],
        time=given["--time"],
        start=given.get("--start"),
        time_format=given.get("--time-format"),
    )


def options_known(callback: Any) -> set[str]:
    names = callback.__annotations__
    return {f"--{name.replace('_', '-')}" for name in names}


@pytest.mark.parametrize(("name", "content"), [STEPS, AMBIGUOUS, MONTHS], ids=["steps", "ambiguous", "months"])
def test_the_offered_command_reads_the_log(name: str, content: bytes, tmp_path: Path) -> None:
    draft = guessed(read_table(content, len(content)), name, load_vocabulary())
    words = shlex.split(analyse_line(draft, name))
    (tmp_path / name).write_bytes(content)
    items = list(open_log(tmp_path / words[2], options_of(words)))
    events = [item for item in items if isinstance(item, Event)]
    assert len(events) >= len(draft.table.rows) - 1
    assert {event.objects[0].id for event in events} <= set(draft.values[0].all)


def test_day_and_month_that_cannot_be_told_apart_are_asked_for_with_the_option(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(AMBIGUOUS[1])
    with pytest.raises(IntakeError, match=r"name which comes first: dmy or mdy \(with --time-format\)"):
        open_log(tmp_path / "log.csv", LogOptions(case="Ticket"))
    with pytest.raises(IntakeError, match="--time-format: unknown time format"):
        open_log(tmp_path / "log.csv", LogOptions(case="Ticket", time_format="european"))
