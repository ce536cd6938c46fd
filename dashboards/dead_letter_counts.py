"""The figures of the page of dead letters: tiles, counts by reason, source and owner, and the trend."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dash import html, no_update
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.components.cards import plain_table
from dashboards.components.grids import sized
from dashboards.components.leaves import Leaf, leaf_values
from dashboards.dead_letters import GROUPS, NO_MATCH, NOTHING, link, narrowed
from dashboards.figures.letter_trend import letter_trend
from dashboards.filling import Empty, Request
from dashboards.headline import day_change
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.shown import shown
from dashboards.wording import NONE, count, humanised, moment
from metrics.queries.dead_letter_rows import LetterCount, LetterStretch, PausedSource

CARD = "letter-tiles"
TICKS_BETWEEN = 6
MOST_ROWS = 200
HOURLY_DAYS = 3


class Group(NamedTuple):
    """Letters that share a reason, a source or an owner."""

    name: str
    letters: int
    waiting: int


def read_counts(reader: Reader, scope: Scope) -> list[LetterCount]:
    """Counts of the period that the filters let through; raises Empty when there is none."""
    everything = reader.rows("dead_letter_counts", LetterCount, days=scope.days)
    found = [one for one in everything if _let_through(one, scope.address)]
    if not found:
        raise Empty(NO_MATCH if everything or any(narrowed(scope.address).values()) else NOTHING)
    return found


def _let_through(one: LetterCount, address: Address) -> bool:
    return all(getattr(address, word) in ("", getattr(one, field)) for word, field in GROUPS.items())


def fill_tiles(reader: Reader, request: Request) -> list[list[str]]:
    """Values of the tiles' leaves."""
    scope = request.scope
    try:
        counts = read_counts(reader, scope)
    except Empty:
        counts = []
    paused = reader.rows("dead_letter_paused", PausedSource)
    waiting, again = sum(one.waiting for one in counts), sum(one.died_again for one in counts)
    today, before = sum(one.today for one in counts), sum(one.before for one in counts)
    lost = waiting - sum(one.replayable for one in counts)
    leaves = {
        "waiting/value": Leaf(count(waiting), "plain" if waiting else "quiet"),
        "waiting/unit": Leaf("letters"),
        "waiting/status": Leaf("To repair", "warn") if waiting else Leaf("None", "good"),
        "waiting/note": Leaf(f"{count(sum(one.letters for one in counts))} in the period"),
        "today/value": Leaf(count(today), "plain" if today else "quiet"),
        "today/unit": Leaf("in the last day"),
        "today/status": Leaf("Surge", "bad") if today > max(20, 3 * before) else Leaf("", "quiet"),
        "today/note": Leaf(day_change(today, before)),
        "again/value": Leaf(count(again), "plain" if again else "quiet"),
        "again/unit": Leaf("letters"),
        "again/status": Leaf("Not repaired yet", "bad") if again else Leaf("None", "good"),
        "again/note": Leaf("died again after a replay"),
        "lost/value": Leaf(count(lost), "plain" if lost else "quiet"),
        "lost/unit": Leaf(f"of {count(waiting)} waiting"),
        "lost/status": Leaf("Ask the senders", "warn") if lost else Leaf("None", "good"),
        "lost/note": Leaf("have no original any more"),
        **paused_tile(paused),
    }
    return leaf_values(request.outputs, leaves, tile_links(scope.address))


def paused_tile(paused: Sequence[PausedSource]) -> dict[str, Leaf]:
    """The sources that are kept away."""
    names = ", ".join(one.source for one in paused[:3]) + (" …" if len(paused) > 3 else "")
    return {
        "paused/value": Leaf(count(len(paused)), "plain" if paused else "quiet"),
        "paused/unit": Leaf("sources"),
        "paused/status": Leaf("Paused", "bad") if paused else Leaf("None", "good"),
        "paused/note": Leaf(names or "no source went over its limit"),
    }


def tile_links(address: Address) -> Mapping[str, str]:
    """The list behind each tile."""
    return {
        "waiting": link(address, state=""),
        "today": link(address, state="all", period=1),
        "again": link(address, state="died_again"),
        "lost": link(address, state=""),
        "paused": link(address, state="", reason="source_paused", source="", team=""),
    }


def fill_groups(reader: Reader, request: Request) -> list[Any]:
    """Rows of the three small tables: by reason, by source, by owner; the most waiting first."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    counts = read_counts(reader, request.scope)
    rows = ([group_row(name, one, request.scope.address) for one in grouped(name, counts)] for name in GROUPS)
    return [value for table in rows for value in sized(table, 6)]


def grouped(by: str, counts: Sequence[LetterCount]) -> list[Group]:
    """Counts put together by reason, source or team."""
    field = GROUPS[by]
    letters: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    for one in counts:
        name = getattr(one, field)
        letters[name] += one.letters
        waiting[name] += one.waiting
    found = [Group(name, letters[name], waiting[name]) for name in letters]
    return sorted(found, key=lambda one: (-one.waiting, -one.letters, one.name))


def group_row(by: str, one: Group, address: Address) -> dict[str, Any]:
    """One ready-to-show row; chosen again, it lets go of the filter."""
    chosen = getattr(address, by) == one.name
    return {
        "key": one.name,
        "name": {"text": group_title(by, one.name), "href": link(address, **{by: "" if chosen else one.name})},
        "waiting": count(one.waiting),
        "letters": count(one.letters),
        "chosen": chosen,
    }


def group_title(by: str, name: str) -> str:
    """A reason or owner in words; a source stays as it is called."""
    return (name if by == "source" else humanised(name)) or NONE


def fill_trend(reader: Reader, request: Request) -> list[Any]:
    """The chart, and the same as a table; hour by hour for a few days, else day by day."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    scope = request.scope
    hourly = 0 < scope.days <= HOURLY_DAYS
    stretches = reader.rows(
        "dead_letter_trend",
        LetterStretch,
        **narrowed(scope.address),
        days=scope.days,
        hourly=int(hourly),
        zone=shown().zone.key,
    )
    if not stretches:
        raise Empty(NO_MATCH if any(narrowed(scope.address).values()) else NOTHING)
    figure = letter_trend(stretches, scope.days, hourly=hourly)
    return [figure, no_update if request.ticked else trend_table(stretches)]


def trend_table(stretches: Sequence[LetterStretch]) -> html.Table:
    """The newest stretches as a plain table."""
    newest = sorted(stretches, key=lambda one: (-one.begin_us, -one.letters))[:MOST_ROWS]
    rows = [(moment(one.begin_us), humanised(one.reason), count(one.letters)) for one in newest]
    return plain_table(("From (UTC)", "Reason", "Letters"), rows, "Dead letters over time by reason")
