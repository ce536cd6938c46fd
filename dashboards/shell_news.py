"""What the frame says on every tick: how old the data is, what is still to be read, what is simulated or lost."""

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dash import Dash, Input, Output, State

from dashboards.address import parse
from dashboards.filling import checked_text
from dashboards.reading import Away, Unanswered
from dashboards.scope import Desk, NothingYet
from dashboards.wording import MINUTE, count, duration, exact_moment, moment
from metrics.queries.rows import Feed, LostLog, Process
from metrics.store.space import MIB, Space
from metrics.texts.backlog import Backlog, age_of_oldest, catching_up

AMBER_LAG, RED_LAG = 5 * MINUTE, 30 * MINUTE


class News(NamedTuple):
    """Text and class of the data's age, and the texts of the banners ('' hides one)."""

    as_of: str
    as_of_class: str
    as_of_title: str
    simulated: str
    lost: str


def server_now() -> int:
    """The server's clock in microseconds: only ever subtracted from, never shown."""
    return time.time_ns() // 1000


def read_news(desk: Desk, search: str, now: Callable[[], int]) -> News:
    """The news for the page at `search`."""
    try:
        scope = desk.scope(parse(search))
        feeds = desk.reader.rows("feeds", Feed)
        lost = full_text(desk) or lost_text(desk.reader.rows("lost_logs", LostLog))
        text, tone, title = age(scope.size, desk.processes(), feeds, now())
        if behind := catching_up(backlog := desk.reader.rows("backlog", Backlog), now()):
            text, tone, title = behind, "warn", f"{age_of_oldest(backlog, now())} {title}".strip()
        return News(text, f"fg-as-of fg-tone-{tone}", title, simulated_text(scope.size), lost)
    except Unanswered as problem:
        tone = "fg-as-of fg-tone-bad" + (" fg-away" if isinstance(problem, Away) else "")
        return News("Store unreachable", tone, f"{problem} Trying again.", "", "")
    except NothingYet as reason:
        return News("No data yet", "fg-as-of fg-tone-quiet", str(reason), "", "")


def age(size: Process, sizes: Sequence[Process], feeds: Sequence[Feed], now: int) -> tuple[str, str, str]:
    """Text, tone and explanation of the newest event's age; a live feed's age counts over all its processes."""
    feed = next((feed for feed in feeds if feed.feed == size.feed), None)
    newest = max([each.newest_us for each in sizes if each.feed == size.feed], default=size.newest_us)
    shown = exact_moment(newest)
    if feed is not None and feed.phase == "end":
        return f"Data as of {moment(newest)[:10]}", "quiet", f"Newest event {shown}. The file was read to its end."
    if feed is not None and feed.phase == "backfill":
        return f"Catching up: {moment(newest)}", "warn", f"History is still being read. Newest event {shown}."
    lag = max(now - newest, 0)
    tone = "bad" if lag > RED_LAG else "warn" if lag > AMBER_LAG else "good"
    recent = shown[11:19] if lag < 12 * 60 * MINUTE else moment(newest)
    words = f"Data as of {recent}" + (f" · {duration(lag)} behind" if tone != "good" else "")
    return words, tone, f"Newest event {shown}, {duration(lag)} ago."


def simulated_text(size: Process) -> str:
    """The banner's text when simulated rows are among those shown."""
    if not size.simulated:
        return ""
    share = "All cases" if size.simulated == size.cases else f"{count(size.simulated)} of {count(size.cases)} cases"
    origin = "come from the built-in simulator of a hospital group, not from real systems"
    return f"Simulated data. {share} on this page {origin}."


def lost_text(logs: Sequence[LostLog]) -> str:
    """What was lost when a log was replaced before it had been read."""
    if not logs:
        return ""
    log = logs[0]
    lost = f"{count(log.unread)} records of the one before had not been read and are lost."
    return f"A new log began at {exact_moment(log.seen_us)}; {lost} {log.detail}".strip()


def full_text(desk: Desk) -> str:
    """That the store's disk is full, as far as the store tells: on a server the account may not be allowed to ask."""
    try:
        found = desk.reader.rows("store_space", Space)
    except Unanswered:
        return ""
    if not found or not found[0].is_full:
        return ""
    left = f"{found[0].free // MIB} MiB are left"
    return f"The store's disk is full: {left}. What comes in waits in the broker until there is room."


def register_news(app: Dash, desk: Desk, now: Callable[[], int] = server_now) -> None:
    """The callback of badge and banners."""

    @app.callback(
        Output({"leaf": "shell", "name": "as-of/text"}, "children"),
        Output("as-of", "className"),
        Output("as-of", "title"),
        Output("simulated-text", "children"),
        Output("simulated", "hidden"),
        Output("lost-text", "children"),
        Output("lost", "hidden"),
        Input("tick", "data"),
        Input("url", "search"),
        State("url", "pathname"),
    )
    def news(_tick: Any, search: Any, _path: Any) -> tuple[Any, ...]:
        told = read_news(desk, checked_text(search), now)
        return (
            told.as_of,
            told.as_of_class,
            told.as_of_title,
            told.simulated,
            not told.simulated,
            told.lost,
            not told.lost,
        )
