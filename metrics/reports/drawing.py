"""Draws reports beside the rounds, so that a slow one is never in the way of an alert."""

import threading
from collections.abc import Callable
from concurrent.futures import Future

from metrics.reports.spend import Report

Draw = Callable[[], Report]
Begin = Callable[[Draw], "Future[Report]"]


def beside(draw: Draw) -> "Future[Report]":
    """Begin to draw in a thread of its own that no program waits for when it ends; the future gets report or fault."""
    drawn: Future[Report] = Future()
    threading.Thread(target=_draw, args=(draw, drawn), name="report", daemon=True).start()
    return drawn


def _draw(draw: Draw, drawn: "Future[Report]") -> None:
    try:
        drawn.set_result(draw())
    except Exception as fault:  # raised again where the future is asked
        drawn.set_exception(fault)
