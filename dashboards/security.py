"""What the HTTP edge refuses and promises: strict headers, and 400 instead of 500 for tampered callbacks."""

from typing import Any

from dash import Dash
from flask import Flask, Response, jsonify, request

from dashboards.callback_shape import is_asked_as_registered

CALLBACKS = "/_dash-update-component"
MOST_BODY_BYTES = 1_000_000


def guard(app: Dash) -> None:
    """Add the guards to the app's server; call after all callbacks are registered (the hashes cover them)."""
    server = app.server
    server.config["MAX_CONTENT_LENGTH"] = MOST_BODY_BYTES
    policy = content_policy(app.csp_hashes())
    server.after_request(lambda response: with_headers(response, policy))
    server.before_request(lambda: refused(app))
    _answer_bad_input(server)


def content_policy(hashes: Any) -> str:
    """The content security policy; `hashes` are those of Dash's own inline scripts."""
    scripts = " ".join(["'self'", *(f"'{value}'" if not value.startswith("'") else value for value in hashes)])
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
        )
    )


def with_headers(response: Response, policy: str) -> Response:
    """The response with its security headers."""
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    return response


def refused(app: Dash) -> tuple[Response, int] | None:
    """A refusal of a callback request that no page of ours would send; None lets it pass."""
    if request.path != CALLBACKS:
        return None
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("output"), str) or body["output"] not in app.callback_map:
        return jsonify(error="unknown callback"), 400
    if not is_asked_as_registered(body, app.callback_map[body["output"]]):
        return jsonify(error="malformed callback"), 400
    return None


def _answer_bad_input(server: Flask) -> None:
    @server.errorhandler(RecursionError)
    def too_deep(_problem: Exception) -> tuple[Response, int]:
        return jsonify(error="nested too deeply"), 400

    @server.errorhandler(413)
    def too_large(_problem: Exception) -> tuple[Response, int]:
        return jsonify(error="too large"), 413
