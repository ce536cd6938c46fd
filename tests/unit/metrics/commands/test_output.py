"""What is printed for people and for machines."""

import json
import math

import pytest

from metrics.commands.output import for_machines, print_json, print_table
from metrics.commands.restatements import for_machines as restatement_for_machines
from metrics.commands.rows import SlaCounts
from metrics.commands.wording import duration, left, moment, plain, rfc3339
from metrics.queries.restatement_rows import Restatement
from metrics.queries.rows import CaseClock
from metrics.words import DAY, HOUR, MINUTE


def test_times_are_rfc_3339_and_durations_seconds_for_machines() -> None:
    clock = CaseClock("approval", "running", 1_000_001, None, None, 2_000_000, 5, 1_500_000, HOUR, "[]")
    told = for_machines(clock)
    assert told["started"] == "1970-01-01T00:00:01.000001Z"
    assert told["stopped"] is None
    assert (told["net_seconds"], told["target_seconds"]) == (1.5, 3600)


def test_what_was_never_decided_is_null_not_nan() -> None:
    told = for_machines(SlaCounts("s", 0, 0, 0, 0, 0, 0, math.nan, math.nan))
    assert told["median_seconds"] is None


def test_a_restatement_says_how_late_it_is_in_seconds() -> None:
    after = '{"met":"1","net_p90_us":"90500000"}'
    one = Restatement("sla", "p", "approval", "", "", "day", "2026-03-02", 1, 0, "{}", after, ["late"], [1], 1,
                      ["e"], ["p"], ["c"], 90 * MINUTE, "", 0, 1)  # fmt: skip
    told = restatement_for_machines(one)
    assert told["late_seconds"] == 5400
    assert told["after"] == {"met": "1", "net_p90_seconds": "90.5"}
    assert not [name for name in told if name.endswith("_us")]


def test_json_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": [1, "é"]})
    assert json.loads(capsys.readouterr().out) == {"a": [1, "é"]}


def test_text_from_outside_does_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("name",), [("\x1b[31m[red]x[/red]\r\n",)])
    assert "�[31m[red]x[/red]��" in capsys.readouterr().out
    assert plain("Zürich 東京") == "Zürich 東京"


def test_rows_carry_no_blanks_at_their_end(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("a", "b"), [("x", "y"), ("long", "")])
    assert all(line == line.rstrip() for line in capsys.readouterr().out.splitlines())


@pytest.mark.parametrize(
    ("us", "text"),
    [(None, "–"), (math.nan, "–"), (180_000, "180 ms"), (52 * MINUTE, "52 min"), (3 * HOUR + 5 * MINUTE, "3 h 5 min"),
     (3 * DAY + 4 * HOUR, "3 d 4 h"), (40 * DAY, "40 d"), (-HOUR, "−1 h"),
     (13 * HOUR + 59 * MINUTE, "14 h"), (DAY, "24 h")],
)  # fmt: skip
def test_durations_read_in_two_units(us: float | None, text: str) -> None:
    assert duration(us) == text


def test_deadlines_say_how_far_they_are() -> None:
    assert left(2 * HOUR, HOUR) == "in 1 h"
    assert left(0, HOUR) == "1 h ago"


def test_times_before_1970_and_far_ahead_can_be_told() -> None:
    assert moment(-1_000_000) == "1969-12-31 23:59:59Z"
    assert rfc3339(4_102_444_800_000_001) == "2100-01-01T00:00:00.000001Z"
