"""The routes of the interface on the dashboards' server: read the parameters, look, answer."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import msgspec
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from dashboards.api.openapi import PATH, document
from dashboards.api.operation import BASE, JSON, Desk, Operation, Stream
from dashboards.api.parameters import read
from dashboards.api.problems import Refused, answered
from dashboards.api.sending import Sender
from dashboards.reading import TooMuch, Unanswered

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_AGAIN: Final = {"Retry-After": "5"}
_encode = msgspec.json.Encoder(decimal_format="string").encode


class Asking(Protocol):
    """Who asks: the desk that answers a page's readers, and whether they may open it."""

    def desk(self, page: str) -> Desk: ...

    def opens(self, page: str) -> bool: ...


def add_api(server: Flask, operations: Sequence[Operation], asking: Asking, sender: Sender | None = None) -> None:
    """Put the operations, their document and a refusal of everything else below /api on the server."""
    told, sender = _encode(document(operations)), sender or Sender()
    for one in operations:
        _add(server, one.rule, f"api_{one.name}", _answering(one, asking, sender))
    _add(server, BASE + PATH, "api_document", lambda **_: Response(told, mimetype=JSON))

    def nothing(_rest: str = "") -> Response:
        return _nothing(server)

    for rule in ("/api/", "/api/<path:_rest>"):
        server.add_url_rule(rule, "api_nothing", nothing, methods=_METHODS)


def _add(server: Flask, rule: str, name: str, view: Callable[..., Response]) -> None:
    server.add_url_rule(rule, name, view, methods=["GET"], merge_slashes=False)


def _answering(one: Operation, asking: Asking, sender: Sender) -> Callable[..., Response]:
    def view(**placed: str) -> Response:
        try:
            asked = read(one.parameters, placed, list(request.args.items(multi=True)))
            if one.page and not asking.opens(one.page):
                raise Refused(403, "Your role does not open this: ask whoever gives out roles.")
            answer = one.answer(asking.desk(one.page or ""), asked)
            return sender.response(answer) if isinstance(answer, Stream) else Response(_encode(answer), mimetype=JSON)
        except Refused as why:
            return answered(why.status, why.detail, _AGAIN if why.status == 503 else None)
        except TooMuch as problem:
            return answered(503, str(problem))
        except Unanswered as problem:
            return answered(503, f"{problem} Try again in a few seconds.", _AGAIN)

    return view


def _nothing(server: Flask) -> Response:
    try:
        endpoint, _ = server.create_url_adapter(request).match(request.path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        endpoint = "api_nothing"
    if endpoint != "api_nothing":
        return answered(405, "This interface is for reading alone: ask with GET.", {"Allow": "GET, HEAD"})
    return answered(404, f"There is nothing here; {BASE}{PATH} says what there is.")
