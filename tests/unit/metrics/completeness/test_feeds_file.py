"""feeds.yaml: what is shipped is right, and mistakes are told where they are."""

from pathlib import Path

import pytest

from metrics.completeness.plan import Expectations
from metrics.completeness.reading import SHIPPED, checked, load_expectations, read_expectations
from metrics.definitions.json_schema import schema_text
from metrics.definitions.load import load
from metrics.definitions.mistakes import DefinitionsError
from metrics.quality.load import load_domains
from metrics.words import DAY, HOUR, MINUTE

ROOT = Path(__file__).resolve().parents[4]


def read(folder: Path, text: str) -> Expectations:
    file = folder / "feeds.yaml"
    file.write_text("version: 1\ndefaults: {owner: team}\n" + text)
    calendars = load().calendars
    assert calendars is not None
    return read_expectations(file, calendars, load_domains().written.systems)


def test_the_shipped_file_expects_the_simulators_nights_and_every_system() -> None:
    plan = load_expectations(None)
    assert {batch.name for batch in plan.batches} == {"payroll_hours", "stock_movements"}
    assert len(plan.batches) == 10
    assert {(one.begins, one.by) for one in plan.batches} == {(21 * HOUR, DAY + 6 * HOUR)}
    assert plan.feed("coupa").title == "Coupa"
    assert plan.rare_weeks == 13.0


def test_what_is_left_out_is_that_of_the_system_and_the_defaults(tmp_path: Path) -> None:
    plan = read(tmp_path, "feeds: {coupa: {silence: 40 min}, lab: {sources: [/lab], owner: lab_it, settle: 1h}}\n")
    assert (plan.feed("coupa").silence, plan.feed("coupa").sources) == (40 * MINUTE, ("/coupa",))
    assert (plan.feed("lab").owner, plan.feed("lab").settle, plan.feed("lab").silence) == ("lab_it", HOUR, None)
    assert (plan.feed("workday").owner, plan.feed("nobody_knows").owner) == ("team", "team")


def test_the_longest_prefix_decides_whose_a_source_is(tmp_path: Path) -> None:
    prefixes, feeds = read(tmp_path, "feeds: {icu: {sources: [/coupa/icu]}}\n").prefixes
    assert feeds[prefixes.index("/coupa/icu")] == "icu"
    assert prefixes.index("/coupa/icu") < prefixes.index("/coupa")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("feeds: {cuopa: {}}", "unknown system 'cuopa'; did you mean 'coupa'?"),
        ("feeds: {a: {sources: [/x]}, b: {sources: [/x]}}", "the source /x belongs to the feed a already"),
        ("feeds: {coupa: {calendar: busines_hours}}", "unknown calendar 'busines_hours'; did you mean"),
        ("feeds: {coupa: {facility: nort}}", "unknown facility 'nort'"),
        ("batches: {a: {by: '06:00'}}", "give one of the two"),
        ("batches: {a: {by: '6 am', interface: x}}", "'6 am' is no time of day"),
    ],
)
def test_mistakes_are_told_with_the_nearest_word(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DefinitionsError) as caught:
        read(tmp_path, text + "\n")
    assert any(said in mistake.message for mistake in caught.value.mistakes), caught.value.mistakes


def test_validation_looks_at_the_file_beside_the_definitions(tmp_path: Path) -> None:
    (tmp_path / "feeds.yaml").write_text("version: 1\n")
    assert [mistake.message for mistake in checked(tmp_path, None, None)] == ["'defaults' is missing"]
    assert checked(SHIPPED, None, None) == ()


def test_the_published_schema_is_in_step() -> None:
    assert (ROOT / "docs" / "schema" / "feeds.schema.json").read_text() == schema_text("feeds.schema.json")
