"""Which columns of a plain table stand right, as numbers."""

import pytest
from dash import dcc, html

from dashboards.components.cards import plain_table


def looks(*cells: object) -> list[str]:
    """The looks of a table's only column: of its head and of its cells."""
    table = plain_table(("Head",), [(cell,) for cell in cells], "x")
    _, head, body = table.children
    return [head.children.children[0].className, *(row.children[0].className for row in body.children)]


@pytest.mark.parametrize(
    "cells",
    [
        ("12", "–"),
        ("9,388.35 USD", "–"),
        ("3 d 4 h", "410 ms", "−2 h"),
        ("35.7 %", "2.5×"),
        ("3.0 s – 3.6 s",),
        ("14 calls/d", "1 of 16"),
        (dcc.Link("9", href="/cases"), "–"),
    ],
)
def test_numbers_with_their_units_stand_right_also_where_they_are_links(cells: tuple[object, ...]) -> None:
    assert set(looks(*cells)) == {"fg-number"}


@pytest.mark.parametrize(
    "cells",
    [
        ("2026-11-20 11:04",),
        ("503 upstream",),
        ("12", "twelve"),
        (dcc.Link("R-100215, 20 d", href="/case"),),
        (html.Span([html.B("1"), " left"]),),
        ("",),
    ],
)
def test_times_codes_and_words_are_text(cells: tuple[object, ...]) -> None:
    assert set(looks(*cells)) == {""}


def test_a_dash_in_the_first_row_does_not_turn_a_column_of_words_right() -> None:
    assert set(looks("–", "Paid 2")) == {""}
