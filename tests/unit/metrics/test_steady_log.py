"""What becomes of a program's words where the disk is full."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from metrics.steady_log import SteadyStream

FULL = "/dev/full"
"""Linux's device on which every write finds no space."""

needs_full = pytest.mark.skipif(not os.path.exists(FULL), reason="this system has no /dev/full")

PROGRAM = """
import structlog, sys
from metrics.steady_log import keep_writing
log = structlog.get_logger("early")
if "steady" in sys.argv:
    keep_writing()
log.warning("the store is unavailable")
print("a line", flush=True)
sys.exit(7)
"""


def run(*arguments: str) -> int:
    with open(FULL, "wb") as full:
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, *arguments], stdout=full, stderr=full, check=False
        ).returncode


@needs_full
def test_a_log_line_that_finds_no_space_does_not_end_the_program() -> None:
    assert run("steady") == 7


@needs_full
def test_without_the_steady_log_it_does() -> None:
    assert run() != 7


@needs_full
def test_lines_that_found_no_space_are_counted_and_said_once_there_is_some(tmp_path: Path) -> None:
    full, file = os.open(FULL, os.O_WRONLY), os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT)
    place = os.dup(full)
    stream = SteadyStream(place)
    stream.write("one\ntwo\n")
    stream.write("three\n")
    assert stream.dropped == 3
    os.dup2(file, place)
    stream.write("four\n")
    stream.write("five\n")
    text = (tmp_path / "log").read_text()
    assert text == "3 lines are missing here: the disk was full\nfour\nfive\n"
    for descriptor in (full, file, place):
        os.close(descriptor)


def test_lines_are_written_whole_and_a_begun_one_when_it_is_flushed(tmp_path: Path) -> None:
    file = os.open(tmp_path / "log", os.O_WRONLY | os.O_CREAT)
    stream = SteadyStream(file)
    stream.write("begun")
    assert (tmp_path / "log").read_text() == ""
    stream.write(" and ended\nnext")
    assert (tmp_path / "log").read_text() == "begun and ended\n"
    stream.flush()
    assert (tmp_path / "log").read_text() == "begun and ended\nnext"
    os.close(file)


def test_a_reader_that_went_away_is_told_as_ever() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(BrokenPipeError):
        SteadyStream(writing).write("nobody reads this\n")
    os.close(writing)
