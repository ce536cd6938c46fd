"""`flowglass completeness`: what was expected of each feed and batch, what came, and until when all is there."""

from typing import Annotated, Any

import msgspec
import typer

from metrics.commands.opened import Reader, open_store, wall_clock
from metrics.commands.output import for_machines, print_json, print_line, print_table
from metrics.commands.wording import NONE, moment
from metrics.completeness.rows import BatchRow, Interval, Standing
from metrics.completeness.telling import SHOWN, batch_sentence, feed_standings, is_odd, mark, odd_intervals, sentence
from metrics.completeness.telling import state_word as in_words
from metrics.words import DAY

_FEEDS = ("feed", "state", "complete until", "last event", "silent from", "24 h", "expected", "holes in 7 d", "owner")
_BATCHES = ("due", "batch", "facility", "day", "state", "came", "declared", "sent", "stored", "dead", "owner", "what")
_INTERVALS = ("interval", "feed", "type", "span", "verdict", "events", "expected", "chance")


def completeness(
    feed: Annotated[
        str, typer.Argument(metavar="[FEED]", help="One feed: its short, silent and surging intervals, too.")
    ] = "",
    batches: Annotated[bool, typer.Option("--batches", help="Batches instead of feeds.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Of batches also those that are in order.")] = False,
    days: Annotated[int, typer.Option("--days", min=1, max=1100, help="How far to look back.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what was expected of feeds and batches, and what came.

    Exit codes: 0 done, 1 a feed is silent or short, or a batch is missing or wrong, 2 wrong usage.
    """
    with open_store() as (_, reader):
        since = wall_clock() - days * DAY
        wrong = _batches(reader, since, every, as_json) if batches else _feeds(reader, since, feed, as_json)
    if wrong:
        raise typer.Exit(1)


def _feeds(reader: Reader, since: int, feed: str, as_json: bool) -> bool:
    """Print feeds; whether one is silent or short."""
    found = [one for one in feed_standings(reader) if feed in ("", one.feed)]
    if feed and not found:
        raise typer.BadParameter(f"there is no feed {feed!r}; `flowglass completeness` lists them", param_hint="FEED")
    intervals = odd_intervals(reader, since, feed) if feed else []
    if as_json:
        told = [for_machines(one) | {"sentence": sentence(one)} for one in found]
        said = mark(found, wall_clock()).sentence
        print_json({"feeds": told, "sentence": said, "intervals": [*map(for_machines, intervals)]})
    elif not found:
        print_line("no feed has been judged yet; `flowglass alerts run` judges them")
    else:
        print_table(_FEEDS, map(_feed_cells, found), right="24 h, expected, holes in 7 d")
        print_line(mark(found, wall_clock()).sentence)
        if intervals:
            print_table(_INTERVALS, map(_interval_cells, intervals), right="events, expected, chance")
    return any(one.state in ("silent", "short") for one in found)


def _batches(reader: Reader, since: int, every: bool, as_json: bool) -> bool:
    """Print batches; whether one needs somebody's eyes."""
    found = reader.rows("completeness_batches", BatchRow, since=since, odd=not every, limit=SHOWN)
    if as_json:
        print_json({"batches": [_batch_for_machines(one) for one in found]})
    elif not found:
        print_line("no batches" if every else "no batch needs anybody's eyes (--all shows those in order)")
    else:
        print_table(_BATCHES, map(_batch_cells, found), right="declared, sent, stored, dead")
    return any(map(is_odd, found))


def _feed_cells(one: Standing) -> tuple[str, ...]:
    expected = NONE if one.expected is None else f"{one.expected:,.0f}"
    return (
        one.feed, in_words(one.state), moment(one.complete_until_us), moment(one.last_us), moment(one.silent_from_us),
        f"{one.events:,}", expected, f"{one.holes:,}", one.owner,
    )  # fmt: skip


def _interval_cells(one: Interval) -> tuple[str, ...]:
    return (
        moment(one.start_us), one.feed, one.type or "all", one.span, one.verdict, f"{one.events:,}",
        f"{one.expected:,.1f}", f"{one.chance:.1e}",
    )  # fmt: skip


def _batch_cells(one: BatchRow) -> tuple[str, ...]:
    counts = tuple(NONE if count is None else f"{count:,}" for count in (one.declared, one.sent, one.stored))
    what = batch_sentence(one) if is_odd(one) else one.detail
    return (
        moment(one.due_us), one.title, one.facility, one.day, one.state, moment(one.came_us), *counts, f"{one.dead:,}",
        one.owner, what[:160],
    )  # fmt: skip


def _batch_for_machines(one: BatchRow) -> dict[str, Any]:
    money = {name: msgspec.json.decode(getattr(one, name)) for name in ("money_declared", "money_sent", "money_stored")}
    return for_machines(one) | money | ({"sentence": batch_sentence(one)} if is_odd(one) else {})
