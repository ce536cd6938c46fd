"""How parts of the report on spend and labour are drawn: tiles, funnels, budgets, months, tables. Millimetres."""

from collections.abc import Mapping, Sequence
from typing import Final

from metrics.ledger.comparing import Tone
from metrics.ledger.funnel import Step
from metrics.reports.sheet import (
    AMBER,
    BLUE,
    DIM,
    EDGE,
    GREEN,
    GREY,
    INK,
    LINE,
    ORANGE,
    RED,
    TRACK,
    WIDTH,
    Colour,
    Sheet,
)
from metrics.reports.spend_tables import MONTH_STAGES, Month, Table
from metrics.reports.spend_words import NO_BUDGET, BudgetLine, Headline, Small
from metrics.texts.shown import percent

INNER: Final = WIDTH - 2 * EDGE
TILE, SMALL, HEADING, STEP, ROW = 24.0, 9.0, 5.5, 9.0, 3.9
HEADS: Final = 6.6
_GAP: Final = 3.0
_TONES: Final[Mapping[Tone, Colour]] = {"good": GREEN, "warn": AMBER, "bad": RED}
_BARS: Final[Mapping[str, Colour]] = {"committed": BLUE, "invoiced": ORANGE, "paid": GREEN}
_BAR_TITLES: Final = {"committed": "Committed", "invoiced": "Invoiced", "paid": "Paid"}


def heading(sheet: Sheet, x: float, y: float, words: str) -> None:
    """The title of a part; its baseline is 3.4 mm below `y`."""
    sheet.text(x, y + 3.4, words, 9.5, bold=True)


def tiles(sheet: Sheet, y: float, found: Sequence[Headline]) -> None:
    """The headline numbers side by side."""
    wide = (INNER - _GAP * (len(found) - 1)) / len(found)
    for place, one in enumerate(found):
        x = EDGE + place * (wide + _GAP)
        sheet.frame(x, y, wide, TILE)
        inner = wide - 5
        sheet.text(x + 2.5, y + 4.6, one.title, 8, bold=True, colour=DIM)
        size = next((size for size in (14, 12.5, 11, 9.5) if sheet.wide(one.value, size, bold=True) <= inner), 8)
        sheet.text(x + 2.5, y + 10.6, one.value, size, bold=True, width=inner)
        sheet.text(x + wide - 2.5, y + 4.6, one.unit, 8, colour=DIM, align="right")
        colour = _TONES[one.tone] if one.tone else DIM
        sheet.text(x + 2.5, y + 14.6, one.target, 7, colour=colour, bold=one.tone is not None, width=inner)
        sheet.text(x + 2.5, y + 18.2, one.trend, 7, colour=DIM, width=inner)
        sheet.text(x + 2.5, y + 21.8, one.changed, 7, colour=DIM, width=inner)


def small_row(sheet: Sheet, y: float, found: Sequence[Small]) -> None:
    """The numbers of the second row."""
    wide = INNER / len(found)
    for place, one in enumerate(found):
        x = EDGE + place * wide
        sheet.text(x, y + 2.2, one.title, 7, colour=DIM, width=wide - 2)
        sheet.text(x, y + 5.8, one.value, 8.5, bold=True, width=wide - 2)
        sheet.text(x, y + 8.8, one.note, 6.5, colour=DIM, width=wide - 2)


def funnel_height(*funnels: Sequence[Step]) -> float:
    """How high funnels are that stand side by side."""
    return HEADING + STEP * max(len(steps) for steps in funnels)


def funnels(sheet: Sheet, y: float, money: Sequence[Step], labour: Sequence[Step]) -> None:
    """Both funnels side by side."""
    left = INNER * 0.54
    _funnel(sheet, EDGE, y, left, "From request to payment", money)
    _funnel(sheet, EDGE + left + 6, y, INNER - left - 6, "Agency labour", labour)


def _funnel(sheet: Sheet, x: float, y: float, wide: float, title: str, steps: Sequence[Step]) -> None:
    heading(sheet, x, y, title)
    for place, one in enumerate(steps):
        top = y + HEADING + place * STEP
        name = sheet.text(x, top + 2.6, one.title, 8, bold=True)
        taken = sheet.text(x + wide, top + 2.6, one.value, 8, bold=True, align="right")
        sheet.text(x + name + 1.5, top + 2.6, one.meaning, 7, colour=DIM, width=max(wide - name - taken - 4, 1))
        if one.share is not None:
            sheet.box(x, top + 3.7, wide, 1.5, TRACK)
            sheet.box(x, top + 3.7, wide * min(max(one.share, 0.0), 1.0), 1.5, BLUE)
        below = top + (7.6 if one.share is not None else 5.6)
        noted = sheet.text(x + wide, below, one.note, 6.5, colour=DIM, align="right")
        days = one.days.replace("after the step before", "later")
        sheet.text(x, below, days, 6.5, colour=DIM, width=max(wide - noted - 3, 1))


def budget_height(lines: Sequence[BudgetLine]) -> float:
    """How high the part on budgets is."""
    return HEADING + 5.0 * max(len(lines), 1)


def budgets(sheet: Sheet, y: float, lines: Sequence[BudgetLine], gone: float, currency: str) -> None:
    """What counts against each budget, as a bar on it; a budget that is used up has a red bar to its end."""
    heading(sheet, EDGE, y, f"Against budget ({currency})")
    sheet.text(EDGE + INNER, y + 3.4, f"{percent(gone, 0)} of the last month is over", 7, colour=DIM, align="right")
    if not lines:
        sheet.text(EDGE, y + HEADING + 3, f"{NO_BUDGET} in {currency}", 8, colour=DIM)
    bar = 62.0
    for place, one in enumerate(lines):
        base = y + HEADING + 5.0 * place + 3.2
        sheet.text(EDGE, base, one.title, 8, bold=True)
        sheet.box(EDGE + 26, base - 2.5, bar, 3, TRACK)
        sheet.box(EDGE + 26, base - 2.5, bar * min(max(one.share, 0.0), 1.0), 3, RED if one.share > 1 else BLUE)
        sheet.text(EDGE + 30 + bar, base, f"{percent(one.share, 0)}", 8, bold=True, colour=_TONES[one.tone])
        sheet.text(EDGE + 45 + bar, base, f"{one.used} of {one.budget}", 8, width=52)
        sheet.text(EDGE + INNER, base, f"{one.left} left", 8, bold=True, align="right")


def months_height(found: Sequence[Month]) -> float:
    """How high the part on months is: its rows, and a chart that can be read."""
    return max(HEADING + _month_row(found) * (len(found) + 1) + 1, 30.0)


def _month_row(found: Sequence[Month]) -> float:
    """Many months stand closer."""
    return ROW if len(found) <= 6 else 3.3


def month_part(sheet: Sheet, y: float, found: Sequence[Month], heads: Sequence[str], currency: str) -> None:
    """The months as a table and as bars."""
    left = 122.0
    heading(sheet, EDGE, y, "By month")
    columns = _columns(EDGE, left, (1.35, *([1.1] * (len(heads) - 1))))
    high = _month_row(found)
    _line(sheet, y + HEADING, heads, columns, 1, DIM, high=high)
    for place, one in enumerate(found):
        _line(sheet, y + HEADING + high * (place + 1), one.row, columns, 1, INK, high=high)
    _chart(sheet, EDGE + left + 6, y, INNER - left - 6, months_height(found), found)


def _chart(sheet: Sheet, x: float, y: float, wide: float, high: float, found: Sequence[Month]) -> None:
    """Upright bars for each month; the budget for orders is the light one behind them."""
    at = x
    for stage in ("budget", *MONTH_STAGES):
        sheet.box(at, y + 1.2, 2.2, 2.2, _BARS.get(stage, LINE))
        at += 3.2 + sheet.text(at + 3, y + 3.2, _BAR_TITLES.get(stage, "Order budget"), 6.5, colour=DIM) + 2.2
    top, floor = y + HEADING + 0.5, y + high - 4
    most = max((max(one.budget, *one.bars) for one in found), default=0.0)
    sheet.rule(x, floor, x + wide, GREY)
    if most <= 0:
        return
    step = wide / max(len(found), 3)
    for place, one in enumerate(found):
        left, bar = x + step * place + step * 0.1, step * 0.8 / len(MONTH_STAGES)
        scale = (floor - top) / most
        sheet.box(left, floor - max(one.budget, 0) * scale, step * 0.8, max(one.budget, 0) * scale, LINE)
        for number, (stage, value) in enumerate(zip(MONTH_STAGES, one.bars, strict=True)):
            tall = max(value, 0.0) * scale
            sheet.box(left + bar * (number + 0.12), floor - tall, bar * 0.76, tall, _BARS[stage])
        sheet.text(left + step * 0.4, floor + 3, one.name if len(found) <= 6 else one.name[2:], 6, align="middle")


def table_height(one: Table) -> float:
    """How high a table with its heading is."""
    return HEADING + (ROW * len(one.rows) + _heads_height(one) if one.rows else 0) + (3.5 if one.note else 0) + 0.5


def _heads_height(one: Table) -> float:
    """Heads have two lines where there are many columns: in tables with sums."""
    return HEADS if one.summed else ROW


def table(sheet: Sheet, y: float, title: str, one: Table, parts: Sequence[float] = (), words: int = 1) -> None:
    """A table over the whole width; its first `words` columns hold words, the others numbers. `parts`: their widths."""
    heading(sheet, EDGE, y, title)
    columns = _columns(EDGE, INNER, parts or (1.2, *([1.0] * (len(one.heads) - 1))))
    at = y + HEADING
    if one.rows:
        (_heads if one.summed else _line)(sheet, at, one.heads, columns, words, DIM)
        at += _heads_height(one) - ROW
    for place, row in enumerate(one.rows):
        at += ROW
        last = one.summed and place == len(one.rows) - 1
        _line(sheet, at, row, columns, words, INK, bold=last)
        if last:
            sheet.rule(EDGE, at - 0.1, EDGE + INNER, GREY)
    if one.note:
        sheet.text(EDGE, at + (ROW if one.rows else 0) + 3, one.note, 7, colour=DIM, width=INNER)


def _heads(
    sheet: Sheet, y: float, heads: Sequence[str], columns: Sequence[tuple[float, float]], words: int, colour: Colour
) -> None:
    """Heads in up to two lines, the lower one next to the rows."""
    for place, (text, (x, wide)) in enumerate(zip(heads, columns, strict=True)):
        lines, left = sheet.lines(text, 7, wide - 1.5, 2, bold=True), place < words
        for number, line in enumerate(lines):
            sheet.text(
                x if left else x + wide, y + 5.6 - 2.9 * (len(lines) - 1 - number), line, 7, bold=True, colour=colour,
                align="left" if left else "right", width=wide - 1.5,
            )  # fmt: skip
    sheet.rule(columns[0][0], y + HEADS - 0.1, columns[-1][0] + columns[-1][1], LINE, 0.1)


def _columns(x: float, wide: float, parts: Sequence[float]) -> list[tuple[float, float]]:
    """Where each column begins and how wide it is."""
    whole, found = sum(parts), list[tuple[float, float]]()
    for part in parts:
        found.append((x, wide * part / whole))
        x += wide * part / whole
    return found


def _line(
    sheet: Sheet,
    y: float,
    row: Sequence[str],
    columns: Sequence[tuple[float, float]],
    words: int,
    colour: Colour,
    *,
    bold: bool = False,
    high: float = ROW,
) -> None:
    """One row; a line below it. Numbers stand right."""
    for place, (text, (x, wide)) in enumerate(zip(row, columns, strict=True)):
        left = place < words
        sheet.text(
            x if left else x + wide, y + high - 1.1, text, 7, colour=colour, align="left" if left else "right",
            width=wide - 1.5, bold=bold or (colour == DIM),
        )  # fmt: skip
    sheet.rule(columns[0][0], y + high - 0.1, columns[-1][0] + columns[-1][1], LINE, 0.1)
