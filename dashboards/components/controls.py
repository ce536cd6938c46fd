"""The controls of a page's state: each is named after a field of the address and follows the URL both ways."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import html

from dashboards.address import Address


def page_head(title: str, controls: Sequence[Any], title_id: str = "") -> html.Div:
    """A page's title with its controls."""
    heading = html.H1(title, id=title_id) if title_id else html.H1(title)
    return html.Div([heading, html.Div(list(controls), className="fg-controls")], className="fg-page-head")


def choice(
    address: Address,
    field: str,
    label: str,
    options: Sequence[tuple[str, str]] = (),
    *,
    clearable: bool = True,
    width: int = 190,
) -> dmc.Select:
    """A drop-down; `options` are (value, text), and may come later from the store."""
    value = getattr(address, field)
    shown = [{"value": v, "label": t} for v, t in options]
    if value not in (None, "") and str(value) not in {o["value"] for o in shown}:
        shown.append({"value": str(value), "label": str(value)})
    return dmc.Select(
        id={"control": field},
        label=label,
        data=shown,
        value=str(value) if value not in (None, "") else None,
        placeholder="All",
        clearable=clearable,
        searchable=True,
        w=width,
        size="sm",
        comboboxProps={"withinPortal": True},
        nothingFoundMessage="Nothing found",
        allowDeselect=clearable,
        className="fg-choice",
    )


PERIODS = (
    ("1", "Last day"),
    ("7", "Last 7 days"),
    ("28", "Last 28 days"),
    ("90", "Last 90 days"),
    ("365", "Last year"),
    ("0", "All time"),
)


def period_choice(address: Address) -> dmc.Select:
    """The period before the newest event."""
    control = choice(address, "period", "Period", PERIODS, width=140)
    control.placeholder = "Standard"
    return control


def time_switch(address: Address) -> html.Div:
    """Net (calendar, without pauses) or gross time."""
    switch = dmc.SegmentedControl(
        id={"control": "time"},
        value=address.time,
        size="sm",
        data=[{"value": "net", "label": "Net"}, {"value": "gross", "label": "Gross"}],
        **{"aria-label": "Time: net is calendar time without pauses, gross is all elapsed time"},
    )
    return html.Div([html.Span("Time", className="fg-label"), switch], className="fg-field")


def case_controls(address: Address) -> list[Any]:
    """Process, facility and department: what every page about cases can be narrowed by."""
    return [
        choice(address, "process", "Process", clearable=False, width=230),
        choice(address, "facility", "Facility", width=150),
        choice(address, "department", "Department", width=160),
    ]
