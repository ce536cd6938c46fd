"""How cases go against their definition: the deviations of one case, the share that conforms, the ways astray."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboards.case_facts import case_key
from dashboards.components.cards import plain_table
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import count, exact_moment, moment, percent
from metrics.definitions.conformance_words import KIND_WORDS, deviation_sentence, rule_sentence
from metrics.queries.conformance_rows import CaseDeviation, CommonDeviation, Fitness

UNJUDGED = "The definition of this process does not say how its cases should go."


def fill_deviations(reader: Reader, request: Request) -> list[Any]:
    """The deviations of one case as sentences, each with its first event."""
    found = reader.rows("case_deviations", CaseDeviation, **case_key(request))
    if not found:
        raise Empty("Nothing deviates: so far the case goes as its definition says.")
    title = request.scope.view.milestone_title
    rows = [
        (
            KIND_WORDS.get(one.kind, one.kind),
            deviation_sentence(one.kind, one.rule, one.milestone, one.object, one.count, title),
            exact_moment(one.at_us),
            one.event_id[:12],
        )
        for one in found
    ]
    return [plain_table(("Kind", "What", "First at (UTC)", "Event"), rows, "How the case deviates")]


def fill_conformance(reader: Reader, request: Request) -> list[Any]:
    """The share of conforming cases with its cases, and the common deviations. A tick leaves them alone."""
    if request.ticked:
        raise PreventUpdate
    scope = request.scope
    asked = {**scope.case_filter, "since": scope.since}
    rows = reader.rows("conformance_fitness", Fitness, **asked)
    if not rows or not rows[0].cases:
        raise Empty(
            UNJUDGED if not scope.view.judged else "No case of this period has been held against its definition yet."
        )
    common = reader.rows("conformance_common", CommonDeviation, **asked)
    return [fitness_words(rows[0], scope), common_table(common, scope)]


def fitness_words(fitness: Fitness, scope: Scope) -> Component:
    """The share over the cases that have ended: only those can be judged to the end."""
    going = fitness.cases - fitness.ended
    astray = going - (fitness.conforming - fitness.ended_conforming)
    share = percent(fitness.ended_conforming / fitness.ended if fitness.ended else None)
    return html.Div(
        [
            html.P([html.Strong(share), " of the ended cases conform"], className="fg-lead"),
            html.P(
                [
                    _cases(scope, f"{count(fitness.ended_conforming)} of {count(fitness.ended)}", "conforming"),
                    " ended as they should; ",
                    _cases(scope, f"{count(astray)} of {count(going)}", "astray"),
                    " that are open deviate already.",
                ]
            ),
        ]
    )


def _cases(scope: Scope, words: str, which: str) -> dcc.Link:
    return dcc.Link(words, href=_list(scope, list=which), className="fg-link")


def _list(scope: Scope, **which: str) -> str:
    """The cases behind a number, over the same period."""
    return scope.address.link("/cases", process=scope.size.process, period=scope.days, **which)


def common_table(common: Sequence[CommonDeviation], scope: Scope) -> Component:
    """Each way of deviating opens its cases."""
    title = scope.view.milestone_title
    rows = [
        (
            KIND_WORDS.get(one.kind, one.kind),
            dcc.Link(
                rule_sentence(one.kind, one.rule, one.milestone, title),
                href=_list(scope, deviation=f"{one.kind}: {one.rule}"),
                className="fg-link",
            ),
            count(one.cases),
            count(one.count),
            moment(one.newest_us),
        )
        for one in common
    ]
    return plain_table(("Kind", "What", "Cases", "Times", "Last (UTC)"), rows, "Common deviations")
