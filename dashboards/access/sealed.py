"""Cookies whose content nobody reads but the servers: sealed, not only signed."""

import base64
from typing import Any, Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature

_PURPOSE: Final = b"flowglass session cookie 1"


class SealedSessions(SecureCookieSessionInterface):
    """Flask's sessions, encrypted and authenticated (Fernet) by a key that is derived from the app's secret.

    A cookie that was changed, is too old, or was made with another secret is no session, as with signed ones.
    """

    def get_signing_serializer(self, app: Flask) -> Any:
        """What turns a session into the cookie's text and back; None without a secret, which makes no session."""
        secret = app.secret_key
        return _Seal(secret if isinstance(secret, bytes) else secret.encode(), self.serializer) if secret else None


class _Seal:
    """Has the two methods that Flask asks of a serializer."""

    def __init__(self, secret: bytes, texts: Any) -> None:
        self._texts = texts
        key = HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(secret)
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def dumps(self, session: dict[str, Any]) -> str:
        return self._fernet.encrypt(self._texts.dumps(session).encode()).decode()

    def loads(self, cookie: str, max_age: int | None = None) -> Any:
        """Raises BadSignature, which Flask takes for no session."""
        try:
            return self._texts.loads(self._fernet.decrypt(cookie.encode(), ttl=max_age).decode())
        except (InvalidToken, ValueError) as error:
            raise BadSignature("the cookie was not sealed here, or is too old") from error
