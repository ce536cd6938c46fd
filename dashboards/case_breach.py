"""Why a case breached, in plain sentences: how far each SLA went over, and which part of its time ate it."""

from collections.abc import Sequence
from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.case_facts import case_key
from dashboards.components.cards import card
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import duration, moment, percent, status_word
from metrics.delay.ledger import Ledger
from metrics.delay.reading import CaseLedger, read_ledger
from metrics.delay.words import part_words, sentence
from metrics.queries.rows import CaseClock

CARD: Final = "case-breach"
BREACHED: Final = "breached"


def breach_card() -> html.Section:
    """The card, loading."""
    return card(CARD, "Why it breached", html.Div(id="case-breach-told"), height=90)


def fill_breach(reader: Reader, request: Request) -> list[Any]:
    """A paragraph for each breached SLA, the one furthest over first; raises Empty where none has breached."""
    key, scope = case_key(request), request.scope
    clocks = reader.rows("case_clocks", CaseClock, **key)
    broken = sorted((one for one in clocks if one.status == BREACHED), key=lambda one: -over(one, scope))
    if not broken:
        raise Empty(unbroken_words(clocks))
    kept = read_ledger(reader, key["process"], key["case_id"], scope.as_of)
    more = dcc.Link("Where the time went, all of it", href="#case-delay-title", className="fg-link")
    return [html.Div([html.Ul([html.Li(told(one, kept, scope)) for one in broken], className="fg-why"), more])]


def unbroken_words(clocks: Sequence[CaseClock]) -> str:
    """Why there is nothing to explain."""
    if not clocks:
        return "No SLA clock has started in this case."
    standing = ", ".join(sorted({status_word(one.status).lower() for one in clocks}))
    return f"No SLA of this case has breached: {standing}."


def over(clock: CaseClock, scope: Scope) -> int:
    """Microseconds from the deadline to the end of the clock, or to now while it runs."""
    end = clock.stopped_us if clock.stopped_us is not None else scope.as_of
    return max(end - clock.deadline_us, 0) if clock.deadline_us is not None else 0


def told(clock: CaseClock, kept: CaseLedger | None, scope: Scope) -> list[Component | str]:
    """One SLA: what ate the time, in bold, how far it went over, and where its time went."""
    late = duration(over(clock, scope))
    how = f"{late} late" if clock.stopped_us is not None else f"{late} over and still running"
    title = f"{scope.view.sla_title(clock.sla)}: {how}. "
    allowed = f"It may take {duration(clock.target_us)}; its deadline was {moment(clock.deadline_us)}. "
    own = next((one.ledger for one in kept.clocks if one.sla == clock.sla and one.ledger.gross), None) if kept else None
    if kept is None or own is None:
        return [html.Strong(title), allowed, "Where its time went is not known."]
    return [html.Strong(title + ate(kept, own)), html.Br(), allowed, sentence(kept.flow, own, duration)]


def ate(kept: CaseLedger, own: Ledger) -> str:
    """What took most of an SLA's time: 'Most of it, 31 h (60 %), waited for …'."""
    most = own.by_cause()[0]
    share = most.lasts / own.gross
    much = "Most" if share > 0.5 else "The largest part"
    return f"{much} of it ({percent(share, 0)}): {part_words(kept.flow, most, duration)}."
