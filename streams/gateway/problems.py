"""Why a request was not taken: a status, a code, and a sentence that says what to do (RFC 9457)."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

PROBLEM_CONTENT: Final = "application/problem+json"
RETRY_AFTER: Final = "Retry-After"

TITLES: Final[Mapping[int, str]] = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Wrong method",
    408: "Too slow",
    413: "Too large",
    415: "Wrong content type",
    422: "Not readable",
    429: "Too many requests",
    500: "Internal error",
    503: "Not available",
}


class Problem(Exception):
    """A request that is refused. `retry_after`: seconds, where trying again helps. `more` is shown beside it."""

    def __init__(
        self,
        status: int,
        reason: str,
        detail: str,
        *,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.reason = reason
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = dict(more or {})
        if retry_after is not None:
            self.headers[RETRY_AFTER] = str(max(1, -int(-retry_after // 1)))

    def body(self) -> bytes:
        """The problem as JSON."""
        content = {
            "type": "about:blank",
            "title": TITLES.get(self.status, "Refused"),
            "status": self.status,
            "reason": self.reason,
            "detail": self.detail,
            **self.more,
        }
        return msgspec.json.encode(content)
