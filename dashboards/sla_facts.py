"""What the SLA page shows: standings against objectives, budgets, weeks, and pages of clocks that run out."""

import math
from typing import Any

from dash import html, no_update
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.components.cards import plain_table
from dashboards.components.grids import sized
from dashboards.definitions import SlaView
from dashboards.due import due_row, read_due
from dashboards.figures.attainment import FEW, Standing, attainment_bars, week_heat_map
from dashboards.filling import Empty, Request
from dashboards.leading import budgets_sentence, weeks_sentence
from dashboards.paging import asked_rows
from dashboards.reading import Reader, Unanswered
from dashboards.restated import week_marks
from dashboards.scope import Desk, NothingYet, Scope
from dashboards.shown import shown as shown_in
from dashboards.wording import NONE, count, duration, humanised, inline, percent, utc, written
from metrics.queries.rows import SlaAttainment, SlaWeek
from metrics.texts.zoned import UTC_NAME, city

STATUSES = ("at_risk", "running", "breached")
NO_SLAS = "This process has no SLAs. A definition with SLAs turns its times into attainment, budgets and deadlines."


def read_attainment(reader: Reader, scope: Scope) -> list[SlaAttainment]:
    """Attainment by SLA, each in its objective's own window unless the URL sets a period."""
    net = 1 if scope.address.time == "net" else 0
    found = reader.rows(
        "sla_attainment",
        SlaAttainment,
        **scope.case_filter,
        as_of=scope.as_of,
        **own_windows(scope),
        days=scope.days or 36_500,
        net=net,
    )
    order = list(scope.view.slas)
    return sorted(found, key=lambda row: (order.index(row.sla) if row.sla in order else len(order), row.sla))


def own_windows(scope: Scope) -> dict[str, list[Any]]:
    """The windows of the objectives in days, as queries take them; none where the URL sets a period for all."""
    windows = {name: sla.window_days for name, sla in scope.view.slas.items()} if scope.address.period is None else {}
    return {"sla_names": list(windows), "sla_days": list(windows.values())}


def standing(name: str, met: int, breached: int, scope: Scope) -> Standing:
    """One SLA against its objective."""
    sla = scope.view.slas.get(name)
    return Standing(name, scope.view.sla_title(name), sla.objective if sla else None, met, breached)


def fill_attainment(reader: Reader, request: Request) -> list[Any]:
    """Bars and table of attainment, and the sentence above the table."""
    if request.ticked and request.tick % 3:
        raise PreventUpdate
    scope = request.scope
    rows = read_attainment(reader, scope)
    if not rows:
        raise Empty(NO_SLAS if not scope.view.slas else "No clock has started for these filters.")
    standings = [standing(row.sla, row.met, row.breached, scope) for row in rows]
    return [
        attainment_bars(standings),
        *sized([sla_row(row, one, scope) for row, one in zip(rows, standings, strict=True)], 12),
        budgets_sentence(rows, standings),
    ]


def sla_row(row: SlaAttainment, one: Standing, scope: Scope) -> dict[str, Any]:
    """One ready-to-show row of the SLA grid."""
    sla = scope.view.slas.get(row.sla)
    link = scope.address.link("/cases", process=scope.size.process, sla=row.sla, clock="breached")
    status = "" if one.share is None or one.objective is None else "breached" if one.missed else "met"
    return {
        "key": row.sla,
        "case": one.title,
        "href": link,
        "about": about(sla, scope.view.escalation_of(row.sla)) if sla else "",
        "status": status,
        "status_word": "Below target" if status == "breached" else "On target",
        "share": percent(one.share),
        "objective": percent(one.objective, 0),
        "decided": count(one.decided),
        "budget": budget_words(one),
        "burn": burn_words(row, one.objective),
        "overdue": count(row.overdue),
        "at_risk": count(row.at_risk),
        "times": f"{_time(row.median_us)} / {_time(row.p90_us)}",
        "target": f"{duration(row.target_us)} {_calendar(sla)}",
        "owner": humanised(sla.owner) if sla else NONE,
    }


def _calendar(sla: SlaView | None) -> str:
    return "" if sla is None or sla.calendar == "always" else f"in {inline(sla.calendar)}"


def about(sla: SlaView, escalation: str = "") -> str:
    """The definition of an SLA in a sentence or two; `escalation`: who is told when nobody acts."""
    aim = f"Objective: {percent(sla.objective, 0)} over {sla.window_days} days. " if sla.objective is not None else ""
    within = f"within {written(sla.target)} ({inline(sla.calendar)})"
    next_ = f"When nobody takes its alerts on: {escalation}. " if escalation else ""
    return f"From {humanised(sla.start)} to {humanised(sla.stop)} {within}. {aim}{next_}{sla.source}"


def budget_words(one: Standing) -> str:
    """How many more cases may breach in the window before the objective is missed; never a fraction of a case."""
    if one.objective is None or not one.decided:
        return NONE
    allowed = math.floor((1 - one.objective) * one.decided + 1e-9)
    left = allowed - one.breached
    return f"{count(left)} of {count(allowed)}" if left >= 0 else f"{count(-left)} over"


def burn_words(row: SlaAttainment, objective: float | None) -> str:
    """How fast the budget goes in the last seventh of the window: 1.0× uses it up exactly; a dash for too few."""
    recent = row.met_recently + row.breached_recently
    if objective is None or objective >= 1 or recent < FEW:
        return NONE
    return f"{row.breached_recently / recent / (1 - objective):.1f}×"


def _time(value: float) -> str:
    return NONE if math.isnan(value) else duration(value)


def weeks_shown(scope: Scope) -> int:
    """The days of the heat map: those of the period, eight weeks at least."""
    return max(scope.days, 56) if scope.days else 36_500


def fill_weeks(reader: Reader, request: Request) -> list[Any]:
    """The heat map, its table, its legend and the sentence above; a tick refreshes the figure every third time."""
    if request.ticked and request.tick % 3:
        raise PreventUpdate
    scope = request.scope
    days, sla = weeks_shown(scope), scope.address.sla
    zone = shown_in().zone.key
    weeks = reader.rows("sla_weeks", SlaWeek, **scope.case_filter, as_of=scope.as_of, days=days, sla=sla, zone=zone)
    if not weeks:
        raise Empty(NO_SLAS if not scope.view.slas else "No clock was decided in this period.")
    shown = sorted({week.week_us for week in weeks})[-12:]
    weeks = [week for week in weeks if week.week_us in shown]
    target = target_of(scope)
    heat = week_heat_map(weeks, target, week_marks(reader, scope))
    if request.ticked:
        return [heat, no_update, no_update, no_update]
    rows = [
        (
            humanised(w.facility),
            str(_monday(w.week_us)),
            count(w.met),
            count(w.breached),
            percent(w.met / (w.met + w.breached)),
        )
        for w in weeks
    ]
    note = html.Span(
        f"Colour diverges around {percent(target, 0)}"
        + ("" if scope.address.sla else ", the mean objective of all SLAs")
        + ("" if zone == UTC_NAME else f"; weeks begin on Monday in {city(zone)}")
    )
    return [
        heat,
        plain_table(
            ("Facility", "Week from", "Met", "Breached", "Attainment"), rows, "Attainment by facility and week"
        ),
        note,
        weeks_sentence(weeks, target),
    ]


def _monday(week_us: int) -> str:
    return utc(week_us).date().isoformat()


def target_of(scope: Scope) -> float:
    """The objective of the chosen SLA, else the mean objective of all; 0.9 where none is set."""
    chosen = scope.view.slas.get(scope.address.sla)
    if chosen is not None and chosen.objective is not None:
        return chosen.objective
    objectives = [sla.objective for sla in scope.view.slas.values() if sla.objective is not None]
    return sum(objectives) / len(objectives) if objectives else 0.9


def due_page(desk: Desk, address: Address, request: Any) -> dict[str, Any]:
    """One page of clocks by time to breach, as the grid takes it."""
    asked = asked_rows(request)
    try:
        scope = desk.scope(address)
        statuses: list[str] = [address.clock] if address.clock in STATUSES else ["at_risk", "running"]
        clocks = read_due(desk.reader, scope, statuses, asked.start, asked.limit)
    except (Unanswered, NothingYet):
        return {"rowData": [], "rowCount": 0}
    total = clocks[0].total if clocks else (asked.start or 0)
    return {"rowData": [due_row(clock, scope) for clock in clocks], "rowCount": total}
