"""Which reports are due and not sent: each period's mail stands in the store before it is sent for the first time.

The queue, its order, its patience with a server that is away, and the lease are those of alerts.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Final, NamedTuple, Protocol

import structlog

from metrics.alerts.state import ORPHANED, MessageState, Queued
from metrics.ledger.asking import Reader
from metrics.ledger.overview import NothingToTell
from metrics.queries.report_rows import ReportSending
from metrics.reports.drawing import Begin, beside
from metrics.reports.letters import group_of, lane_of, queued, skipped
from metrics.reports.reading import ScheduledReport
from metrics.reports.schedule import Due
from metrics.reports.spend import Report
from metrics.words import DAY, MINUTE

log = structlog.get_logger(__name__)

GRACE: Final = DAY
"""So long after it was due a report is sent that never was before: one just declared is not sent for the past."""
AGAIN: Final = 10 * MINUTE
LATE_DECLARED: Final = "it was due before it was declared"
Maker = Callable[[ScheduledReport, Due], Report]


class Keeper(Protocol):
    """Where messages are kept; `metrics.alerts.state.AlertStore` in production."""

    def save_messages(
        self, messages: Sequence[Queued], state: MessageState, *, error: str = "", settled: int | None = None
    ) -> None: ...


class _Drawing(NamedTuple):
    due: Due
    drawn: "Future[Report]"


class ReportRounds:
    """Looks at each report once a round. Times in microseconds; `make` draws one as of a period, `begin` sets it going.

    Where the store's answer to a mail got lost, the same mail is written down again: it is the same row.
    """

    def __init__(
        self,
        reports: Mapping[str, ScheduledReport],
        reader: Reader,
        keeper: Keeper,
        make: Maker,
        link: str = "",
        begin: Begin = beside,
    ) -> None:
        self._reports = reports
        self._reader = reader
        self._keeper = keeper
        self._make = make
        self._link = link
        self._begin = begin
        self._settled: dict[str, Due] = {}
        self._not_before: dict[str, int] = {}
        self._drawings: dict[str, _Drawing] = {}
        self._unsaved: dict[str, Queued] = {}
        self._saved: list[Queued] = []

    @property
    def lanes(self) -> Mapping[str, str]:
        """The lanes that reports need, and the receiver of the alerts file behind each."""
        return {lane_of(one.by): one.by for one in self._reports.values()}

    def forget(self) -> None:
        """Begin anew with what the store holds: its queue has been read."""
        self._drawings, self._unsaved, self._saved = {}, {}, []

    def run(self, now: int) -> list[Queued]:
        """The mails that are ready now, written down. Raises the store's errors, after which the next run goes on;
        other faults of one report hold up no other.
        """
        for name in self._reports:
            self._look(name, now)
        found, self._saved = self._saved, []
        return found

    def _look(self, name: str, now: int) -> None:
        if name in self._unsaved:
            self._save(name)
        report = self._reports[name]
        due = report.schedule.newest(now)
        waits = name not in self._drawings and now < self._not_before.get(name, now)
        if waits or self._settled.get(name) == due:
            return
        sent = self._reader.rows("report_sendings", ReportSending, group=group_of(report), limit=1)
        if sent and sent[0].number >= due.period and not _is_open(sent[0], report):
            self._settle(name, due)
        elif not sent and now - due.at > GRACE:
            self._keeper.save_messages([skipped(report, due, now)], "refused", error=LATE_DECLARED, settled=now)
            self._settle(name, due)
        else:
            self._draw(report, due, now)

    def _draw(self, report: ScheduledReport, due: Due, now: int) -> None:
        """Begin to draw, one report at a time, or take what is drawn."""
        if not self._drawings:
            self._not_before[report.name] = now + AGAIN
            self._drawings[report.name] = _Drawing(due, self._begin(partial(self._make, report, due)))
        drawing = self._drawings.get(report.name)
        if drawing is None or not drawing.drawn.done():
            return
        del self._drawings[report.name]
        try:
            self._unsaved[report.name] = queued(report, drawing.due, drawing.drawn.result(), now, self._link)
        except NothingToTell as why:
            log.warning("a report has nothing to tell yet; it is tried again", report=report.name, reason=str(why))
        except Exception:  # whatever is wrong with one report, alerts go on; it is told, and tried again
            log.exception("a report could not be made; it is tried again", report=report.name)
        else:
            self._save(report.name)

    def _save(self, name: str) -> None:
        self._keeper.save_messages([self._unsaved[name]], "queued")
        self._saved.append(self._unsaved.pop(name))

    def _settle(self, name: str, due: Due) -> None:
        self._settled[name] = due
        self._drawings.pop(name, None)


def _is_open(sent: ReportSending, report: ScheduledReport) -> bool:
    """Whether a mail was refused for what holds no more: nobody was declared to send it, or another one does now."""
    if sent.state != "refused" or sent.error == LATE_DECLARED:
        return False
    return sent.error == ORPHANED or sent.receiver != lane_of(report.by)
