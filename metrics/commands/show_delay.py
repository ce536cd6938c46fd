"""The delay ledger of a case for people at a terminal, and for machines."""

from collections.abc import Mapping
from typing import Any

from metrics.commands.output import print_line, print_table
from metrics.commands.wording import duration, moment, percent, rfc3339
from metrics.delay.ledger import Ledger, Sum
from metrics.delay.parts import TITLES
from metrics.delay.reading import CaseLedger
from metrics.delay.words import cause_words, sentence
from metrics.words import SECOND

MOST_CAUSES = 12


def print_delay(kept: CaseLedger) -> None:
    """The sentence, the parts with their causes, and one sentence for each SLA clock."""
    whole = kept.whole
    print_table(
        ("part", "what", "took", "share", "times", "longest from", "evidence"),
        [_row(kept, one) for one in whole.by_cause()[:MOST_CAUSES]],
        title=f"Where the time went ({duration(whole.gross)} in all)",
        right="took, share, times",
    )
    print_line(sentence(kept.flow, whole, duration))
    for clock in kept.clocks:
        print_line(f"{clock.sla}: {sentence(kept.flow, clock.ledger, duration)}")
    if kept.cut:
        print_line("more events or spans are stored than were read: some of the time may be explained")


def _row(kept: CaseLedger, one: Sum) -> tuple[str, ...]:
    longest = one.longest
    return (
        TITLES[one.part],
        cause_words(kept.flow, one.part, one.cause),
        duration(one.lasts),
        percent(one.lasts / kept.whole.gross),
        str(one.times),
        moment(longest.start),
        f"{longest.evidence.kind} {longest.evidence.id}".strip(),
    )


def delay_json(kept: CaseLedger | None) -> dict[str, Any] | None:
    """The ledgers as `--json` prints them: durations in seconds, times as RFC 3339."""
    if kept is None:
        return None
    clocks = {clock.sla: _ledger_json(kept, clock.ledger) for clock in kept.clocks}
    return {"whole": _ledger_json(kept, kept.whole), "clocks": clocks, "cut": kept.cut}


def _seconds(durations: Mapping[str, int]) -> dict[str, float]:
    return {name: lasts / SECOND for name, lasts in durations.items()}


def _ledger_json(kept: CaseLedger, ledger: Ledger) -> dict[str, Any]:
    return {
        "start": rfc3339(ledger.start),
        "stop": rfc3339(ledger.stop),
        "gross_seconds": ledger.gross / SECOND,
        "parts_seconds": _seconds(ledger.by_part()),
        "stages_seconds": {stage: _seconds(parts) for stage, parts in ledger.by_stage().items()},
        "sentence": sentence(kept.flow, ledger, duration),
        "slices": [
            {
                "start": rfc3339(one.start),
                "lasts_seconds": one.lasts / SECOND,
                "part": one.part,
                "cause": one.cause,
                "stage": one.stage,
                "evidence": {"kind": one.evidence.kind, "id": one.evidence.id, "trace_id": one.evidence.trace_id},
            }
            for one in ledger.slices
        ],
    }
