"""What a page is, and how pages are found: every module of `dashboards.pages` that has a `PAGE`."""

import importlib
import pkgutil
from collections.abc import Callable
from typing import NamedTuple, Protocol

from dash import Dash
from dash.development.base_component import Component

import dashboards.pages
from dashboards.address import Address
from dashboards.scope import Desk


class Register(Protocol):
    """Adds a page's callbacks to the app."""

    def __call__(self, app: Dash, desk: Desk) -> None:
        """Called once, before the server starts."""
        ...


class Page(NamedTuple):
    """A page: `order` places it in the navigation, None keeps it out of it.

    `layout` builds the static structure (cards in their loading state); `register` adds the callbacks
    that fill it.
    """

    path: str
    title: str
    icon: str
    order: int | None
    layout: Callable[[Address], Component]
    register: Register


def discovered() -> list[Page]:
    """All pages, in navigation order."""
    modules = [
        importlib.import_module(f"dashboards.pages.{info.name}")
        for info in pkgutil.iter_modules(dashboards.pages.__path__)
    ]
    pages = [module.PAGE for module in modules if hasattr(module, "PAGE")]
    return sorted(pages, key=lambda page: (page.order is None, page.order or 0, page.path))
