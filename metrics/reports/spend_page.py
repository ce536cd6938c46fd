"""The report on spend and labour as one page: its parts from top to bottom, and what room is left between them."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from metrics.ledger.comparing import reconciliation
from metrics.ledger.funnel import labour_steps, money_steps
from metrics.ledger.overview import Overview
from metrics.reports import spend_parts as parts
from metrics.reports.sheet import AMBER, DIM, EDGE, HEIGHT, WIDTH, Sheet
from metrics.reports.spend_tables import causes, month_heads, months, places
from metrics.reports.spend_words import (
    TITLE,
    budget_lines,
    headlines,
    restated_words,
    scope_words,
    smalls,
    without_rate,
)
from metrics.reports.titles import Titles
from metrics.texts.shown import utc

MOST_GAP: Final = 8.5
FOOT: Final = 14.0


class Part(NamedTuple):
    """A part of the page: how high it is, and what draws it from a height on; millimetres."""

    height: float
    draw: Callable[[Sheet, float], None]


def spend_report(told: Overview, titles: Titles, reader: str = "") -> bytes:
    """The PDF. `reader`: who may see what it tells, such as a role's title; '' for everybody. The same for the same."""
    as_of = f"{utc(told.newest):%Y-%m-%d %H:%M} UTC"
    sheet = Sheet(f"{TITLE}, {told.period.words}", f"As of {as_of}", told.newest)
    found = parts_of(told, titles, reader)
    gap = min(MOST_GAP, room_left(found) / (len(found) - 1))
    y = EDGE
    for one in found:
        one.draw(sheet, y)
        y += one.height + gap
    _foot(sheet, told)
    return sheet.bytes()


def room_left(found: Sequence[Part]) -> float:
    """What room the parts leave between head and foot, millimetres."""
    return HEIGHT - 2 * EDGE - FOOT - sum(one.height for one in found)


def parts_of(told: Overview, titles: Titles, reader: str = "") -> list[Part]:
    """The parts from top to bottom."""
    money, labour = money_steps(told.book, told.days), labour_steps(told.book, told.days)
    by_month, currency = months(told), told.asked.rates.currency
    grid, held, lines = places(told, titles), causes(told, titles), budget_lines(told)
    return [
        Part(23, lambda sheet, y: _head(sheet, y, told, titles, reader)),
        Part(parts.TILE, lambda sheet, y: parts.tiles(sheet, y, headlines(told))),
        Part(parts.SMALL, lambda sheet, y: parts.small_row(sheet, y, smalls(told))),
        Part(parts.funnel_height(money, labour), lambda sheet, y: parts.funnels(sheet, y, money, labour)),
        Part(parts.budget_height(lines), lambda sheet, y: parts.budgets(sheet, y, lines, told.period.gone, currency)),
        Part(
            parts.months_height(by_month),
            lambda sheet, y: parts.month_part(sheet, y, by_month, month_heads(currency), currency),
        ),
        Part(
            parts.table_height(grid),
            lambda sheet, y: parts.table(sheet, y, f"Committed by facility and process ({currency})", grid),
        ),
        Part(
            parts.table_height(held),
            lambda sheet, y: parts.table(sheet, y, "What holds money up", held, (3.2, 2.6, 2.4, 0.8, 2), 3),
        ),
    ]


def _head(sheet: Sheet, y: float, told: Overview, titles: Titles, reader: str) -> None:
    right = WIDTH - EDGE
    sheet.text(EDGE, y + 5, TITLE, 17, bold=True)
    if told.simulated:
        sheet.text(right, y + 4.5, "Simulated data", 9, bold=True, colour=AMBER, align="right")
    sheet.text(EDGE, y + 10.4, told.period.words, 9.5, bold=True, width=120)
    as_of = f"Data as of {utc(told.newest):%Y-%m-%d %H:%M} UTC"
    sheet.text(right, y + 10.4, as_of, 8.5, colour=DIM, align="right")
    names = {name: titles.process(name) for name in told.by_process}
    seen = f" · as {reader} may see it" if reader else ""
    sheet.text(EDGE, y + 14.8, scope_words(told.asked.filters, names) + seen, 8, colour=DIM, width=right - EDGE)
    for place, line in enumerate(sheet.lines(restated_words(told.changes, told.period), 8, right - EDGE, 2)):
        sheet.text(EDGE, y + 19 + 3.6 * place, line, 8, width=right - EDGE)


def _foot(sheet: Sheet, told: Overview) -> None:
    y, right = HEIGHT - EDGE, WIDTH - EDGE
    rates = "; ".join(f"{name}: {source}" for name, source in sorted(told.asked.rates.sources.items()))
    about = f"Money in {told.asked.rates.currency}" + (f", converted at declared rates ({rates})" if rates else "")
    about += f". The cost of an open position is declared ({told.cost.source})."
    compared = "Arrows compare with as many days of the months before."
    said = " ".join(part for part in (reconciliation(told.book, told.checks), without_rate(told.book)) if part)
    found = sheet.lines(said, 6.5, right - EDGE, 2)
    found += sheet.lines(f"{compared} {about}", 6.5, right - EDGE - 16, 4 - len(found))
    sheet.rule(EDGE, y - FOOT + 4.4, right)
    for place, line in enumerate(found):
        sheet.text(EDGE, y - FOOT + 7.6 + 2.9 * place, line, 6.5, colour=DIM, width=right - EDGE)
    sheet.text(right, y - FOOT + 7.6 + 2.9 * 3, "Flowglass", 6.5, colour=DIM, align="right")
