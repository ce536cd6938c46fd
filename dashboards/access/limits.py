"""Rate limits: how often each caller may ask for pages, the HTTP interface, exports and sign-on."""

import math
from collections.abc import Callable
from html import escape
from typing import Any, Final, Literal, NamedTuple

from flask import Flask, Response, jsonify, request

from dashboards.access.buckets import Buckets
from dashboards.access.gate import SIGN_ON
from dashboards.api.operation import API, BASE, PROBES
from dashboards.api.problems import answered
from metrics.access.model import Person
from metrics.settings import Settings

Kind = Literal["pages", "api", "exports", "sign_on"]
FREE: Final = ("/assets/", "/_dash-component-suites/", "/_favicon")
"""Files that are the same for everybody."""
FREE_PATHS: Final = frozenset({"/health", "/ready", "/favicon.ico", *PROBES})
_PAGE: Final = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Flowglass</title>'
    '<meta http-equiv="refresh" content="{seconds}"></head><body><h1>One moment</h1><p>{sentence}</p></body></html>'
)


class Limits(NamedTuple):
    """How often a caller may ask in a minute, by what is asked for; 0: as often as they like."""

    pages: int
    api: int
    exports: int
    sign_on: int


NONE: Final = Limits(0, 0, 0, 0)


def limits_of(settings: Settings) -> Limits:
    """What the settings say."""
    return Limits(settings.rate_pages, settings.rate_api, settings.rate_exports, settings.rate_sign_on)


class RateLimits:
    """Refuses with 429 who asks too often, and says when to come back.

    `who`: the person who asks, None where nobody is signed on; `guarded`: whether people sign on at all. Where they
    do not, this machine itself is not limited.
    """

    def __init__(
        self, limits: Limits, who: Callable[[], Person | None], *, guarded: bool, buckets: Buckets | None = None
    ) -> None:
        self._limits = limits
        self._who = who
        self._guarded = guarded
        self._buckets = buckets or Buckets()

    def stand_before(self, server: Flask) -> None:
        """Put the limits behind the gate, which knows who asks, and before everything else."""
        server.before_request(self._refusal)

    def _refusal(self) -> Response | None:
        kind = kind_of(request.path)
        limit = getattr(self._limits, kind) if kind else 0
        caller = self._caller(kind) if kind and limit else ""
        wait = self._buckets.take(f"{kind} {caller}", limit) if caller else 0.0
        return _refused(kind, max(1, math.ceil(wait))) if wait else None

    def _caller(self, kind: Kind | None) -> str:
        """The person; for sign-on the address. Empty for those who are not limited.

        Where nobody signs on, a proxy stands before the pages, and all come from its address: limits are its affair.
        """
        person = None if kind == "sign_on" else self._who()
        if person is not None:
            return f"person {person.name}"
        return f"address {request.remote_addr or ''}" if self._guarded else ""


def kind_of(path: str) -> Kind | None:
    """What a path is counted as; None for what everybody may ask for at any time."""
    if path in FREE_PATHS or path.startswith(FREE):
        return None
    if path == SIGN_ON or path.startswith(f"{SIGN_ON}/"):
        return "sign_on"
    if path.startswith(f"{BASE}/exports/"):
        return "exports"
    return "api" if path.startswith(API) else "pages"


def _refused(kind: Any, seconds: int) -> Response:
    sentence = f"That was more than one may ask for in a minute. It goes on in {seconds} s."
    after = {"Retry-After": str(seconds)}
    if kind in ("api", "exports"):
        return answered(429, f"{sentence} Ask more seldom, or for longer parts.", after)
    if "text/html" in request.headers.get("Accept", ""):
        page = _PAGE.format(seconds=seconds, sentence=escape(sentence))
        return Response(page, 429, after, mimetype="text/html")
    response = jsonify(error=sentence)
    response.status_code = 429
    response.headers.update(after)
    return response
