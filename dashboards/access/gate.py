"""The gate before every page and callback: nothing but the sign-on form is shown to somebody unknown."""

import time
from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final

from flask import Flask, Response, g, has_request_context, jsonify, redirect, render_template_string, request
from werkzeug.wrappers import Response as AnyResponse

from dashboards.access.attempts import Attempts
from dashboards.access.session import LONGEST_SECONDS, Sessions
from metrics.access.audit import AuditLog
from metrics.access.model import Person
from metrics.access.people import Accounts

SIGN_ON: Final = "/sign-on"
SIGN_OFF: Final = "/sign-off"
CALLBACKS: Final = "/_dash-update-component"
TOKEN_COOKIE: Final = "_csrf_token"
TOKEN_HEADER: Final = "X-CSRFToken"
WRONG: Final = "Name and password do not belong together."
Answer = Response | AnyResponse | tuple[Response, int] | None


class Gate:
    """Knows who asks. `secure`: cookies travel over HTTPS alone."""

    def __init__(
        self,
        accounts: Accounts,
        audit: AuditLog,
        *,
        secure: bool,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._accounts = accounts
        self._audit = audit
        self._secure = secure
        self._sessions = Sessions(accounts, clock)
        self._attempts = Attempts(clock)

    def person(self) -> Person | None:
        """Who asks in this request; None outside of one."""
        return getattr(g, "person", None) if has_request_context() else None

    def token(self) -> str:
        """What forms of this session must bring."""
        return self._sessions.token()

    def stand_before(self, server: Flask, key: bytes) -> None:
        """Put the gate before everything that the server answers. `key` signs the cookies."""
        server.secret_key = key
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

    def _let_in(self) -> Answer:
        if request.path in (SIGN_ON, "/health", "/ready") or request.path.startswith("/assets/"):
            return None
        g.person = self._sessions.person()
        if g.person is None:
            return _unknown()
        if request.method not in ("GET", "HEAD") and not self._sessions.has_token(_told_token()):
            return jsonify(error="the request lacks the token of its session: load the page again"), 400
        if not _asks_by_itself():
            self._sessions.still_there()
        return None

    def _leave(self, response: Response) -> Response:
        if not request.path.startswith("/assets/"):
            response.headers.setdefault("Cache-Control", "no-store")
        if getattr(g, "person", None) is not None:
            response.set_cookie(
                TOKEN_COOKIE, self._sessions.token(), secure=self._secure, samesite="Lax", httponly=False
            )
        return response

    def _form(self, problem: str = "", name: str = "") -> str:
        page = files("dashboards.access").joinpath("sign_on.html").read_text(encoding="utf-8")
        onward = _within(request.values.get("next", "/"))
        return render_template_string(page, token=self._sessions.token(), next=onward, problem=problem, name=name)

    def _sign_on(self) -> Any:
        name, password = request.form.get("name", "").strip().lower(), request.form.get("password", "")
        if not self._sessions.has_token(request.form.get("token")):
            return self._form("The form was too old. Please try again.", name), 400
        counted = (f"name {name}", f"address {request.remote_addr}")
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
        self._audit.note(g.person.name, "signed off")
        self._sessions.end()
        g.person = None
        response = redirect(SIGN_ON, 303)
        response.delete_cookie(TOKEN_COOKIE)
        return response


def _unknown() -> Answer:
    if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
        return redirect(f"{SIGN_ON}?next={request.path}", 303)
    return jsonify(error="sign on first"), 401


def _told_token() -> str | None:
    return request.headers.get(TOKEN_HEADER) or (request.form.get("token") if request.path == SIGN_OFF else None)


def _asks_by_itself() -> bool:
    """Whether an open page asks for news, as it does every few seconds without anybody there."""
    body = request.get_json(silent=True) if request.path == CALLBACKS else None
    return isinstance(body, dict) and body.get("changedPropIds") in (["tick.data"], ["pulse.n_intervals"])


def _within(path: str) -> str:
    """The path, if it leads to a page of ours and nowhere else."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and ":" not in path else "/"
