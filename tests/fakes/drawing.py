"""A report drawn at once, in the thread that asks."""

from concurrent.futures import Future

from metrics.reports.drawing import Draw
from metrics.reports.spend import Report


def at_once(draw: Draw) -> "Future[Report]":
    """What `metrics.reports.drawing.beside` gives, when it has ended."""
    drawn: Future[Report] = Future()
    try:
        drawn.set_result(draw())
    except Exception as fault:
        drawn.set_exception(fault)
    return drawn
