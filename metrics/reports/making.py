"""Draws a scheduled report from the store, read as the role that it is declared for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from metrics.access.model import Reach
from metrics.access.reach import provide
from metrics.ledger.asking import Reader
from metrics.ledger.overview import newest_event
from metrics.reports.periods import span_of
from metrics.reports.reading import ScheduledReport
from metrics.reports.schedule import Due
from metrics.reports.spend import Report, make_report, read_beside
from metrics.settings import Settings
from metrics.store.client import connect
from metrics.store.queries import Queries

SECONDS = 60


def maker(settings: Settings) -> Callable[[ScheduledReport, Due], Report]:
    """What draws reports from the store of the settings. Raises NothingToTell and the store's errors."""

    def make(report: ScheduledReport, due: Due) -> Report:
        with reader_of(settings, report.reach) as reader:
            return made(report, due, reader, settings.definitions)

    return make


def made(report: ScheduledReport, due: Due, reader: Reader, definitions: Path | None) -> Report:
    """The report of a period, from a reader of its reach: the last month is the one before the day it is due."""
    period = span_of(report.span, newest_event(reader), report.schedule.month_before(due))
    return make_report(reader, read_beside(definitions), period, report.filters, report.seen_by)


@contextmanager
def reader_of(settings: Settings, reach: Reach) -> Iterator[Reader]:
    """The store as a reach shows it."""
    client = connect(settings)
    try:
        database = provide(client, reach)
    finally:
        client.close()
    client = connect(msgspec.structs.replace(settings, database=database))
    try:
        yield Queries(client, seconds=SECONDS)
    finally:
        client.close()
