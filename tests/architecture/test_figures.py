"""Every figure explains itself: each card, tile and column on a page is in the catalogue, and nothing else is."""

from functools import cache

import dash_ag_grid as dag
import pytest
from dash import html
from dash.development.base_component import Component

from dashboards.address import Address
from dashboards.page import Page, discovered
from metrics.explaining.asked import CHOSEN, ELSEWHERE, Asked, parameters, told
from metrics.explaining.catalogue import figures
from metrics.ledger.funnel import LABOUR_STEPS, MONEY_STEPS
from metrics.store.queries import DIRECTORY, query_text

NO_FIGURES = {"/connect"}
"""Pages that show no figure of the store."""
FORMS = {"case-closing"}
"""Cards in which something is decided."""
FUNNEL = {f"spend-funnels/{step}" for step in (*MONEY_STEPS, *LABOUR_STEPS, "worked", "premium")}
ASKED = Asked("requisition_to_pay", "Requisition to pay", "", "", 0, 1, 28, True)


@cache
def parts(page: Page) -> list[Component]:
    tree = page.layout(Address(id="R-1"))
    return [tree, *tree._traverse()]


def cards(page: Page) -> list[Component]:
    return [one for one in parts(page) if isinstance(one, html.Section)]


def shown(page: Page) -> set[str]:
    """The names of all marks on a page that open an explanation."""
    return {name for one in parts(page) if (name := getattr(one, "data-figure", None))}


PAGES = [page for page in discovered() if page.path not in NO_FIGURES]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_every_card_and_tile_of_a_page_has_a_mark_that_explains_it(page: Page) -> None:
    marks = shown(page)
    bare = [
        card.id
        for card in cards(page)
        if card.id not in FORMS and not any(name.partition("/")[0] == card.id for name in marks)
    ]
    assert bare == []
    tiles = [one for one in parts(page) if isinstance(one, html.Article)]
    assert len(tiles) == len([name for name in marks if "/" in name and name not in FUNNEL])
    assert all(figures()[name].page == page.path for name in marks)


def test_no_figure_is_declared_that_no_page_shows() -> None:
    every = set().union(*(shown(page) for page in PAGES), FUNNEL)
    assert set(figures()) - every == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_a_card_is_called_the_same_in_the_catalogue_and_on_its_page(page: Page) -> None:
    titles = {
        card.id: next(one.children for one in card._traverse() if isinstance(one, html.H2)) for card in cards(page)
    }
    named = {name: figures()[name].said.name for name in titles if name in figures()}
    assert named == {name: titles[name] for name in named}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path)
def test_every_column_heading_tells_what_it_means(page: Page) -> None:
    grids = [one for one in parts(page) if isinstance(one, dag.AgGrid)]
    silent = [f"{grid.id}: {one['field']}" for grid in grids for one in grid.columnDefs if not one.get("headerTooltip")]
    assert silent == []


def test_every_query_of_a_figure_exists_and_tells_where_its_parameters_come_from() -> None:
    names = {name for figure in figures().values() for name in figure.said.queries}
    assert names
    untold = {
        f"{name}: {parameter}"
        for name in names
        for parameter, value in told(query_text(DIRECTORY, name), ASKED)
        if value == CHOSEN and parameter not in Address.model_fields
    }
    assert untold == set()
    every = {parameter for name in names for parameter in parameters(query_text(DIRECTORY, name))}
    assert set(ELSEWHERE) - every == set()
