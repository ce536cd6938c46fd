"""`flowglass mapping cost`: how the figures come about, and what it prints."""

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from metrics.cli import run
from streams.sources.command import mapping as command
from streams.sources.mapping import Mapping
from streams.sources.message import Message
from streams.sources.timing import Cost, Sample, costs
from tests.unit.streams.sources.written import mapping, small

GOOD = b'{"nr": "1", "id": "e", "at": "2026-01-02T03:04:05Z"}'


def ticking(*steps: float) -> Callable[[], float]:
    """A clock that goes on by these steps, one after the other, every second time that it is read."""
    readings = count()

    def clock() -> float:
        number = next(readings)
        return sum(steps[: (number + 1) // 2])

    return clock


def sample(made: Mapping, system: str = "small", syntax: str = "json", events: int = 1) -> Sample:
    return Sample(system, syntax, made, Message(GOOD), {}, events)


def test_a_message_counts_with_the_median_of_its_rounds(tmp_path: Path) -> None:
    made = mapping(tmp_path, small())
    (only,) = costs([sample(made, events=2)], ticking(0.001, 0.1, 0.002), rounds=3, repeats=20)
    assert (only.median_us, only.event_us, only.per_second, only.messages) == (100.0, 50.0, 10_000, 1)


def test_rounds_go_over_all_messages_in_turn(tmp_path: Path) -> None:
    made = mapping(tmp_path, small())
    both = [sample(made, "a"), sample(made, "b")]
    first, second = costs(both, ticking(1e-5, 3e-5, 1e-5, 3e-5), rounds=2, repeats=1)
    assert (first.system, first.median_us) == ("a", 10.0)
    assert (second.system, second.median_us) == ("b", 30.0)


def test_the_aim_is_that_of_the_syntax_and_flat_files_have_none(tmp_path: Path) -> None:
    made = mapping(tmp_path, small())
    found = costs([sample(made, syntax=one) for one in ("json", "xml", "csv")], ticking(*[1e-4] * 3), 1, 1)
    assert [(one.syntax, one.aim, one.reached) for one in found] == [
        ("json", 20_000, False), ("xml", 5_000, True), ("csv", 0, True),
    ]  # fmt: skip


def test_an_aim_that_is_met_exactly_is_reached() -> None:
    one = Cost("a", "json", 1, 50.0, 50.0, 50.0, 20_000, 20_000)
    assert one.reached
    assert not replace(one, per_second=19_999).reached


def test_cost_prints_a_row_for_each_system(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "small.yaml").write_text(small(), encoding="utf-8")
    case = tmp_path / "cases" / "small" / "one"
    case.mkdir(parents=True)
    (case / "1.json").write_bytes(GOOD)
    (case / "2.json").write_bytes(b"{}")
    arguments = ["cost", "--cases", str(tmp_path / "cases"), "--mappings", str(tmp_path)]
    assert run("mapping", command, [*arguments, "--json"]) == 0
    (only,) = json.loads(capsys.readouterr().out)
    assert (only["system"], only["syntax"], only["messages"], only["aim"]) == ("small", "json", 1, 20_000)
    assert only["per_second"] > 0
    assert run("mapping", command, arguments) == 0
    said = capsys.readouterr().out
    assert "messages/s a core" in said
    assert "of 1 reach their aim." in said
