"""Leaves: the texts of a page that change on every tick, each addressed by card and name.

A tick returns a mapping name → `Leaf`; only texts, tones and links travel, never trees.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dash import ALL, Output, dcc, html


class Leaf(NamedTuple):
    """A text with its tone (plain, good, warn, bad, quiet)."""

    text: str
    tone: str = "plain"


def leaf(card: str, name: str, value: Leaf | None = None) -> html.Span:
    """The place of a text. The last part of `name` ('open/value') is its style: value, unit, note, status …"""
    value = value or Leaf("")
    return html.Span(value.text, id={"leaf": card, "name": name}, className=leaf_class(name, value.tone))


def leaf_class(name: str, tone: str) -> str:
    """The class names of a leaf."""
    return f"fg-leaf fg-{name.rpartition('/')[2]} fg-tone-{tone}"


def link(card: str, name: str, children: Any, href: str = "", class_name: str = "fg-link") -> dcc.Link:
    """A link whose target changes with the page's state."""
    return dcc.Link(children, id={"link": card, "name": name}, href=href, className=class_name)


def leaf_outputs(card: str) -> list[Output]:
    """Texts, classes and link targets of a card's leaves, for a callback's outputs."""
    return [
        Output({"leaf": card, "name": ALL}, "children"),
        Output({"leaf": card, "name": ALL}, "className"),
        Output({"link": card, "name": ALL}, "href"),
    ]


def leaf_values(outputs: Sequence[Any], values: Mapping[str, Leaf], links: Mapping[str, str]) -> list[list[str]]:
    """What `leaf_outputs` take, in the order in which the browser listed the leaves.

    `outputs` are the three lists of output specs of the request; a leaf nobody filled becomes empty.
    """
    texts, classes, targets = ([str(spec["id"]["name"]) for spec in specs] for specs in outputs)
    empty = Leaf("", "quiet")
    return [
        [values.get(name, empty).text for name in texts],
        [leaf_class(name, values.get(name, empty).tone) for name in classes],
        [links.get(name, "") for name in targets],
    ]
