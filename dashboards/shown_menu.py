"""The menu of zone and currency in the top bar: what the pages are shown in now, and the choice of others."""

from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import dash_mantine_components as dmc
import structlog
from dash import Dash, Input, Output, dcc, html
from dash.development.base_component import Component

from dashboards.browser_side import in_browser
from dashboards.components.icons import icon
from dashboards.shown import OF_FACILITY, Places, Shown, shown
from dashboards.views_menu import menu
from metrics.definitions.calendars import FacilitiesText
from metrics.definitions.load import FACILITIES_FILE, SHIPPED
from metrics.definitions.mistakes import DefinitionsError
from metrics.definitions.one_file import own_or_shipped, read_file
from metrics.ledger.cross_rates import currencies, into, rate_words
from metrics.ledger.rates import Rates
from metrics.texts.zoned import UTC_NAME

BROWSERS = "browser"
"""Stands for the zone that the browser tells; its script puts the zone itself into the cookie."""
_FIRST = (
    (UTC_NAME, UTC_NAME),
    (OF_FACILITY, "The facility's zone"),
    (BROWSERS, "This browser's zone"),
)
_ABOUT_FACILITY = "The facility that a page is narrowed to; without one UTC, unless all facilities share a zone."
LOG = structlog.get_logger(__name__)


def shown_menu(rates: Rates) -> Component:
    """The menu, closed, with what the request under way is shown in."""
    now = shown()
    zone = dmc.Select(
        id="shown-zone",
        label="Times in",
        description=_ABOUT_FACILITY,
        data=[*({"value": value, "label": label} for value, label in _FIRST), *_zone_options()],
        value=now.choice,
        searchable=True,
        allowDeselect=False,
        size="xs",
        nothingFoundMessage="No such zone",
        comboboxProps={"withinPortal": True},
    )
    known = currencies(rates)
    currency = dmc.Select(
        id="shown-currency",
        label="Sums in",
        description="Converted document by document at the declared rate of its month, else of its year.",
        data=known,
        value=now.currency if now.currency in known else rates.currency,
        allowDeselect=False,
        size="xs",
        comboboxProps={"withinPortal": True},
    )
    panel = [zone, html.Div(currency, hidden=len(known) < 2), dcc.Store(id="shown-echo")]
    text, title = shown_words(now, rates)
    face = [icon("clock"), html.Span(text, id="shown-text", title=title)]
    return menu("shown", face, "Time zone and currency", panel)


def register_shown_menu(app: Dash, rates: Rates) -> None:
    """The callbacks of what the menu says and of a choice, which loads the page anew."""

    @app.callback(Output("shown-text", "children"), Output("shown-text", "title"), Input("url", "search"))
    def told(_search: Any) -> Any:
        return shown_words(shown(), rates)

    choices = (Input("shown-zone", "value"), Input("shown-currency", "value"))
    in_browser(app, "show_in", Output("shown-echo", "data"), *choices, first_call=False)


def shown_words(now: Shown, rates: Rates) -> tuple[str, str]:
    """Zone and currency in a few words, and at which rates sums come into the currency."""
    known = currencies(rates)
    currency = now.currency if now.currency in known else rates.currency
    text = f"Times in {now.zone.key.replace('_', ' ')}" + (f" · {currency}" if len(known) > 1 else "")
    turned = into(rates, currency)
    newest = [(own, max(_periods(turned, own))) for own in known if own != currency and _periods(turned, own)]
    told = rate_words(turned, newest)
    return text, f"Sums in {currency}, converted document by document. Newest rates: {told}." if told else text


def read_places(definitions: Path | None) -> Places:
    """The zones of the facilities beside the definitions; with mistakes in their file all is in UTC."""
    try:
        facilities = read_file(own_or_shipped(definitions, SHIPPED / FACILITIES_FILE), FacilitiesText)
    except (DefinitionsError, OSError) as problem:
        LOG.warning("facilities_not_read", problem=str(problem)[:2000])
        return Places({})
    return Places({name: one.zone for name, one in facilities.facilities.items()}, facilities.default.zone)


def _zone_options() -> Sequence[Any]:
    names = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return [{"value": name, "label": name.replace("_", " ")} for name in sorted(names) if _is_place(name)]


def _is_place(name: str) -> bool:
    return "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))


def _periods(rates: Rates, own: str) -> list[str]:
    return [key.partition(" ")[2] for key in rates.worth if key.startswith(f"{own} ")]
