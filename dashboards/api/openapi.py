"""The OpenAPI 3.1 document, made from the same declarations that routes and checks are made from."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from dashboards.api.operation import BASE, Operation
from dashboards.api.problems import MEDIA, Problem

PATH: Final = "/openapi.json"
_REF: Final = "#/components/schemas/{name}"
_REFUSALS: Final = {
    400: "A parameter is not right.",
    401: "Nobody is signed on: sign on, or send a token of a person as `Authorization: Bearer …`.",
    403: "The role of who asks does not open this.",
    404: "There is nothing of this name that who asks may see.",
    429: "That was more than one may ask for in a minute; `Retry-After` says in how many seconds to go on.",
    503: "The store does not answer, try again later; or the question takes longer than it allows, ask for less.",
}
_ABOUT: Final = (
    "Read-only access to cases, SLAs, alerts, the ledger and exports, with the scope of the person who asks. Times are "
    "RFC 3339 in UTC, durations seconds, money decimal texts with their currency. Errors are RFC 9457 problems."
)


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The whole document."""
    typed = [one for one in operations if not isinstance(one.form, dict)]
    schemas, components = msgspec.json.schema_components([Problem, *(one.form for one in typed)], ref_template=_REF)
    by_name = dict(zip([one.name for one in typed], schemas[1:], strict=True))
    tags = dict.fromkeys(one.tag for one in operations)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Flowglass", "version": "1", "description": _ABOUT, "license": {
            "name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "servers": [{"url": BASE}],
        "tags": [{"name": tag} for tag in tags],
        "paths": {one.path: {"get": _get(one, schemas[0], by_name.get(one.name, one.form))} for one in operations},
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "flowglass",
                            "description": "The session of somebody who signed on in the browser."},
                "token": {"type": "http", "scheme": "bearer", "description": "From `flowglass access token`."},
            },
        },
        "security": [{"session": []}, {"token": []}, {}],
    }  # fmt: skip


def _get(one: Operation, problem: dict[str, Any], form: dict[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {"200": {"description": "The answer.", "content": {one.media: {"schema": form}}}}
    for status in _refusals(one):
        answers[str(status)] = {"description": _REFUSALS[status], "content": {MEDIA: {"schema": problem}}}
    return {
        "operationId": one.name,
        "tags": [one.tag],
        "summary": one.summary,
        "parameters": parameters(one),
        "responses": answers,
        **({"security": []} if one.page is None else {}),
    }


def _refusals(one: Operation) -> list[int]:
    if one.page is None:
        return [400, 503]
    return [400, 401, 403, *([404] if one.can_miss else []), 429, 503]


def parameters(one: Operation) -> list[dict[str, Any]]:
    """The parameters of an operation."""
    (_, components) = msgspec.json.schema_components([one.parameters], ref_template=_REF)
    schema = components[one.parameters.__name__]
    required, placed, found = set(schema.get("required", ())), one.placed, []
    for name, told in schema["properties"].items():
        own = dict(told)
        about = own.pop("description", "")
        own.update({"minLength": 1} if name in placed and own.get("type") == "string" else {})
        where = "path" if name in placed else "query"
        found.append({"name": name, "in": where, "required": name in placed or name in required, "description": about,
                      "schema": own})  # fmt: skip
    return found


def document_text(operations: Sequence[Operation]) -> str:
    """The document as it is committed."""
    return msgspec.json.format(msgspec.json.encode(document(operations)), indent=2).decode() + "\n"
