"""Dead systems and lost files: told in the truth, and found by what judges batches; nothing else differs from it."""

from collections import Counter, defaultdict
from datetime import date

import pytest

from metrics.completeness.batches import scheduled
from metrics.completeness.reading import load_expectations
from metrics.completeness.rows import BatchEvents
from metrics.words import DAY, HOUR, Event
from streams.simulator.nights import INTERFACES_HUB
from tests.integration.truth.nights import true_nights
from tests.unit.streams.simulator.conftest import ANCHOR, Played, plan, play
from tests.unit.streams.simulator.test_deviations import check_folded, true

BEGUN, THROUGH = "batch.started.v1", "batch.completed.v1"


@pytest.fixture(scope="module")
def silent() -> Played:
    """A fortnight in which systems die and files get lost."""
    return play(plan(disorder="none", silences=True, load=0.3))


def test_nothing_happens_in_a_system_that_is_dead(silent: Played) -> None:
    times: dict[str, list[int]] = defaultdict(list)
    for event in silent.events.values():
        times[event.source].append(event.recorded or event.time)
    dead = [one for one in silent.of("dead_feed") if one["end"] <= ANCHOR]
    assert len(dead) >= 3
    for one in dead:
        assert not [at for at in times[one["source"]] if one["start"] <= at < one["end"]], one
        assert [at for at in times[one["source"]] if at >= one["end"]], "it comes back"
        assert 5 * HOUR <= one["end"] - one["start"] <= 14 * HOUR


def test_the_truth_of_every_case_holds_all_the_same(silent: Played) -> None:
    check_folded(silent)


def test_every_lost_file_is_missing_and_no_other_is(silent: Played) -> None:
    expectations = load_expectations(None)
    told = batch_events(silent)
    found: Counter[tuple[str, int, str]] = Counter()
    for batch in expectations.batches:
        for row in scheduled(batch, told, (), ANCHOR - 35 * DAY, ANCHOR):
            if row.state in ("missing", "late", "complete", "unbalanced"):
                found[row.facility, day_of(row.day), row.state] += 1
    lost = silent.of("lost_batch")
    nights = true_nights(true(silent), expectations, ANCHOR, lost)
    assert found == Counter({key: count for key, count in nights.items() if key[2] != "expected"})
    assert len(lost) >= 3
    assert not true_nights(true(silent), expectations, ANCHOR).keys() >= nights.keys(), "lost files make the difference"


def test_a_history_without_silences_is_as_it_was(harsh: Played) -> None:
    assert harsh.of("dead_feed") == harsh.of("lost_batch") == []


def day_of(text: str) -> int:
    return (date.fromisoformat(text) - date(1970, 1, 1)).days


def batch_events(played: Played) -> list[BatchEvents]:
    """As the store's query gathers them."""
    by_batch: dict[str, list[Event]] = defaultdict(list)
    for event in played.events.values():
        if event.source == INTERFACES_HUB and event.type.startswith("batch."):
            by_batch[event.subject].append(event)
    return [gathered(subject, sorted(own, key=lambda one: one.time)) for subject, own in by_batch.items()]


def gathered(subject: str, own: list[Event]) -> BatchEvents:
    def times(what: str) -> list[int]:
        return [one.time for one in own if one.type == f"batch.{what}.v1"] or [0]

    def rows(*types: str) -> list[str]:
        return [str(one.attributes["rows"]) for one in own if one.type in types] or [""]

    said = own[0].attributes
    return BatchEvents(
        subject=subject, interface=str(said["interface"]), facility=str(said["facility"]), simulated=1,
        started_us=times("started")[0], failed_us=times("failed")[-1], completed_us=times("completed")[0],
        unbalanced_us=times("unbalanced")[-1], reconciled_us=times("reconciled")[-1], rows_started=rows(BEGUN)[0],
        rows_completed=rows(THROUGH)[0], rows_compared=rows("batch.unbalanced.v1", "batch.reconciled.v1")[-1],
        reason="", feed="simulator",
    )  # fmt: skip
