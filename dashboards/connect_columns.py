"""The controls with which the guess about a dropped table is read and corrected: columns, steps, settings."""

from datetime import datetime
from typing import Any, Final

import dash_mantine_components as dmc
from dash import html

from dashboards.components.attributes import marked
from dashboards.dropped import MONEY_FORMS, zones
from dashboards.wording import count
from metrics.connecting.columns import MEANING, ROLES, TIMED, Column, Confidence
from metrics.connecting.draft import Draft, types_for
from metrics.connecting.event_types import events_about
from metrics.connecting.times import NAMED
from metrics.connecting.words import CURRENCIES
from metrics.vocabulary import Vocabulary

Options = list[dict[str, str]]
_TIME_FORMS: Final = {
    "iso": "2026-01-31 14:05 (ISO)",
    "dmy": "31.01.2026, day first",
    "mdy": "01/31/2026, month first",
    "epoch_s": "seconds since 1970",
    "epoch_ms": "milliseconds since 1970",
    "epoch_us": "microseconds since 1970",
    "odata": "/Date(1769868300000)/",
}
EXAMPLE: Final = datetime(2026, 1, 31, 14, 5, 9)
_MONEY: Final = {
    "point": "1234.56",
    "comma": "1234,56",
    "comma_groups": "1,234.56",
    "point_groups": "1.234,56",
    "space_groups": "1 234,56",
    "apostrophe_groups": "1'234.56",
}
_TONES: Final[dict[Confidence, tuple[str, str]]] = {
    "sure": ("good", "Sure"),
    "likely": ("good", "Likely"),
    "unsure": ("warn", "Check"),
    "default": ("plain", "Default"),
    "chosen": ("plain", "Chosen"),
}


def column_table(draft: Draft, vocabulary: Vocabulary) -> html.Table:
    """One row a column: name, examples, meaning, and why."""
    head = [html.Th(text, scope="col") for text in ("Column", "Meaning", "Why")]
    return html.Table(
        [
            html.Caption("The columns of the file and what they mean", className="fg-hidden"),
            html.Thead(html.Tr(head)),
            html.Tbody([_row(column, draft, vocabulary) for column in draft.columns]),
        ],
        className="fg-table fg-connect-table",
    )


def _row(column: Column, draft: Draft, vocabulary: Vocabulary) -> html.Tr:
    samples = [html.Span(text[:60] or "empty", className="fg-sample") for text in draft.values[column.place].samples]
    roles = [{"value": role, "label": MEANING[role]} for role in ROLES]
    role = select("role", column.place, roles, column.role, f"Meaning of {column.name}")
    more = html.Div(more_controls(column, draft, vocabulary), id={"connect": "more", "at": column.place})
    return html.Tr(
        [
            html.Th(
                [html.Div(column.name, className="fg-connect-name"), html.Div(samples, className="fg-samples")],
                scope="row",
            ),
            html.Td(html.Div([role, more], className="fg-connect-controls")),
            html.Td(why(column), id={"connect": "why", "at": column.place}),
        ]
    )


def more_controls(column: Column, draft: Draft, vocabulary: Vocabulary) -> list[dmc.Select]:
    """What its role asks beside: of what, and how it is written."""
    controls = []
    if data := of_options(column, draft, vocabulary):
        controls.append(select("of", column.place, data, column.of, f"{column.name}: of what"))
    if data := form_options(column):
        controls.append(select("form", column.place, data, column.form, f"{column.name}: how it is written"))
    return controls


def select(kind: str, at: int, data: Options, value: str, label: str) -> dmc.Select:
    """One control of a column."""
    return dmc.Select(
        id={"connect": kind, "at": at},
        data=data,
        value=value or None,
        placeholder="Choose …",
        size="sm",
        allowDeselect=False,
        searchable=len(data) > 12,
        comboboxProps={"withinPortal": True},
        nothingFoundMessage="Nothing found",
        className=f"fg-connect-{kind}",
        **{"aria-label": label},
    )


def of_options(column: Column, draft: Draft, vocabulary: Vocabulary) -> Options:
    """Of which object a number is; for a time in a table without steps: what happened then."""
    if column.role in ("case", "object"):
        return [{"value": name, "label": kind.title} for name, kind in vocabulary.objects.items() if name != "trace"]
    if column.role == "time" and draft.the("activity") is None:
        names = types_for(draft, vocabulary)
        names += [column.of] if column.of and column.of not in names else []
        return [{"value": name, "label": vocabulary.events[name].title} for name in names]
    return []


def form_options(column: Column) -> Options:
    """How times or amounts may be written."""
    if column.role in TIMED:
        forms = NAMED if column.form in NAMED or not column.form else (column.form, *NAMED)
        return [{"value": form, "label": _TIME_FORMS.get(form) or EXAMPLE.strftime(form)} for form in forms]
    if column.role == "amount":
        return [{"value": form, "label": _MONEY[form]} for form in MONEY_FORMS]
    return []


def why(column: Column) -> list[Any]:
    """How sure the guess is, and its reason."""
    tone, word = _TONES[column.confidence]
    status = html.Span(word, className=f"fg-leaf fg-status fg-tone-{tone}")
    return [status, html.Span(column.reason[:1].upper() + column.reason[1:], className="fg-connect-reason")]


def steps_table(draft: Draft, vocabulary: Vocabulary) -> Any:
    """One row a step: in how many rows, and which event it gives."""
    activity = draft.the("activity")
    if activity is None:
        return None
    data = [{"value": name, "label": vocabulary.events[name].title} for name in types_for(draft, vocabulary)]
    rows = []
    for at, step in enumerate(draft.steps):
        control = dmc.Select(
            id={"connect": "step", "at": at, "of": activity.place},
            data=data,
            value=step.type or None,
            placeholder="Gives no event",
            clearable=True,
            searchable=True,
            size="sm",
            comboboxProps={"withinPortal": True},
            nothingFoundMessage="Nothing found",
            **{"aria-label": f"Event of the step {step.value[:80]}"},
        )
        cells = [html.Th(step.value, scope="row"), html.Td(count(step.rows), className="fg-number"), html.Td(control)]
        rows.append(html.Tr(cells))
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in ("Step", "Rows", "Event")]))
    caption = html.Caption("The steps of the file and the events they give", className="fg-hidden")
    return html.Table([caption, head, html.Tbody(rows)], className="fg-table fg-connect-table fg-connect-steps")


def steps_note(draft: Draft, vocabulary: Vocabulary) -> str:
    """Which events can be chosen, and what opens more of them."""
    kinds = [vocabulary.objects[kind].title.lower() for kind in draft.keys if events_about(kind, vocabulary)]
    if not kinds:
        return "Say first what the case is the number of (card “Columns”)."
    return (
        f"An event needs the number of its object. Here are numbers of: {', '.join(kinds)}. A column with another "
        "number (“Number of another object”) adds its events. A step without an event is left out."
    )


def steps_key(draft: Draft) -> str:
    """What the table of steps depends on: another key, another table."""
    activity = draft.the("activity")
    return "" if activity is None else f"{activity.place} {' '.join(draft.keys)}"


def settings(draft: Draft) -> html.Div:
    """Name, zone and currency: what holds for the whole file."""
    fields = [
        dmc.TextInput(
            id="connect-name",
            label="Name of the source",
            value=draft.name,
            size="sm",
            w=220,
            debounce=400,
        ),
        dmc.Select(
            id="connect-zone",
            label="Zone of times without one",
            data=[{"value": zone, "label": zone} for zone in zones()],
            value=draft.zone,
            searchable=True,
            allowDeselect=False,
            size="sm",
            w=220,
            limit=50,
            nothingFoundMessage="Nothing found",
        ),
        dmc.Select(
            id="connect-currency",
            label="Currency, if no column says it",
            data=[{"value": code, "label": code} for code in CURRENCIES],
            value=draft.currency or None,
            placeholder="None",
            clearable=True,
            searchable=True,
            size="sm",
            w=220,
            nothingFoundMessage="Nothing found",
        ),
    ]
    return marked(html.Div(fields, className="fg-controls fg-connect-settings"), aria_label="Of the whole file")
