"""A mapping drawn up from a dropped table compiles as it is, and gives exactly the events that were previewed."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from metrics.connecting.draft import Draft, guessed, missing
from metrics.connecting.mapping_text import KIND, mapping_text
from metrics.connecting.plan import plan_of
from metrics.connecting.preview import RowShown, Shown, Trial
from metrics.connecting.table import read_table
from metrics.vocabulary import load_vocabulary
from metrics.words import Event
from streams.sources.load import load_mapping
from streams.sources.message import Message, Outcome
from tests.unit.metrics.connecting.tables import STEPS, TABLES

VOCABULARY = load_vocabulary()
PURCHASING = Path(__file__).resolve().parents[5] / "shared" / "data" / "PurchasingExample.csv"


def drawn_up(name: str, content: bytes) -> Draft:
    draft = guessed(read_table(content, len(content)), name, VOCABULARY)
    assert missing(draft, VOCABULARY) == []
    return draft


def by_engine(draft: Draft, content: bytes, folder: Path, name: str = "") -> Outcome:
    file = folder / f"{draft.name}.yaml"
    file.write_text(mapping_text(plan_of(draft, VOCABULARY), name), encoding="utf-8")
    return load_mapping(str(file)).mapping.map(Message(content))


def previewed(draft: Draft) -> list[RowShown]:
    trial = Trial(plan_of(draft, VOCABULARY))
    return [trial.row(row) for row in draft.table.rows]


def as_shown(event: Shown) -> tuple[Any, ...]:
    return (event.rule, event.type, event.time, event.precision, event.recorded, event.objects, event.attributes,
            event.amount, event.actor)  # fmt: skip


def as_made(rule: str, event: Event) -> tuple[Any, ...]:
    return (rule, event.type, event.time, event.precision, event.recorded, event.objects, event.attributes,
            event.amount, event.actor)  # fmt: skip


def dead_lines(outcome: Outcome) -> list[int]:
    return [int(line) for letter in outcome.letters for line in re.findall(r"line (\d+): ", letter.detail)]


def assert_same(draft: Draft, content: bytes, folder: Path, name: str = "") -> list[RowShown]:
    outcome, rows = by_engine(draft, content, folder, name), previewed(draft)
    made = [as_made(fired.rule, event) for fired, event in zip(outcome.fired, outcome.events, strict=True)]
    assert [as_shown(event) for row in rows for event in row.events] == made
    assert all(fired.kind == KIND for fired in outcome.fired)
    facts = [event.fact for row in rows for event in row.events]
    ids = [event.id for event in outcome.events]
    assert len(set(ids)) == len(set(facts))
    assert {ids[place] for place in range(len(ids))} == {ids[facts.index(fact)] for fact in facts}
    assert dead_lines(outcome)[:5] == [row.row.line for row in rows if row.fate == "dead letter"][:5]
    assert len(outcome.ignored) == min(sum(1 for row in rows if row.fate == "left out"), 1_000)
    return rows


@pytest.mark.parametrize(("name", "content"), TABLES, ids=[name for name, _ in TABLES])
def test_the_mapping_gives_what_the_preview_shows(name: str, content: bytes, tmp_path: Path) -> None:
    rows = assert_same(drawn_up(name, content), content, tmp_path, name)
    assert any(row.events for row in rows)


@pytest.mark.skipif(not PURCHASING.is_file(), reason="the shared demo log is not here: ../shared/data")
def test_a_real_log_larger_than_a_message_gives_what_the_preview_shows(tmp_path: Path) -> None:
    content = PURCHASING.read_bytes()
    rows = assert_same(drawn_up(PURCHASING.name, content), content, tmp_path)
    assert len(rows) == 9_119


def test_a_large_file_passes_the_limits_that_its_beginning_foretold(tmp_path: Path) -> None:
    name, content = STEPS
    head, _, rest = content.partition(b"\r")
    large = head + b"\r" + rest * 1_700
    table = read_table(large[: 512 << 10], len(large))
    assert not table.whole
    draft = guessed(table, name, VOCABULARY)
    outcome = by_engine(draft, large, tmp_path)
    assert len(outcome.events) == 5 * 1_700
    assert {letter.reason for letter in outcome.letters} == {"bad_time"}


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_the_zone_chosen_holds_in_both(zone: str, tmp_path: Path) -> None:
    name, content = STEPS
    draft = replace(drawn_up(name, content), zone=zone)
    shifted = assert_same(draft, content, tmp_path)
    assert shifted[0].events[0].time != previewed(drawn_up(name, content))[0].events[0].time


def test_a_row_of_another_width_refuses_the_whole_file_in_both(tmp_path: Path) -> None:
    name, content = STEPS
    broken = content + b"Total,6\r"
    draft = drawn_up(name, broken)
    assert draft.table.flaw.startswith("Line 9 has 2 columns, the header has 5.")
    outcome = by_engine(draft, broken, tmp_path)
    assert outcome.events == []
    assert "line 9 has 2 columns, not 5" in outcome.letters[0].detail


def test_hostile_names_of_file_and_columns_stay_what_they_are(tmp_path: Path) -> None:
    content = (
        b'PO Number,"=cmd|\' /C calc\'!A0","$x","a\nb: [","null","Created On","# no","\'q\'","`t`",'
        b"y\xc2\x85\xe2\x80\xa8z\n"
        b"1,2,3,4,5,2026-01-02,6,7,8,9\n"
    )
    draft = drawn_up("evil\n- x: {y}\u2028\x1b[31m.csv", content)
    (row,) = assert_same(draft, content, tmp_path, "evil\n- x: {y}\u2028\x1b[31m.csv")
    assert set(row.events[0].attributes.values()) == {"2", "3", "4", "5", "6", "7", "8", "9"}
