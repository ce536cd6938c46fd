"""Plain sentences about feeds and batches, and the alerts that follow from them."""

from typing import Any

import msgspec
import pytest

from metrics.alerts.condition import Names, Sight, conditions
from metrics.alerts.words import Finding
from metrics.completeness.batches import marker_row, scheduled
from metrics.completeness.rows import BatchRow, Standing
from metrics.completeness.telling import batch_sentence, mark, sentence
from metrics.queries.rows import Feed
from metrics.words import DAY, HOUR, MINUTE
from tests.unit.metrics.completeness.told import MONDAY, NIGHTLY, marker, night

NOON = MONDAY + 12 * HOUR
COUPA = Standing(
    feed="coupa", simulated=0, title="Coupa", owner="procurement", phase="live", state="complete",
    last_us=NOON - 10 * MINUTE, silent_from_us=NOON + 30 * MINUTE, silence="learned", complete_until_us=NOON,
    judged_until_us=NOON, events=380, expected=350.0, holes=0,
)  # fmt: skip
SILENT = msgspec.structs.replace(
    COUPA,
    state="silent",
    last_us=NOON - 3 * HOUR,
    silent_from_us=NOON - 140 * MINUTE,
    complete_until_us=NOON - 3 * HOUR,
)
SHORT = msgspec.structs.replace(COUPA, feed="erp", title="ERP", state="short", events=90, complete_until_us=NOON - DAY)


class Told:
    """Answers queries with what is given for each row type."""

    def __init__(self, *rows: Any) -> None:
        self._rows = rows

    def rows(self, name: str, row_type: type[Any], /, **parameters: object) -> list[Any]:
        return [row for row in self._rows if type(row) is row_type]


def found(kind: str, *rows: Any) -> list[Finding]:
    reader = Told(*rows)
    sight = Sight(NOON, reader, Names(None, ()), window=DAY, cause_window=DAY, slow_call=MINUTE, remembered={})
    condition = conditions()[kind]
    return list(condition.find(sight, condition.defaults))


def missing() -> BatchRow:
    rows = scheduled(NIGHTLY, [night(0)], (), MONDAY - DAY, MONDAY + 2 * DAY + 7 * HOUR)
    return next(row for row in rows if row.state == "missing")


def test_a_silent_feed_is_told_with_what_is_usual() -> None:
    said = sentence(SILENT)
    assert said == "Coupa has been silent since 2026-01-05 09:00:00Z, where at most 40 min are usual at that hour"
    declared = msgspec.structs.replace(SILENT, silence="declared")
    assert sentence(declared).endswith("where at most 40 min are allowed")


def test_a_short_feed_is_told_with_what_came_and_what_was_expected() -> None:
    assert sentence(SHORT) == "ERP brings too little since 2026-01-04 12:00:00Z: 90 of about 350 events in 24 h"


def test_the_feed_that_lags_most_decides_until_when_numbers_are_complete() -> None:
    assert mark([COUPA], NOON).whole
    whole = mark([COUPA, SHORT, SILENT], NOON)
    assert (whole.feeds, whole.complete, whole.until_us) == (3, 1, NOON - DAY)
    assert whole.sentence == sentence(SILENT)


def test_feeds_of_which_nothing_is_known_do_not_promise_anything() -> None:
    unknown = msgspec.structs.replace(COUPA, state="unknown", complete_until_us=None)
    told = mark([unknown], NOON)
    assert (told.until_us, told.feeds) == (None, 0)
    assert "not known yet" in told.sentence


def test_where_nobody_has_judged_for_hours_no_live_feed_counts_as_complete() -> None:
    assert mark([COUPA], NOON + 2 * HOUR).whole
    stale = mark([COUPA, SHORT], NOON + 4 * HOUR)
    assert (stale.feeds, stale.complete) == (2, 0)
    assert stale.sentence.startswith("Feeds were judged last at 2026-01-05 12:00:00Z")


def test_a_history_that_has_ended_or_a_feed_that_settles_slowly_is_not_called_stale() -> None:
    history = msgspec.structs.replace(COUPA, phase="backfill")
    assert mark([history], NOON + 4000 * DAY).sentence == "All 1 feeds bring what is usual."
    slow = msgspec.structs.replace(COUPA, last_us=NOON + 4 * HOUR)
    assert mark([slow], NOON + 5 * HOUR).whole


def test_batches_are_told_in_sentences() -> None:
    assert batch_sentence(missing()) == (
        "Payroll hours of north for 2026-01-06 did not come by 2026-01-07 06:00:00Z: nothing says that it began"
    )
    assert batch_sentence(marker_row(marker(stored=1), "x")).startswith("erp, partition 2 is short: 100 records")


def test_a_silent_feed_is_one_alert_of_its_owner() -> None:
    (alert,) = found("source_silent", COUPA, SILENT, SHORT)
    assert (alert.identity.cause, alert.identity.owner, alert.severity) == ("coupa", "procurement", "critical")
    assert alert.detail.endswith("without it no breach means nothing")


def test_a_short_feed_is_one_alert_that_counts_what_is_lacking() -> None:
    (alert,) = found("source_short", COUPA, SILENT, SHORT)
    assert (alert.identity.cause, alert.count) == ("erp", 260)


def test_what_a_history_lacks_is_muted() -> None:
    (alert,) = found("source_silent", msgspec.structs.replace(SILENT, phase="backfill"))
    assert alert.muted == "backfill"
    (alert,) = found("batch_exception", missing(), Feed("erp", "backfill", NOON, NOON, 0))
    assert alert.muted == "backfill"


@pytest.mark.parametrize(("after", "told"), [(HOUR, 1), (13 * HOUR, 0)])
def test_a_late_batch_is_told_for_a_while(after: int, told: int) -> None:
    late = msgspec.structs.replace(missing(), state="late", came_us=NOON - after)
    assert len(found("batch_exception", late)) == told


def test_batches_of_one_schedule_are_one_alert_of_its_owner() -> None:
    rows = [missing(), msgspec.structs.replace(missing(), facility="south")]
    (alert,) = found("batch_exception", *rows)
    assert (alert.identity.cause, alert.identity.owner, alert.count) == ("hours", "integration_team", 2)
