"""A process whose only clock runs two hours, and a store that holds a million open cases of it."""

from pathlib import Path
from time import time_ns

from benchmarks.stack import Stack
from metrics.words import HOUR, Event, ObjectRef
from streams.codecs.cloudevents import encode
from streams.producer import Outgoing

FEED = "benchmark-live"
TARGET = 2 * HOUR
DEFINITION = """\
process: timed
version: 1
title: Timed
owner: procurement
case: {object: requisition}
milestones:
  submitted: {on: requisition.submitted.v1}
  approved: {on: requisition.approved.v1}
states:
  - {name: waiting, enter: submitted}
ends:
  - {milestone: approved, outcome: approved}
slas:
  - name: approval
    from: submitted
    to: approved
    target: 2h
    objective: {share: 0.9, window_days: 28}
    owner: procurement
    source: made for a benchmark
"""


def write_definition(folder: Path) -> Path:
    """A folder that holds the process above alone."""
    folder.mkdir()
    (folder / "timed.yaml").write_text(DEFINITION)
    return folder


def now() -> int:
    """Microseconds since 1970 UTC."""
    return time_ns() // 1000


def submitted(number: int, name: str, due: int) -> Outgoing:
    """A record that starts a clock which ends at `due`."""
    event = Event(
        id=f"submitted-{name}",
        type="requisition.submitted.v1",
        activity="requisition.submitted.v1",
        time=due - TARGET,
        source="/coupa/prod",
        objects=(ObjectRef("requisition", name, "subject"),),
        origin="",
        position=0,
        subject=f"requisition/{name}",
        feed=FEED,
        sequence=number,
        attributes={"facility": "north"},
    )
    key, value, headers = encode(event)
    return (key, value, headers, None, None)


def multiply(made: Stack, template: str, name: str, count: int, later: int, older: int) -> None:
    """Copies of the template's row, called `name` and a number, each due `later` microseconds after the one before.

    Their version is `older` versions below the template's.
    """
    due = "toString(template.next_due)"
    made.client.command(
        f"""INSERT INTO cases
            SELECT * EXCEPT number REPLACE (
                concat('{name}', toString(number)) AS case_id,
                toUInt16(number % 256) AS shard,
                version - {older} AS version,
                next_due + number * {later} AS next_due,
                replaceAll(replaceAll(checkpoint, '{template}', concat('{name}', toString(number))),
                           {due}, toString(template.next_due + number * {later})) AS checkpoint)
            FROM (SELECT * FROM cases WHERE case_id = '{template}') AS template CROSS JOIN numbers({count}) AS many
            SETTINGS max_block_size = 50000, insert_deduplicate = 0"""
    )


def multiply_due(made: Stack, template: str, name: str, count: int, at: int) -> None:
    """Copies of the template's row that all fall due `at` (microseconds), stored before all others."""
    made.client.command(
        f"""INSERT INTO cases
            SELECT * EXCEPT number REPLACE (
                concat('{name}', toString(number)) AS case_id,
                toUInt16(number % 256) AS shard,
                version - 1 AS version,
                toInt64({at}) AS next_due,
                replaceAll(replaceAll(replaceAll(checkpoint, '{template}', concat('{name}', toString(number))),
                           toString(template.next_due), '{at}'),
                           toString(template.next_due - {TARGET}), '{at - TARGET}') AS checkpoint)
            FROM (SELECT * FROM cases WHERE case_id = '{template}') AS template CROSS JOIN numbers({count}) AS many
            SETTINGS insert_deduplicate = 0"""
    )
