"""`flowglass report list|send`: the reports that are sent by themselves, when, and sending one by hand."""

import os
from typing import Any

import typer

from metrics.alerts.locate import load_alerts
from metrics.alerts.notifiers.build import Secrets, build
from metrics.alerts.notifiers.email import EmailNotifier
from metrics.alerts.notifiers.port import Delivered
from metrics.alerts.ownership import EPOCH_SHIFT
from metrics.alerts.rows import Lease
from metrics.alerts.state import AlertStore, Queued
from metrics.commands.opened import open_store, wall_clock
from metrics.commands.output import print_json, print_line, print_table, say
from metrics.commands.wording import moment, rfc3339
from metrics.definitions.mistakes import nearest
from metrics.ledger.asking import Reader
from metrics.queries.report_rows import ReportSending
from metrics.reports.declared import reports_of
from metrics.reports.letters import group_of, queued
from metrics.reports.making import maker
from metrics.reports.reading import ScheduledReport
from metrics.settings import Settings
from metrics.store.writer import ClickHouseWriter


def show_reports(settings: Settings, as_json: bool) -> None:
    """Each report with its schedule, recipients, and what became of the newest one."""
    plan, _, _ = load_alerts(settings)
    reports, now = reports_of(settings, plan), wall_clock()
    with open_store(settings) as (_, reader):
        found = [_told(one, newest_sending(reader, one), now) for one in reports.values()]
    if as_json:
        print_json({"reports": found})
    elif not found:
        print_line("no report is sent by itself: declare some in reports.yaml beside the definitions")
    else:
        heads, shown = ("report", "role", "to", "next", "last due", "is"), ("name", "role", "next", "last_due", "state")
        rows = [[one[name] for name in shown] for one in found]
        for row, one in zip(rows, found, strict=True):
            row.insert(2, ", ".join(one["to"]))
        print_table(heads, rows)


def send_report(settings: Settings, name: str, again: bool) -> None:
    """Send this period's mail by hand, at once. Ends the command with 1 where it was sent already or can't be sent.

    `again`: in any case, and without counting as the one of the period.
    """
    plan, _, folder = load_alerts(settings)
    reports, now = reports_of(settings, plan), wall_clock()
    if name not in reports:
        _end(f"there is no report {name!r} in reports.yaml{nearest(name, reports)}", 2)
    report = reports[name]
    notifier = build(plan, Secrets(os.environ, folder), wall_clock, lambda error: say(str(error))).get(report.by)
    if not isinstance(notifier, EmailNotifier):
        _end(f"the receiver {report.by} of the alerts file can't send: its secret is not there", 2)
        return
    due = report.schedule.newest(now)
    with open_store(settings) as (client, reader):
        sent = newest_sending(reader, report)
        if not again and sent is not None and sent.number >= due.period and sent.state != "refused":
            _end(f"the report of this period is {sent.state} since {moment(sent.created_us)}; --now sends it again", 1)
        mail = queued(report, due, maker(settings)(report, due), now, plan.link)
        answer = notifier.send(mail.message)
        if not isinstance(answer, Delivered):
            _end(f"it was not sent: {answer.reason}", 1)
        if not again:
            record_sent(reader, ClickHouseWriter(client, cluster=settings.cluster), mail, now)
    print_line(f"report {name} is sent to {', '.join(report.to)}")


def newest_sending(reader: Reader, report: ScheduledReport) -> ReportSending | None:
    """What became of the newest mail of a report; None where none was made."""
    found = reader.rows("report_sendings", ReportSending, group=group_of(report), limit=1)
    return found[0] if found else None


class _ByHand:
    """The version of what is recorded by hand: above all that the running program has written, below its next epoch."""

    def __init__(self, reader: Reader) -> None:
        newest = next(iter(reader.rows("alert_lease", Lease)), None)
        self._version = (((newest.epoch if newest else 0) + 1) << EPOCH_SHIFT) - 1

    def version(self) -> int:
        return self._version


def record_sent(reader: Any, writer: ClickHouseWriter, mail: Queued, now: int) -> None:
    """Note that a mail was sent by hand, whatever became of it before."""
    store = AlertStore(reader, writer, _ByHand(reader))  # type: ignore[arg-type]
    store.save_messages([mail._replace(attempts=1)], "delivered", settled=now)


def _told(report: ScheduledReport, sent: ReportSending | None, now: int) -> dict[str, Any]:
    due = report.schedule.newest(now)
    of_period = sent if sent is not None and sent.number >= due.period else None
    return {
        "name": report.name, "kind": report.schedule.kind, "zone": report.schedule.zone.key, "by": report.by,
        "to": list(report.to), "role": report.role, "period": report.span,
        "filters": {name: value for name, value in report.filters.items() if value},
        "next": rfc3339(report.schedule.next(now).at), "last_due": rfc3339(due.at),
        "state": of_period.state if of_period else "not sent", "error": of_period.error if of_period else "",
    }  # fmt: skip


def _end(why: str, code: int) -> None:
    say(why)
    raise typer.Exit(code)
