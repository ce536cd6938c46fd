"""Scenes that happen now: events of a live feed around a deadline that lies seconds away."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.faults.scene import COUPA, Ref, Step

DEFINITION = """\
process: quick_approval
version: 1
title: Quick approval
owner: procurement
case: {object: requisition}
milestones:
  submitted: {on: requisition.submitted.v1}
  approved: {on: requisition.approved.v1}
  informed: {on: requisition.info_provided.v1}
states:
  - {name: waiting, enter: submitted}
ends:
  - {milestone: approved, outcome: approved}
slas:
  - name: approval
    from: submitted
    to: approved
    target: 2h
    calendar: always
    objective: {share: 0.9, window_days: 28}
    owner: procurement
    source: made for a test
expects:
  - name: word
    after: submitted
    milestone: informed
    within: 2h
    cancel_on: approved
    told_by: /coupa/prod
    owner: buyers
"""
TARGET = timedelta(hours=2)
FEED = "live-erp"


def write_definition(folder: Path) -> Path:
    """A folder that holds the process above alone."""
    folder.mkdir()
    (folder / "quick_approval.yaml").write_text(DEFINITION)
    return folder


def submitted(name: str, deadline: datetime) -> tuple[bytes, bytes]:
    """A record that starts a clock which ends at `deadline`."""
    return record("requisition.submitted.v1", ("requisition", name), deadline - TARGET)


def approved(name: str, at: datetime) -> tuple[bytes, bytes]:
    return record("requisition.approved.v1", ("requisition", name), at)


def record(type_: str, subject: Ref, at: datetime) -> tuple[bytes, bytes]:
    step = Step(0, type_, COUPA, 0, (subject,), {"facility": "north"})
    key, value = step.record(FEED, at)
    return key, value.replace(b'"id":"e0000000"', f'"id":"{type_}/{subject[1]}"'.encode())


def soon(seconds: float) -> datetime:
    """Now and so many seconds, at a whole second."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).replace(microsecond=0)
