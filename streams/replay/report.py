"""What a replay says: how many cases are as they stood, which clocks are judged otherwise, and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from metrics.commands.output import print_line, print_table
from metrics.commands.wording import moment, rfc3339
from metrics.definitions.model import Definition
from metrics.store.client import StoreClient
from streams.replay.differences import Difference, Period, compared, differences, verdicts
from streams.replay.shadow import Shadow

Verdicts = Mapping[tuple[str, str], Mapping[str, tuple[int, int]]]


class Report(NamedTuple):
    """`cases`: compared of each process; `differing`: how many differ; `listed`: the first of them."""

    cases: Mapping[str, int]
    differing: int
    of_process: Mapping[str, int]
    causes: Mapping[str, int]
    fields: Mapping[str, int]
    clocks: Verdicts
    listed: Sequence[Difference]
    as_of: int = 0
    events: int = 0
    seconds: float = 0.0
    database: str = ""


def report_on(shadow: Shadow, period: Period, judged_by: Iterable[Definition], limit: int) -> Report:
    """Compare what was replayed with what stood. Raises store errors."""
    found = list(differences(shadow.client, period, rewritten(judged_by, shadow.live)))
    return Report(
        cases=compared(shadow.client, period),
        differing=len(found),
        of_process=Counter(one.process for one in found),
        causes=Counter(one.cause.value for one in found),
        fields=Counter(name for one in found for name in one.changed),
        clocks=verdicts(shadow.client, period),
        listed=found[:limit],
    )


def rewritten(judged_by: Iterable[Definition], live: StoreClient) -> dict[str, int]:
    """Processes whose text under the same version was another one when the store was last told."""
    stored = {
        (row["process"], row["version"]): row["hash"]
        for row in live.rows("SELECT process, version, hash FROM v_definitions")
    }
    return {
        one.process: one.version for one in judged_by if stored.get((one.process, one.version), one.hash) != one.hash
    }


def as_document(report: Report) -> dict[str, Any]:
    """The report for machines."""
    return {
        "as_of": rfc3339(report.as_of),
        "events": report.events,
        "seconds": round(report.seconds, 3),
        "database": report.database or None,
        "cases": dict(report.cases),
        "differing": report.differing,
        "causes": dict(report.causes),
        "fields": dict(report.fields),
        "clocks": [
            {
                "process": process,
                "clock": clock,
                "was": {status: was for status, (was, _) in counts.items() if was},
                "now": {status: now for status, (_, now) in counts.items() if now},
            }
            for (process, clock), counts in report.clocks.items()
        ],
        "listed": [_case(one) for one in report.listed],
    }


def _case(one: Difference) -> dict[str, Any]:
    return {
        "process": one.process,
        "case": one.case_id,
        "cause": one.cause.value,
        "changed": list(one.changed),
        "version": {"was": one.version_was or None, "now": one.version_now or None},
        "events": {"more": one.events_more, "less": one.events_less},
        "clocks": {name: {"was": was, "now": now} for name, was, now in _turned(one)},
    }


def print_report(report: Report) -> None:
    """The report for people."""
    total = sum(report.cases.values())
    print_line(
        f"{report.events:,} events replayed in {report.seconds:.0f} s, judged as of {moment(report.as_of)}: "
        f"{total - report.differing:,} of {total:,} cases are as they stand, {report.differing:,} are not"
    )
    if report.database:
        print_line(f"what was found is in the database {report.database}")
    if not report.differing:
        return
    print_table(
        ("process", "cases", "otherwise"),
        ((name, f"{count:,}", f"{report.of_process.get(name, 0):,}") for name, count in report.cases.items()),
        right="cases, otherwise",
    )
    print_table(("why", "cases"), ((why, f"{count:,}") for why, count in report.causes.items()), right="cases")
    turned = [row for row in _clock_rows(report.clocks) if row[3] != row[4]]
    print_table(("process", "clock", "status", "was", "now"), turned, title="Clocks", right="was, now")
    print_table(
        ("process", "case", "why", "what"),
        ((one.process, one.case_id, one.cause.value, _what(one)) for one in report.listed),
        title=f"The first {len(report.listed)} cases",
    )


def _clock_rows(clocks: Verdicts) -> list[tuple[str, str, str, str, str]]:
    return [
        (process, clock, status, f"{was:,}", f"{now:,}")
        for (process, clock), counts in clocks.items()
        for status, (was, now) in counts.items()
    ]


def _what(one: Difference) -> str:
    if not one.version_was:
        return "there is no such case"
    if not one.version_now:
        return "the replay finds no such case"
    told = [f"{name}: {was or 'none'} → {now or 'none'}" for name, was, now in _turned(one)]
    return "; ".join(told) or ", ".join(one.changed) or f"version {one.version_was} → {one.version_now}"


def _turned(one: Difference) -> list[tuple[str, str, str]]:
    names = sorted({*one.clocks_was, *one.clocks_now})
    pairs = [(name, one.clocks_was.get(name, ""), one.clocks_now.get(name, "")) for name in names]
    return [pair for pair in pairs if pair[1] != pair[2]]
