"""Whatever arrives when, and whoever restarts between: what stands now is what is computed from scratch."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from metrics.figures.causes import UNKNOWN
from metrics.store.client import StoreClient
from metrics.words import DAY, HOUR, Event
from tests.integration.figures.figure_scene import (
    CREATED,
    ISSUED,
    MONDAY,
    RECEIVED,
    REOPENED,
    REVERSED,
    FigureScene,
    ordering,
    step,
)
from tests.integration.figures.figures_by_hand import by_hand

TABLES = (
    "cases", "case_events", "events", "objects", "definitions", "late_events", "transitions", "restatements",
    "figure_parts", "figure_changes", "published_figures", "figure_restatements", "figure_marks", "feeds",
)  # fmt: skip


@st.composite
def arrivals(draw: st.DrawFn) -> list[tuple[int, str, Event]]:
    """Steps of a few cases over ten days, each with the day on which it is taken in: in time, late, some twice."""
    found = []
    for number in range(draw(st.integers(3, 7))):
        created = draw(st.integers(0, 9)) * DAY + draw(st.integers(0, 23)) * HOUR
        verbs = draw(st.lists(st.sampled_from((ISSUED, RECEIVED, REVERSED, REOPENED)), max_size=3, unique=True))
        for n, verb in enumerate((CREATED, *verbs)):
            at = created + n * draw(st.integers(1, 20)) * HOUR
            made = step(verb, f"C{number}", MONDAY + at, facility=draw(st.sampled_from(("north", "south"))))
            delay = draw(st.sampled_from((0, 0, 0, 2, 5)))
            days = [at // DAY + delay, *draw(st.lists(st.integers(10, 14), max_size=1))]
            found += [(day, verb, made) for day in days]
    return found


@settings(
    max_examples=2, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate], derandomize=True
)
@given(arrivals(), st.integers(1, 14), st.sets(st.integers(1, 15), max_size=3))
def test_what_stands_is_what_is_computed_from_scratch_and_every_change_has_a_cause(
    store: StoreClient, found: list[tuple[int, str, Event]], new_version: int, restarts: set[int]
) -> None:
    for table in TABLES:
        store.command(f"TRUNCATE TABLE {table}")
    scene = FigureScene(store)
    for first, last in ((0, 4), (5, 8), (9, 10), (11, 12), (13, 15)):
        if restarts & set(range(first, last)) or first <= new_version <= last:
            scene.restart(ordering(2, 10 * HOUR) if last >= new_version else None)
        if events := [made for when, _, made in found if first <= when <= last]:
            scene.take(*events, at=MONDAY + (last + 1) * DAY)
        before = revisions(store)
        scene.publish(MONDAY + (last + 1) * DAY + 3 * HOUR)
        told(store, before)
    assert scene.publish().restated == 0
    over = datetime.fromtimestamp(scene.now / 1_000_000 - 2 * 3600, UTC)
    assert scene.published() == by_hand(store, over)


def revisions(store: StoreClient) -> dict[tuple[Any, ...], tuple[int, str]]:
    rows = store.query(
        "SELECT figure, name, facility, unit, start, revision, said FROM v_published_figures"
    ).result_rows
    return {tuple(row[:5]): (row[5], row[6]) for row in rows}


def told(store: StoreClient, before: dict[tuple[Any, ...], tuple[int, str]]) -> None:
    """Each figure that is another one than before this round has one restatement with both values and a cause."""
    sql = "SELECT figure, name, facility, unit, start, revision, before, after, causes FROM v_figure_restatements"
    restated = {tuple(row[:6]): row[6:] for row in store.query(sql).result_rows}
    for key, (revision, said) in revisions(store).items():
        old_revision, old = before.get(key, (0, "{}"))
        if revision != old_revision:
            assert revision == old_revision + 1
            assert restated[*key, revision][:2] == (old, said)
            assert restated[*key, revision][2]
            assert UNKNOWN not in restated[*key, revision][2]
        elif key in before:
            assert said == old
    assert len(restated) == sum(revision for revision, _ in revisions(store).values())
