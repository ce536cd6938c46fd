"""Callbacks that run in the browser, by the name of their function in `assets/browser.js`."""

from typing import Any, cast

from dash import ClientsideFunction, Dash


def in_browser(app: Dash, function: str, *dependencies: Any, first_call: bool = True) -> None:
    """Register `function` of the page's own script; without `first_call` it waits for the first change."""
    where = ClientsideFunction(namespace="flowglass", function_name=function)
    cast(Any, app).clientside_callback(where, *dependencies, prevent_initial_call=not first_call)
