"""Calls back as a browser does, and as one that was tampered with: bodies are made from the app's own callback map."""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from dash import Dash
from flask.testing import FlaskClient

from dashboards.access.gate import CALLBACKS, TOKEN_COOKIE, TOKEN_HEADER

WILDCARDS = (["ALL"], ["MATCH"], ["ALLSMALLER"])
USUAL: Mapping[str, Any] = {
    "url.search": "", "url.pathname": "/", "url.href": "http://localhost/", "tick.data": 1,
}  # fmt: skip
"""What a page sends when it opens."""


class Callback(NamedTuple):
    """A registered callback of the server: its output as Dash writes it, and what it takes."""

    output: str
    inputs: tuple[dict[str, Any], ...]
    state: tuple[dict[str, Any], ...]

    @property
    def takes(self) -> tuple[str, ...]:
        """The names of all it takes, in order."""
        return tuple(f"{one['id']}.{one['property']}" for one in (*self.inputs, *self.state))

    def body(self, **changes: Any) -> dict[str, Any]:
        """A request as a page sends it; `changes` are values by the name of what is taken."""
        values = {**USUAL, **changes}
        inputs = [_told(one, values) for one in self.inputs]
        outputs = [_spec(*name.rpartition(".")[::2]) for name in self.output.strip(".").split("...")]
        return {
            "output": self.output,
            "outputs": outputs if self.output.startswith("..") else outputs[0],
            "inputs": inputs,
            "state": [_told(one, values) for one in self.state],
            "changedPropIds": [f"{self.inputs[0]['id']}.{self.inputs[0]['property']}"] if self.inputs else [],
        }


def callbacks(app: Dash) -> list[Callback]:
    """Every callback that runs on the server."""
    app._setup_server()  # type: ignore[no-untyped-call]
    return [
        Callback(output, tuple(one["inputs"]), tuple(one["state"]))
        for output, one in app.callback_map.items()
        if "callback" in one
    ]


def tampered(body: dict[str, Any], values: list[Any]) -> Iterator[dict[str, Any]]:
    """The body with each of its inputs in turn holding each of the values, or none at all."""
    for part in ("inputs", "state"):
        for place in range(len(body[part])):
            for value in values:
                other = copy.deepcopy(body)
                spec = other[part][place]
                for one in spec if isinstance(spec, list) else [spec]:
                    one["value"] = value
                yield other


def misshapen(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The body with parts left out, doubled, or of another form."""
    value: Any
    for part in ("outputs", "inputs", "state", "changedPropIds"):
        for value in (None, 0, "x", {}, [], [[]], [None], [{}], [{"id": "x", "property": "y"}], {"id": "x"}):
            yield {**body, part: value}
        yield {name: value for name, value in body.items() if name != part}
    for part in ("inputs", "state", "outputs"):
        if isinstance(body[part], list) and body[part]:
            yield {**body, part: body[part][:-1]}
            yield {**body, part: [*body[part], body[part][0]]}
            yield {**body, part: body[part][::-1]}


def post(client: FlaskClient, body: Any) -> Any:
    """The answer to a callback; the token of the session goes with it, where there is one."""
    cookie = client.get_cookie(TOKEN_COOKIE)
    return client.post(CALLBACKS, json=body, headers={TOKEN_HEADER: cookie.value} if cookie else {})


def _told(one: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    name = f"{one['id']}.{one['property']}"
    spec = _spec(one["id"], one["property"])
    if isinstance(spec, list):
        for each in spec:
            each["value"] = values.get(name)
        return spec
    return {**spec, "value": values.get(name)}


def _spec(component: str, which: str) -> Any:
    """An id and a property; a list of one for an id that stands for many."""
    if not component.startswith("{"):
        return {"id": component, "property": which}
    parts = json.loads(component)
    is_many = any(value in WILDCARDS for value in parts.values())
    known = {name: "x" if value in WILDCARDS else value for name, value in parts.items()}
    return [{"id": known, "property": which}] if is_many else {"id": known, "property": which}
