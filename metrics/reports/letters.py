"""A report as a mail, in the queue of messages: known by its name, its kind of schedule and its period."""

from datetime import UTC, datetime
from typing import Final

from metrics.alerts.state import Queued
from metrics.alerts.words import Letter, Message, message_id
from metrics.reports.reading import ScheduledReport
from metrics.reports.schedule import Due
from metrics.reports.spend import MEDIA, Report

GROUP: Final = "report/"
LANE: Final = "reports of "
"""Reports have a lane of their own at a receiver: one that is refused again and again holds up no alert."""


def lane_of(receiver: str) -> str:
    """The lane of reports that a receiver of the alerts file sends."""
    return LANE + receiver


def group_of(report: ScheduledReport) -> str:
    """What its sendings are known by in the store."""
    return f"{GROUP}{report.name}/{report.schedule.kind}"


def queued(report: ScheduledReport, due: Due, made: Report, now: int, link: str) -> Queued:
    """The mail of one period; its id is the same however often it is sent."""
    mark = "[SIMULATED] " if made.simulated else ""
    lines = [made.text, "", f"The page itself: {link}/spend" if link else "", f"Report {report.name}, {told_at(due)}."]
    letter = Letter(
        subject=f"{mark}{made.title}",
        text="\n".join([*lines, "This is simulated data."] if made.simulated else lines),
        to=report.to,
        file=made.name,
        media=MEDIA,
        content=made.pdf,
    )
    return Queued(_message(report, due, now, letter), {})


def skipped(report: ScheduledReport, due: Due, now: int) -> Queued:
    """The note that a period is over without its mail: it was due before anybody declared the report."""
    return Queued(_message(report, due, now, None), {})


def told_at(due: Due) -> str:
    """When one was due, for people."""
    return f"due {datetime.fromtimestamp(due.at // 1_000_000, UTC):%Y-%m-%d %H:%M} UTC"


def _message(report: ScheduledReport, due: Due, now: int, letter: Letter | None) -> Message:
    receiver, group = lane_of(report.by), group_of(report)
    return Message(
        id=message_id(receiver, group, due.period, b""),
        receiver=receiver,
        group=group,
        number=due.period,
        created=now,
        reason=told_at(due),
        alerts=(),
        letter=letter,
    )
