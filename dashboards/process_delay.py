"""Where the time of a process's cases went: stages by part, and the causes that took most, over the newest cases."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboards.components.cards import plain_table
from dashboards.figures.delay_strip import stage_bars
from dashboards.filling import Empty, Request
from dashboards.leading import delays_sentence
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import MINUTE, count, duration, percent
from metrics.delay.flow import Flow
from metrics.delay.parts import INTERFACE, PRIORITY, QUEUE, RETRY, TITLES
from metrics.delay.reading import Sample, read_sample
from metrics.delay.sums import CauseSum, StageSum, by_cause, by_stage
from metrics.delay.words import cause_words

MOST_CAUSES = 15


def fill_process_delay(reader: Reader, request: Request) -> list[Any]:
    """The bars by stage, what they are made of, and the tables. A tick leaves them alone."""
    if request.ticked:
        raise PreventUpdate
    scope = request.scope
    sample = read_sample(
        reader,
        scope.size.process,
        scope.as_of,
        scope.since // MINUTE * MINUTE,  # whole minutes, so that open pages share the answer
        facility=scope.address.facility,
        department=scope.address.department,
    )
    if not any(case.whole.gross for case in sample.cases):
        raise Empty("No case was under way in this period.")
    flow = max(sample.cases, key=lambda case: len(case.flow.titles)).flow
    stages = [(stage_title(flow, one), one) for one in by_stage(sample.cases)]
    causes = by_cause(sample.cases)
    most = delays_sentence(causes, TITLES.__getitem__)
    tables = [cause_table(flow, causes, scope), stage_table(stages)]
    return [stage_bars(stages), html.P(f"{most} {sample_words(sample)}", className="fg-lead"), tables]


def sample_words(sample: Sample) -> str:
    """What the numbers rest on."""
    some, every = count(len(sample.cases)), count(sample.total)
    which = f"all {every} cases" if len(sample.cases) == sample.total else f"the newest {some} of {every} cases"
    cut = " More spans are stored than were read: some of the time may be explained." if sample.cut else ""
    return f"From {which} under way in this period, each from its first event to its end or to now.{cut}"


def stage_title(flow: Flow, one: StageSum) -> str:
    """The stage's title."""
    return flow.state_title(one.stage) if one.stage else "Further stages"


def cause_table(flow: Flow, sums: Sequence[CauseSum], scope: Scope) -> Component:
    """Causes, the most first; each with the case that it took longest, interfaces with their page."""
    rows = [
        (
            TITLES[one.part],
            _cause(flow, one, scope),
            duration(one.lasts),
            percent(one.share),
            count(one.cases),
            dcc.Link(
                f"{one.worst_case}, {duration(one.worst)}",
                href=scope.address.link("/case", process=scope.size.process, id=one.worst_case),
                className="fg-link",
            ),
        )
        for one in sums[:MOST_CAUSES]
    ]
    return plain_table(("Part", "What", "Took", "Share", "Cases", "Longest in"), rows, "Where the time went, by cause")


def _cause(flow: Flow, one: CauseSum, scope: Scope) -> Any:
    words = cause_words(flow, one.part, one.cause)
    if one.part in (INTERFACE, RETRY, QUEUE):
        return dcc.Link(words, href=scope.address.link("/integrations", interface=one.cause[:200]), className="fg-link")
    return words


def stage_table(stages: Sequence[tuple[str, StageSum]]) -> Component:
    """The mean of each part in each stage, over the cases that passed it."""
    rows = [
        (
            title,
            count(one.cases),
            *(_mean(one.parts[part], one.cases) for part in PRIORITY),
            _mean(one.lasts, one.cases),
        )
        for title, one in stages
    ]
    heads = ("Stage", "Cases", *(TITLES[part] for part in PRIORITY), "All")
    return plain_table(heads, rows, "Mean time in each stage, by part")


def _mean(lasts: int, cases: int) -> str:
    return duration(lasts / cases) if lasts else "–"
