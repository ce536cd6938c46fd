"""What went wrong, as RFC 9457 says it: `application/problem+json` with a sentence that says what to do."""

from http import HTTPStatus
from typing import Annotated, Final

import msgspec
from flask import Response
from msgspec import Meta

MEDIA: Final = "application/problem+json"


class Problem(msgspec.Struct, frozen=True):
    """Why there is no answer (RFC 9457)."""

    title: Annotated[str, Meta(description="The status in words.")]
    status: Annotated[int, Meta(description="The HTTP status.")]
    detail: Annotated[str, Meta(description="What is wrong, and what to do.")]
    type: str = "about:blank"


class Refused(Exception):
    """A question that gets no answer, with its HTTP status and what to do about it."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def answered(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """The problem as a response."""
    body = Problem(HTTPStatus(status).phrase, status, detail)
    return Response(msgspec.json.encode(body), status, headers, mimetype=MEDIA)
