"""Where the time of a case went: its ledger as a strip, a sentence, and a table whose rows open their evidence."""

from typing import Any

from dash import dcc, html, no_update
from dash.development.base_component import Component

from dashboards.case_facts import case_key
from dashboards.components.cards import plain_table
from dashboards.figures.delay_strip import delay_strip
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import count, duration, moment, percent
from metrics.delay.ledger import Sum
from metrics.delay.parts import MEANINGS, PRIORITY, TITLES
from metrics.delay.reading import CaseLedger, read_ledger
from metrics.delay.sweep import Evidence
from metrics.delay.words import cause_words, sentence

MOST_CAUSES = 30


def delay_legend() -> list[html.Span]:
    """The parts in their declared order: an instant belongs to the first that claims it."""
    return [html.Span(TITLES[part], className=f"fg-swatch fg-swatch-{part}", title=MEANINGS[part]) for part in PRIORITY]


def fill_delay(reader: Reader, request: Request) -> list[Any]:
    """The strip, the sentence, and the tables by cause and by stage."""
    key, scope = case_key(request), request.scope
    kept = read_ledger(reader, key["process"], key["case_id"], scope.as_of)
    if kept is None or not kept.whole.gross:
        raise Empty("No time has passed in this case yet.")
    rows = [("Whole case", kept.whole)]
    rows += [(scope.view.sla_title(clock.sla), clock.ledger) for clock in kept.clocks if clock.ledger.slices]
    told = html.P(sentence(kept.flow, kept.whole, duration) + _cut_words(kept), className="fg-lead")
    tables = no_update if request.ticked else [cause_table(kept, scope), stage_table(kept)]
    return [delay_strip(rows, kept.flow), told, tables]


def _cut_words(kept: CaseLedger) -> str:
    return " More events or spans are stored than were read." if kept.cut else ""


def cause_table(kept: CaseLedger, scope: Scope) -> Component:
    """Causes, the most first; their sum is the whole."""
    sums = kept.whole.by_cause()
    rows = [_cause_row(kept, one, scope) for one in sums[:MOST_CAUSES]]
    if rest := sums[MOST_CAUSES:]:
        lasts = sum(one.lasts for one in rest)
        share = percent(lasts / kept.whole.gross)
        rows.append(
            (f"{len(rest)} further causes", "", duration(lasts), share, count(sum(one.times for one in rest)), "")
        )
    rows.append(("All", "", duration(kept.whole.gross), percent(1.0), count(len(kept.whole.slices)), ""))
    return plain_table(
        ("Part", "What", "Took", "Share", "Times", "Evidence of the longest"), rows, "Where the time went"
    )


def _cause_row(kept: CaseLedger, one: Sum, scope: Scope) -> tuple[Any, ...]:
    what = cause_words(kept.flow, one.part, one.cause)
    longest = one.longest
    proof = evidence_link(longest.evidence, f"{duration(longest.lasts)} from {moment(longest.start)}", scope)
    share = percent(one.lasts / kept.whole.gross)
    return (TITLES[one.part], what, duration(one.lasts), share, count(one.times), proof)


def evidence_link(evidence: Evidence, text: str, scope: Scope) -> Any:
    """A link to the span's trace, or to the case's events."""
    page = "/case" + scope.address.with_(trace=evidence.trace_id).search()
    if evidence.kind == "span":
        return dcc.Link(f"{text}, span {evidence.id[:8]}", href=f"{page}#trace-title", className="fg-link")
    if evidence.kind == "event":
        return dcc.Link(
            f"{text}, event {evidence.id[:8]}",
            href="/case" + scope.address.search() + "#case-events-title",
            className="fg-link",
        )
    return text


def stage_table(kept: CaseLedger) -> Component:
    """Stages in the order in which the case came to them, by part."""
    rows = [
        (kept.flow.state_title(stage) or "Before the first step", *_part_cells(parts))
        for stage, parts in kept.whole.by_stage().items()
    ]
    rows.append(("All", *_part_cells(kept.whole.by_part())))
    return plain_table(("Stage", *(TITLES[part] for part in PRIORITY), "All"), rows, "Where the time went, by stage")


def _part_cells(parts: dict[str, int]) -> tuple[str, ...]:
    return (*(duration(parts[part]) if parts[part] else "–" for part in PRIORITY), duration(sum(parts.values())))
