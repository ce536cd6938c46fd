"""The gate before every page and callback: nothing but the sign-on form is shown to somebody unknown."""

import time
from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

import structlog
from flask import Flask, Response, g, has_request_context, jsonify, redirect, render_template_string, request
from werkzeug.wrappers import Response as AnyResponse

from dashboards.access import programs
from dashboards.access.attempts import Attempts
from dashboards.access.door import BACK, THERE, Door
from dashboards.access.elsewhere import Elsewhere
from dashboards.access.ended import LONGEST_SECONDS, Ended
from dashboards.access.sealed import SealedSessions
from dashboards.access.session import Sessions
from dashboards.api.operation import API, PROBES
from dashboards.security import CALLBACKS
from metrics.access.audit import AuditLog
from metrics.access.model import Person
from metrics.access.people import Accounts

SIGN_ON: Final = "/sign-on"
SIGN_OFF: Final = "/sign-off"
TOKEN_COOKIE: Final = "_csrf_token"
TOKEN_HEADER: Final = "X-CSRFToken"
WRONG: Final = "Name and password do not belong together."
_BY_ITSELF: Final = ("tick.data", "pulse.n_intervals")
_ROWS: Final = ".getRowsRequest"
LOG = structlog.get_logger(__name__)
Answer = Response | AnyResponse | tuple[Response, int] | None


class Gate:
    """Knows who asks. `secure`: cookies travel over HTTPS alone.

    `ended` remembers sessions that were signed off. `clock` gives seconds since 1970, `rising` seconds that only rise.
    """

    def __init__(
        self,
        accounts: Accounts,
        audit: AuditLog,
        *,
        secure: bool,
        ended: Ended,
        clock: Callable[[], float] = time.time,
        rising: Callable[[], float] = time.monotonic,
        elsewhere: Elsewhere | None = None,
        by_token: programs.Programs | None = None,
    ) -> None:
        self._accounts = accounts
        self._audit = audit
        self._secure = secure
        self._by_token = by_token
        self.own_start: Callable[[], str] = lambda: ""
        """The address that whoever asks begins with, '' for that of their role."""
        self._sessions = Sessions(accounts, ended, clock, elsewhere)
        self._attempts = Attempts(rising)
        self._door = elsewhere and Door(
            elsewhere, self._sessions, self._attempts, audit, form=self._form, within=_within, secure=secure
        )

    def person(self) -> Person | None:
        """Who asks in this request; None outside of one."""
        return getattr(g, "person", None) if has_request_context() else None

    def token(self) -> str:
        """What forms of this session must bring."""
        return self._sessions.token()

    def stand_before(self, server: Flask, key: bytes) -> None:
        """Put the gate before everything that the server answers. `key` seals the cookies."""
        server.secret_key = key
        server.session_interface = SealedSessions()
        server.config.update(
            SESSION_COOKIE_NAME="flowglass",
            SESSION_COOKIE_HTTPONLY=True,
            SESSION_COOKIE_SAMESITE="Lax",
            SESSION_COOKIE_SECURE=self._secure,
            PERMANENT_SESSION_LIFETIME=LONGEST_SECONDS,
        )
        server.before_request(self._let_in)
        server.after_request(self._leave)
        server.add_url_rule(SIGN_ON, "sign_on", self._form, methods=["GET"])
        server.add_url_rule(SIGN_ON, "sign_on_with", self._sign_on, methods=["POST"])
        server.add_url_rule(SIGN_OFF, "sign_off", self._sign_off, methods=["POST"])
        if self._door:
            self._door.add_to(server)

    def _let_in(self) -> Answer:
        if request.path in (SIGN_ON, THERE, BACK, "/health", "/ready") or request.path.startswith("/assets/"):
            return None
        if request.path.startswith(API):
            return None if request.path in PROBES else self._let_program_in()
        g.person = self._sessions.person()
        if g.person is None:
            return _unknown()
        if request.method not in ("GET", "HEAD") and not self._sessions.has_token(_told_token()):
            return jsonify(error="the request lacks the token of its session: load the page again"), 400
        if not _asks_by_itself():
            self._sessions.still_there()
        return _to_the_start(g.person, self.own_start)

    def _let_program_in(self) -> Answer:
        """By a token or by the session of a browser, which this does not prolong: there is nothing but reading here."""
        by_token = self._by_token if programs.asks() else None
        g.person = by_token.person() if by_token else None if programs.asks() else self._sessions.person()
        return None if g.person is not None else programs.unknown()

    def _leave(self, response: Response) -> Response:
        if not request.path.startswith("/assets/"):
            response.headers.setdefault("Cache-Control", "no-store")
        if getattr(g, "person", None) is not None and not request.path.startswith(API):
            response.set_cookie(
                TOKEN_COOKIE, self._sessions.token(), secure=self._secure, samesite="Lax", httponly=False
            )
        return response

    def _form(self, problem: str = "", name: str = "") -> str:
        page = files("dashboards.access").joinpath("sign_on.html").read_text(encoding="utf-8")
        onward = _within(request.values.get("next", "/"))
        return render_template_string(page, token=self._sessions.token(), next=onward, problem=problem, name=name,
                                      provider=THERE if self._door else "")  # fmt: skip

    def _sign_on(self) -> Any:
        name, password = request.form.get("name", "").strip().lower(), request.form.get("password", "")
        if not self._sessions.has_token(request.form.get("token")):
            return self._form("The form was too old. Please try again.", name), 400
        counted = ("name", name), ("address", request.remote_addr or "")
        if waiting := self._attempts.wait(*counted):
            return self._form(f"Too many attempts. Try again in {waiting:.0f} seconds.", name), 429
        person = self._accounts.sign_in(name, password)
        try:
            self._audit.note(name[:63], "signed on" if person else "was refused", address=request.remote_addr or "")
        except (OSError, ValueError):
            return self._form("The audit log can't be written, so nobody can sign on.", name), 503
        if person is None:
            self._attempts.failed(*counted)
            return self._form(WRONG, name), 401
        self._attempts.succeeded(counted[0])
        self._sessions.begin(person)
        return redirect(_within(request.form.get("next", "/")), 303)

    def _sign_off(self) -> Any:
        person, g.person = g.person, None
        for write in (self._sessions.end, lambda: self._audit.note(person.name, "signed off")):
            try:
                write()
            except (OSError, ValueError) as problem:  # nobody stays signed on who wants to leave
                LOG.warning("sign_off_not_written", who=person.name, problem=str(problem))
        response = redirect(SIGN_ON, 303)
        response.delete_cookie(TOKEN_COOKIE)
        return response


def _to_the_start(person: Person, own: Callable[[], str]) -> Answer:
    """By the bare address people get what they chose, else the first page of the role; else Operations is meant."""
    bare = request.method == "GET" and request.path == "/" and not request.query_string
    start = (own() or person.role.start) if bare else "/"
    return redirect(start, 303) if start != "/" else None


def _unknown() -> Answer:
    if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
        return redirect(f"{SIGN_ON}?next={quote(request.full_path.rstrip('?'), safe='/')}", 303)
    return jsonify(error="sign on first"), 401


def _told_token() -> str | None:
    return request.headers.get(TOKEN_HEADER) or (request.form.get("token") if request.path == SIGN_OFF else None)


def _asks_by_itself() -> bool:
    """Whether an open page asks for news, as it does every few seconds without anybody there.

    Lists that page through the server ask for their rows again on each tick. They do so too when somebody scrolls,
    which therefore counts as little.
    """
    body = request.get_json(silent=True) if request.path == CALLBACKS else None
    changed = body.get("changedPropIds") if isinstance(body, dict) else None
    return isinstance(changed, list) and bool(changed) and all(map(_is_by_itself, changed))


def _is_by_itself(changed: object) -> bool:
    return isinstance(changed, str) and (changed in _BY_ITSELF or changed.endswith(_ROWS))


def _within(path: str) -> str:
    """The path, if it leads to a page of ours and nowhere else."""
    # Browsers and urlsplit leave out tabs and line ends, so that "/\t/" would be "//".
    return path if path.isprintable() and path.startswith("/") and path[1:2] not in ("/", "\\") else "/"
