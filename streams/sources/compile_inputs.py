"""The `inputs` block, compiled: how messages of each syntax are read and cut into records."""

import re
from typing import Final

from metrics.definitions.mistakes import Place
from metrics.texts.money import decimal_reader
from streams.sources.context import Context
from streams.sources.flat_input import Control, FlatFormat, Layout
from streams.sources.inputs import Inputs
from streams.sources.message import Limits
from streams.sources.schema import ControlText, FlatInput, LineText

_COLUMNS: Final = re.compile(r"([1-9]\d{0,4})(?:-([1-9]\d{0,4}))?", re.ASCII)


def compile_inputs(context: Context) -> Inputs:
    """The inputs of a mapping."""
    inputs, limits = context.text.inputs, context.text.limits
    records = {}
    for syntax, one in (("json", inputs.json_), ("xml", inputs.xml)):
        if one is not None:
            place = ("inputs", syntax, "records")
            records[syntax] = None if one.records is None else context.selectors(syntax).value(one.records, place)
    flat = inputs.csv or inputs.fixed
    return Inputs(
        syntaxes=frozenset(context.syntaxes),
        records=records,
        local_names=bool(inputs.xml and inputs.xml.local_names),
        repair=bool(inputs.xml and inputs.xml.repair),
        flat=None if flat is None else _flat(context, flat, "csv" if inputs.csv else "fixed"),
        limits=Limits(bytes=limits.bytes, records=limits.records, events=limits.events),
    )


def _flat(context: Context, flat: FlatInput, syntax: str) -> FlatFormat:
    place: Place = ("inputs", syntax)
    try:
        "".encode(flat.encoding)
    except LookupError:
        context.note((*place, "encoding"), f"there is no encoding '{flat.encoding}'")
    if len(flat.delimiter) != 1 or len(flat.quote) > 1:
        context.note(place, "delimiter is one sign, quote one or none")
    if not flat.lines and not (syntax == "csv" and flat.header_row):
        context.note(place, "needs `lines` (the layout of each kind of line), or `header_row: true` for csv")
    layouts = [_layout(context, name, line, (*place, "lines", name), syntax) for name, line in flat.lines.items()]
    return FlatFormat(
        fixed=syntax == "fixed",
        encoding=flat.encoding,
        delimiter=flat.delimiter,
        quote=flat.quote,
        header_row=flat.header_row,
        layouts=tuple(sorted(layouts, key=lambda one: -len(one.starts))),  # the longest start that fits wins
        control=None if flat.control is None else _control(context, flat.control, flat, (*place, "control")),
    )


def _control(context: Context, control: ControlText, flat: FlatInput, place: Place) -> Control:
    trailer = flat.lines.get("trailer")
    columns = () if trailer is None else tuple(trailer.columns)
    if trailer is None:
        context.note(place, "needs the layout `trailer` under lines")
    for column in (control.count, *control.sums.values()):
        if column and columns and column not in columns:
            context.note(place, f"the trailer has no column '{column}'; it has {', '.join(columns)}")
    form = context.money_form(control.form, (*place, "form"))
    if control.head and "head" not in flat.lines:
        context.note((*place, "head"), "needs the layout `head` under lines")
    return Control(control.count, tuple(control.sums.items()), decimal_reader(form), bool(control.head))


def _layout(context: Context, name: str, line: LineText, place: Place, syntax: str) -> Layout:
    if syntax == "csv":
        if line.width:
            context.note((*place, "width"), "only lines of fixed width have one; of csv the columns are counted")
        return Layout(name, line.starts, tuple(line.columns))
    columns = line.columns
    if not isinstance(columns, dict):
        context.note((*place, "columns"), "fixed width needs places: {number: 1-8, date: 9-16}")
        columns = {}
    slices = []
    for column, places in columns.items():
        first, last = _range(context, places, (*place, "columns", column))
        slices.append(slice(first - 1, last))
    shortest, longest = _range(context, line.width, (*place, "width")) if line.width else (0, 0)
    if longest and any(one.start >= longest for one in slices):
        context.note((*place, "width"), f"a column begins behind the {longest} signs of the line")
    return Layout(name, line.starts, tuple(columns), tuple(slices), shortest, longest)


def _range(context: Context, written: str, place: Place) -> tuple[int, int]:
    """`8` or `9-16` as (first, last)."""
    match = _COLUMNS.fullmatch(written)
    if match is None or int(match[2] or match[1]) < int(match[1]):
        context.note(place, f"'{written}' is no range of places such as 9-16")
        return 1, 1
    return int(match[1]), int(match[2] or match[1])
