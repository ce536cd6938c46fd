"""Attributes that Dash's typed constructors have no parameter for: `aria-*` and `data-*`."""

from typing import TypeVar

from dash.development.base_component import Component

Element = TypeVar("Element", bound=Component)


def marked(element: Element, **attributes: str) -> Element:
    """The element with attributes by name, '_' standing for '-': `marked(div, aria_label="Map")`."""
    for name, value in attributes.items():
        setattr(element, name.replace("_", "-"), value)
    return element
