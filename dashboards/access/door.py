"""The two addresses of sign-on by an identity provider, and the page that a failed one leads to."""

from collections.abc import Callable
from typing import Any, Final

from flask import Flask, redirect, request, session, url_for

from dashboards.access.attempts import Attempts
from dashboards.access.elsewhere import Elsewhere
from dashboards.access.refusals import NotProven, ProviderDown, Refused
from dashboards.access.session import Sessions
from metrics.access.audit import AuditLog

THERE: Final = "/sign-on/provider"
BACK: Final = "/sign-on/back"
NOT_NOTED: Final = "The audit log can't be written, so nobody can sign on."
_WAY: Final = "way"


class Door:
    """Out to the provider and in again. `form` shows the page of sign-on with a problem; `secure`: HTTPS alone."""

    def __init__(
        self,
        elsewhere: Elsewhere,
        sessions: Sessions,
        attempts: Attempts,
        audit: AuditLog,
        *,
        form: Callable[[str], str],
        within: Callable[[str], str],
        secure: bool,
    ) -> None:
        self._elsewhere = elsewhere
        self._sessions = sessions
        self._attempts = attempts
        self._audit = audit
        self._form = form
        self._within = within
        self._secure = secure

    def add_to(self, server: Flask) -> None:
        """Add both addresses."""
        server.add_url_rule(THERE, "sign_on_there", self._there, methods=["GET"])
        server.add_url_rule(BACK, "sign_on_back", self._back, methods=["GET"])

    def _there(self) -> Any:
        try:
            url, way = self._elsewhere.leave(self._return_url(), self._within(request.args.get("next", "/")))
        except ProviderDown as down:
            return self._form(str(down)), down.status
        session[_WAY] = list(way)
        return redirect(url, 303)

    def _back(self) -> Any:
        address = request.remote_addr or ""
        if waiting := self._attempts.wait(("address", address)):
            return self._form(f"Too many attempts. Try again in {waiting:.0f} seconds."), 429
        kept = session.pop(_WAY, None)
        try:
            try:
                person, onward = self._elsewhere.returned(kept, self._return_url(), request.args.to_dict())
            except Refused as refused:
                if isinstance(refused, NotProven):
                    self._attempts.failed(("address", address))
                self._audit.note(refused.who, "was refused", address=address, why=refused.why, provider=True)
                return self._form(str(refused)), refused.status
            self._audit.note(
                person.name, "signed on", address=address, role=person.role.name, group=person.group, provider=True
            )
        except (OSError, ValueError):
            return self._form(NOT_NOTED), 503
        self._sessions.begin(person)
        return redirect(self._within(onward), 303)

    def _return_url(self) -> str:
        return self._elsewhere.return_url or url_for(
            "sign_on_back", _external=True, _scheme="https" if self._secure else None
        )
