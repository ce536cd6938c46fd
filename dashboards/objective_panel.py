"""The objectives of a process: how sure the attainment is, the budget as a bar, which alarms fire, could, or cannot.

Every number opens the cases behind it. Bars are drawn by their width alone, so they need no chart.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.components.attributes import marked
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import NONE, count, humanised, percent
from metrics.ledger.rates import Rates
from metrics.objectives.money import MoneyBudget
from metrics.objectives.reading import UNCONVERTED, read_outcomes
from metrics.objectives.standing import BurnWindow, Objective, ObjectiveStanding, TierStanding, standings
from metrics.objectives.wording import likelihood, money_words

CARD = "objectives"
LIST = "objectives-list"
TICKS_BETWEEN = 12
"""The panel is a tree: it is drawn anew once a minute, not at every tick."""
TIERS = {"page": "Page", "ticket": "Ticket"}
_NONE_YET = "No case of an SLA with an objective has been decided yet."


def fill_objectives(reader: Reader, request: Request, rates: Rates = UNCONVERTED) -> list[Any]:
    """The whole list, with money as far as `rates` bring it into their currency."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    found = read_standings(reader, request.scope, rates)
    if not found:
        raise Empty(_NONE_YET)
    return [[row(one, request.scope) for one in found]]


def read_standings(reader: Reader, scope: Scope, rates: Rates = UNCONVERTED) -> list[ObjectiveStanding]:
    """How the objectives of the shown process stand, by the definition that is stored with it."""
    process = scope.size.process
    aims = [
        Objective(process, sla.name, sla.title, sla.objective, sla.window_days, sla.owner)
        for name, sla in scope.view.slas.items()
        if sla.objective is not None and scope.address.sla in ("", name)
    ]
    address = scope.address
    outcomes = read_outcomes(
        reader, aims, scope.as_of, facility=address.facility, department=address.department, rates=rates
    )
    return standings(outcomes, aims)


def row(one: ObjectiveStanding, scope: Scope) -> Component:
    """One objective."""
    address = scope.address
    head = html.Div(
        [
            html.H3(dcc.Link(one.title, href=_cases(address, one), className="fg-link"), className="fg-objective-name"),
            _verdict(one),
            html.Span(f"{humanised(one.owner)} · {one.window_days} days", className="fg-objective-owner"),
        ],
        className="fg-objective-head",
    )
    parts = [_attained(one, address), _budget(one, address), _tiers(one, address), _windows(one, address)]
    return html.Article([head, html.Div(parts, className="fg-objective-parts")], className="fg-objective")


def _verdict(one: ObjectiveStanding) -> Component:
    """Below, on target, or what the share says where chance alone may have brought it there."""
    reached = one.attainment is not None and one.attainment >= one.target
    status, word = "paused", f"{'On' if reached else 'Below'} target, may be chance"
    if one.interval is not None and one.interval.high < one.target:
        status, word = "breached", "Below target"
    elif one.interval is not None and one.interval.low >= one.target:
        status, word = "met", "On target"
    return html.Span(word, className=f"fg-status-cell fg-status-{status}")


def _attained(one: ObjectiveStanding, address: Address) -> Component:
    sure = f"95 % sure: {percent(one.interval.low)} to {percent(one.interval.high)}" if one.interval else NONE
    met = dcc.Link(f"{count(one.met)} met", href=_cases(address, one, "met"), className="fg-link")
    missed = dcc.Link(f"{count(one.failed)} missed", href=_cases(address, one, "breached"), className="fg-link")
    facts: list[Any] = [met, ", ", missed]
    if one.overdue:
        facts.append(f", {count(one.overdue)} of them still open")
    if one.long_overdue:
        facts.append(f" ({count(one.long_overdue)} since before the window)")
    return _part(
        "Attained",
        [html.Strong(percent(one.attainment), className="fg-objective-share"), f" of {percent(one.target, 1)} asked"],
        [html.Div(sure), html.Div(facts)],
    )


def _budget(one: ObjectiveStanding, address: Address) -> Component:
    left = f"{count(one.left)} of {count(one.allowed)} left" if one.left >= 0 else f"{count(-one.left)} too many"
    cases = dcc.Link(left, href=_cases(address, one, "breached"), className="fg-link")
    bars = [_bar("cases", one.failed, one.allowed), *(_money_bar(each) for each in one.money)]
    return _part("Error budget", [cases, " cases"], bars)


def _money_bar(one: MoneyBudget) -> Component:
    bar = _bar(one.currency or "money", float(Decimal(one.missed)), float(Decimal(one.allowed)))
    return html.Div([html.Div(money_words(one)), bar])


def _bar(unit: str, used: float, allowed: float) -> Component:
    """How much of a budget is used; full, and in another colour, where more is used than there is."""
    share = used / allowed if allowed else float(used > 0)
    over = share > 1 or (not allowed and used > 0)
    said = f"{unit}: {share * 100:.0f} % of the budget used" if allowed else f"{unit}: there is no budget"
    fill = html.Div(style={"width": f"{min(share, 1) * 100:.1f}%"}, className="fg-budget-used")
    frame = html.Div(fill, className="fg-budget fg-budget-over" if over else "fg-budget", title=said)
    return marked(frame, role="img", aria_label=said)


def _tiers(one: ObjectiveStanding, address: Address) -> Component:
    return _part("Alarms", [], [_tier(tier, one, address) for tier in one.tiers])


def _tier(tier: TierStanding, one: ObjectiveStanding, address: Address) -> Component:
    name = html.Strong(TIERS[tier.tier])
    if not tier.can_fire:
        return html.Div([name, " can’t fire. ", tier.why_not], className="fg-tier fg-tier-cannot")
    if not tier.cases:
        return html.Div([name, " is quiet: too few cases yet."], className="fg-tier")
    seen = dcc.Link(
        f"{count(tier.misses)} of the last {count(tier.cases)} missed",
        href=_cases(address, one, "breached"),
        className="fg-link",
    )
    if not tier.firing:
        return html.Div([name, " is quiet: ", seen, f", {count(tier.fires or 0)} would fire."], className="fg-tier")
    luck = f"; on target that comes up by luck {likelihood(tier.chance)}."
    return html.Div([name, " fires: ", seen, luck], className="fg-tier fg-tier-fires")


def _windows(one: ObjectiveStanding, address: Address) -> Component:
    opens = _cases(address, one, "breached")
    return _part("Burn", [], [html.Ul([_window(each, opens) for each in one.windows], className="fg-burns")])


def _window(one: BurnWindow, opens: str) -> Component:
    """The burn of a few hours beside that at which the usual rule would fire; grey where it never can."""
    name = f"{one.hours} h" if one.hours < 24 else f"{one.hours // 24} d"
    value = NONE if one.burn is None else f"{one.burn:.1f}×"
    title = one.why_not or f"{count(one.misses)} of {count(one.cases)} missed; the usual rule fires at {one.usual:g}×"
    burn = dcc.Link(value, href=opens, className="fg-link") if one.misses else value
    parts = [html.Span(name), html.Strong(burn), html.Small(f"of {one.usual:g}×")]
    if not one.can_fire:
        parts.append(html.Small("can’t fire"))
    return html.Li(parts, className="fg-burn" if one.can_fire else "fg-burn fg-tier-cannot", title=title)


def _part(title: str, head: Sequence[Any], rest: Sequence[Any]) -> Component:
    return html.Div(
        [html.Div(title, className="fg-objective-title"), *([html.Div(list(head))] if head else []), *rest],
        className="fg-objective-part",
    )


def _cases(address: Address, one: ObjectiveStanding, clock: str = "") -> str:
    return address.link("/cases", process=one.process, sla=one.sla, clock=clock)
