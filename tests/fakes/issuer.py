"""A small identity provider on loopback that says whatever a test wants, right or wrong."""

import hmac
import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwk, jwt

CLIENT = "dashboards"
NOW = 1_800_000_000


class Issuer:
    """Answers as a provider should, but for what is bent: `bend` changes the claims, `sign` the token."""

    def __init__(self) -> None:
        self.key = jwk.ECKey.generate_key("P-256", {"kid": "one", "use": "sig"})
        self.asked: list[str] = []
        self.straight()
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def straight(self) -> None:
        """Forget all that was bent."""
        self.bend: Callable[[dict[str, Any]], object] = lambda claims: None
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.about: dict[str, Any] = {}
        self.person: dict[str, Any] = {}
        self.down: frozenset[str] = frozenset()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def consent(self, url: str) -> dict[str, str]:
        """What the browser brings back after somebody agreed at `url`."""
        asked = dict(parse_qsl(urlsplit(url).query))
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and body for one request."""
        self.asked.append(path)
        if path in self.down:
            return 503, {}
        if path == "/.well-known/openid-configuration":
            places = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys",
                      "userinfo_endpoint": "/person"}  # fmt: skip
            return 200, {"issuer": self.url, **{name: self.url + at for name, at in places.items()}, **self.about}
        if path == "/keys":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        if path == "/person":
            return 200, self.person
        return self._token(form)

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self._codes.pop(form.get("code", ""), None)
        challenge = _letters(sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or (asked["code_challenge"], asked["code_challenge_method"]) != (challenge, "S256"):
            return 400, {"error": "invalid_grant"}
        if asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.url, "aud": asked["client_id"], "sub": "s-1", "iat": NOW, "exp": NOW + 300,
            "nonce": asked["nonce"], "preferred_username": "grace", "groups": ["everybody", "care north"],
        }  # fmt: skip
        self.bend(claims)
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self.sign(claims)}


def unsigned(claims: dict[str, Any]) -> str:
    """A token that says `alg: none`."""
    return _joined({"alg": "none", "typ": "JWT"}, claims) + "."


def by_shared_key(key: bytes) -> Callable[[dict[str, Any]], str]:
    """Signs with a key that is no secret of the provider's (HS256)."""

    def sign(claims: dict[str, Any]) -> str:
        signed = _joined({"alg": "HS256", "kid": "one", "typ": "JWT"}, claims)
        return f"{signed}.{_letters(hmac.digest(key, signed.encode(), 'sha256'))}"

    return sign


def by_key(key: jwk.ECKey, kid: str) -> Callable[[dict[str, Any]], str]:
    """Signs with a key of one's own under the name `kid`."""
    return lambda claims: jwt.encode({"alg": "ES256", "kid": kid}, claims, key)


def way_back(url: str, answer: dict[str, str]) -> str:
    """The address that the provider sends the browser to."""
    back = parse_qs(urlsplit(url).query)["redirect_uri"][0]
    return f"{urlsplit(back).path}?{urlencode(answer)}"


def _joined(*parts: dict[str, Any]) -> str:
    return ".".join(_letters(json.dumps(part).encode()) for part in parts)


def _letters(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _handler(issuer: Issuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._reply(dict(parse_qsl(body.decode())))

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

        def _reply(self, form: dict[str, str]) -> None:
            status, body = issuer.answer(urlsplit(self.path).path, form)
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    return Handler
