"""Which reports are due and not sent: each period's mail stands in the store before it is sent for the first time.

The queue, its order, its patience with a server that is away, and the lease are those of alerts.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

import structlog

from metrics.alerts.state import MessageState, Queued
from metrics.ledger.asking import Reader
from metrics.ledger.overview import NothingToTell
from metrics.queries.report_rows import ReportSending
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


class ReportRounds:
    """Looks at each report once a round. Times in microseconds; `make` draws one as of a period."""

    def __init__(
        self,
        reports: Mapping[str, ScheduledReport],
        reader: Reader,
        keeper: Keeper,
        make: Maker,
        link: str = "",
    ) -> None:
        self._reports = reports
        self._reader = reader
        self._keeper = keeper
        self._make = make
        self._link = link
        self._settled: dict[str, Due] = {}
        self._not_before: dict[str, int] = {}

    @property
    def lanes(self) -> Mapping[str, str]:
        """The lanes that reports need, and the receiver of the alerts file behind each."""
        return {lane_of(one.by): one.by for one in self._reports.values()}

    def run(self, now: int) -> list[Queued]:
        """The mails that are due now, written down. Raises the store's errors; other faults of one hold up no other."""
        return [mail for name in self._reports if (mail := self._look(name, now)) is not None]

    def _look(self, name: str, now: int) -> Queued | None:
        report = self._reports[name]
        due = report.schedule.newest(now)
        if self._settled.get(name) == due or now < self._not_before.get(name, now):
            return None
        sent = self._reader.rows("report_sendings", ReportSending, group=group_of(report), limit=1)
        if sent and sent[0].number >= due.period:
            self._settled[name] = due
            return None
        if not sent and now - due.at > GRACE:
            self._keeper.save_messages([skipped(report, due, now)], "refused", error=LATE_DECLARED, settled=now)
            self._settled[name] = due
            return None
        return self._sent(report, due, now)

    def _sent(self, report: ScheduledReport, due: Due, now: int) -> Queued | None:
        self._not_before[report.name] = now + AGAIN
        try:
            mail = queued(report, due, self._make(report, due), now, self._link)
        except NothingToTell as why:
            log.warning("a report has nothing to tell yet; it is tried again", report=report.name, reason=str(why))
            return None
        except Exception:  # whatever is wrong with one report, alerts go on; it is told, and tried again
            log.exception("a report could not be made; it is tried again", report=report.name)
            return None
        self._keeper.save_messages([mail], "queued")
        self._settled[report.name] = due
        return mail
