"""Feeds and batches against what was expected of them: ready-to-show rows, and the sentence over them."""

from collections.abc import Callable, Sequence
from typing import Any

from dash.exceptions import PreventUpdate

from dashboards.filling import Empty, Request
from dashboards.interface_lists import TICKS_BETWEEN
from dashboards.reading import Reader
from dashboards.shell_news import server_now
from dashboards.wording import NONE, count, moment
from metrics.completeness.rows import BatchRow, Standing
from metrics.completeness.telling import (
    BATCHES_OF,
    batch_sentence,
    feed_standings,
    mark,
    odd_batches,
    sentence,
    state_word,
)

_LOOKS = {"complete": "met", "short": "at_risk", "silent": "breached", "unknown": "cancelled"}
_BATCH_LOOKS = {"late": "at_risk", "missing": "breached", "short": "breached", "unbalanced": "breached"}
_BATCH_WORDS = {"late": "Late", "missing": "Did not come", "short": "Short", "unbalanced": "Does not add up"}
NOTHING = "No feed has been judged yet: “flowglass alerts run” does so."


def fill_feeds(reader: Reader, request: Request, now: Callable[[], int] = server_now) -> list[Any]:
    """The sentence over all feeds, and a row for each."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    found = feed_standings(reader)
    if not found:
        raise Empty(NOTHING)
    rows = [feed_row(one) for one in sorted(found, key=_worst_first)]
    return [mark(found, now()).sentence, rows, {"width": "100%", "height": 48 + 40 * min(len(rows), 16)}]


def fill_batches(reader: Reader, request: Request) -> list[Any]:
    """The batches of the last week that need somebody's eyes."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    newest = max((one.judged_until_us for one in feed_standings(reader)), default=0)
    if not newest:
        raise Empty(NOTHING)
    found = odd_batches(reader, newest - BATCHES_OF)
    if not found:
        raise Empty("Every batch of the last 7 days came in time and adds up.")
    return [batch_rows(found), {"width": "100%", "height": 48 + 40 * min(len(found), 8)}]


def feed_row(one: Standing) -> dict[str, Any]:
    """One feed."""
    return {
        "key": f"{one.feed}/{one.simulated}",
        "feed": one.title or one.feed,
        "status": _LOOKS[one.state],
        "status_word": state_word(one.state),
        "until": moment(one.complete_until_us),
        "last": moment(one.last_us),
        "silent": moment(one.silent_from_us),
        "events": count(one.events),
        "expected": NONE if one.expected is None else count(round(one.expected)),
        "holes": count(one.holes),
        "owner": one.owner,
        "what": sentence(one),
    }


def batch_rows(found: Sequence[BatchRow]) -> list[dict[str, Any]]:
    """Batches, one row each."""
    return [
        {
            "key": "/".join(map(str, one.key)),
            "batch": one.title,
            "place": one.facility or NONE,
            "day": one.day,
            "status": _BATCH_LOOKS.get(one.state, "met"),
            "status_word": _BATCH_WORDS.get(one.state, one.state),
            "declared": _known(one.declared),
            "sent": _known(one.sent),
            "stored": _known(one.stored),
            "dead": count(one.dead),
            "owner": one.owner,
            "what": batch_sentence(one),
        }
        for one in found
    ]


def _known(number: int | None) -> str:
    return NONE if number is None else count(number)


def _worst_first(one: Standing) -> tuple[int, str]:
    return ("silent", "short", "complete", "unknown").index(one.state), one.feed
