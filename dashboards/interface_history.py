"""The history of one interface: what each of its hours was, of the last two weeks."""

from typing import Any

import plotly.graph_objects as go

from dashboards.figures.interface_history import interface_history
from dashboards.scope import Desk, Scope
from dashboards.wording import DAY, HOUR, MINUTE, count, moment
from metrics.health.history import History, gaps, read_history
from metrics.settings import read_settings

DAYS = 14


def history_parts(desk: Desk, scope: Scope, interface: str) -> tuple[go.Figure, Any]:
    """The chart, and what has to be said of it in words."""
    as_of = scope.as_of // MINUTE * MINUTE
    history = read_history(desk.reader, interface, as_of - DAYS * DAY, as_of, read_settings().definitions)
    until = as_of - as_of % HOUR + HOUR
    return interface_history(history, until), history_words(history, until)


def history_words(history: History, until: int) -> str:
    """Up to when hours are judged, and in how many of them nobody called."""
    if not history.judged:
        return "None of these hours is judged yet: they are as their spans tell them now."
    hours = (min(history.judged_us, until) - history.known_us) // HOUR
    quiet = f"nobody called in {count(sum(1 for _ in gaps(history, until)))} of {count(hours)} judged hours"
    return (
        f"Judged until {moment(history.judged_us)}; {quiet}. Shaded hours are not judged, later ones may still change."
    )
