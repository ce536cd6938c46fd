"""One case for people at a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from metrics.commands.output import print_line, print_table
from metrics.commands.show_delay import print_delay
from metrics.commands.wording import NONE, duration, left, moment, status_word
from metrics.definitions.conformance_words import KIND_WORDS, deviation_sentence
from metrics.queries.conformance_rows import CaseDeviation
from metrics.queries.rows import CaseClock, Found

if TYPE_CHECKING:
    from metrics.commands.case import CaseFile

_OPEN = ("running", "at_risk", "paused", "breached")


def print_choice(text: str, found: Sequence[Found], most: int) -> None:
    """An id that belongs to several cases."""
    print_line(f"{text} belongs to {len(found)} cases; name one of them:")
    print_table(("process", "case", "found as"), [(row.process, row.case_id, row.kind) for row in found[:most]])
    if len(found) > most:
        print_line(f"… and {len(found) - most} more; --process narrows it down, --json lists all")


def print_case(file: "CaseFile", found: Found) -> None:
    """Header, milestones, clocks, delay ledger, events, objects, traces."""
    _print_header(file, found)
    print_table(
        ("milestone", "first", "last", "times"),
        [(row.milestone, moment(row.first_us), moment(row.last_us), str(row.count)) for row in file.milestones],
        title=f"Milestones ({len(file.milestones)})",
        right="times",
    )
    print_table(
        ("SLA", "status", "started", "deadline", "left", "net", "gross", "target"),
        [_clock(clock, file.now_us) for clock in file.clocks],
        title=f"SLA clocks ({len(file.clocks)}), as of {moment(file.now_us)}",
        right="net, gross, target",
    )
    if file.expected:
        _print_expected(file)
    if file.deviations:
        print_table(
            ("kind", "what", "first", "event"),
            [
                (KIND_WORDS.get(one.kind, one.kind), _deviation(one), moment(one.at_us), one.event_id)
                for one in file.deviations
            ],
            title=f"Deviations ({len(file.deviations)})",
        )
    if file.delay is not None and file.delay.whole.gross:
        print_delay(file.delay)
    print_table(
        ("time", "event", "source", "actor", "amount", "objects"),
        [
            (moment(e.time_us), e.activity, e.source, e.actor, f"{e.amount} {e.currency}".strip(), e.objects)
            for e in file.events
        ],
        title=f"Events ({len(file.events)})",
        right="amount",
    )
    _print_links(file)


def _print_expected(file: "CaseFile") -> None:
    words = {"unseen": "EXPECTED, NOT SEEN", "late": "seen too late", "cancelled": "no longer expected"}
    print_table(
        ("expected", "status", "by", "seen", "told by", "owner"),
        [
            (
                row.expectation,
                words.get(row.status, row.status),
                moment(row.due_us),
                moment(row.seen_us),
                row.told_by,
                row.owner,
            )
            for row in file.expected
        ],
        title=f"Expected milestones ({len(file.expected)})",
    )


def _print_header(file: "CaseFile", found: Found) -> None:
    row = file.header
    named = "" if found.kind == "case" else f"  (found by {found.kind} {found.found_id})"
    print_line(f"{row.process} {row.case_id}{named}" + ("  [simulated]" if row.simulated else ""))
    ended = f" ({row.outcome})" if row.outcome else ""
    state = f", in {row.state or NONE} since {moment(row.state_since_us)}" if row.status == "open" else ""
    print_line(f"{row.status}{ended}{state}; {moment(row.first_us)} to {moment(row.last_us)}, {row.events} events")
    told = {"facility": row.facility, "department": row.department, "owner": row.owner}
    told["amount"] = f"{row.amount} {row.currency}".strip()
    told |= {name: str(value) for name, value in msgspec.json.decode(row.attributes or "{}").items()}
    print_line(", ".join(f"{name} {value}" for name, value in told.items() if value))
    print_line(f"definition version {row.definition_version}, revision {row.revision}")


def _clock(clock: CaseClock, now: int) -> tuple[str, ...]:
    waits = clock.stopped_us is None and clock.status in _OPEN and clock.deadline_us is not None
    return (
        clock.sla,
        status_word(clock.status),
        moment(clock.started_us),
        moment(clock.deadline_us),
        left(clock.deadline_us or 0, now) if waits else NONE,
        duration(clock.net_us),
        duration(clock.gross_us),
        duration(clock.target_us),
    )


def _deviation(one: CaseDeviation) -> str:
    return deviation_sentence(one.kind, one.rule, one.milestone, one.object, one.count, str)


def _print_links(file: "CaseFile") -> None:
    print_table(
        ("object", "id", "through", "proof"),
        [
            (row.object_type, row.object_id, f"{row.via_type} {row.via_id}".strip(), f"{row.activity} {row.event_id}")
            for row in file.objects
        ],
        title=f"Objects ({len(file.objects)})",
    )
    print_table(
        ("trace", "linked by", "start", "lasts", "spans", "errors", "services"),
        [
            (
                row.trace_id,
                ", ".join(row.carriers),
                moment(row.start_us),
                duration(row.lasts_us),
                str(row.spans),
                str(row.errors),
                ", ".join(row.services),
            )
            for row in file.traces
        ],
        title=f"Traces ({len(file.traces)})",
        right="lasts, spans, errors",
    )
