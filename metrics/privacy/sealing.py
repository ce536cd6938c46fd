"""Sealed texts: AES-256-GCM under a key of the ring, with an end, and bound to what they are about.

Form: ``fgs1.<key id>.<expires>.<base64url of nonce and ciphertext>``. All before the last dot, and `about`, are
authenticated: neither the end nor the row that it belongs to can be changed.
"""

import base64
import binascii
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from metrics.privacy.keyring import Keyring

NEVER: Final = 0
"""No end."""
_FORM: Final = "fgs1"
_NONCE: Final = 12
_KEY: Final = 32


class Unsealable(ValueError):
    """A sealed text can't be opened; the message says why, and nothing of what it holds."""


class Sealer:
    """Seals with the newest key, opens with every one."""

    def __init__(self, keyring: Keyring) -> None:
        self._ciphers = {key.id: AESGCM(key.secret[:_KEY]) for key in keyring.sealing}
        self._newest = keyring.sealing[-1].id

    def seal(self, plain: bytes, *, about: str, expires: int = NEVER) -> str:
        """An ASCII text. `about`: what it belongs to; `expires`: microseconds UTC."""
        head = f"{_FORM}.{self._newest}.{expires}"
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._ciphers[self._newest].encrypt(nonce, plain, _bound(head, about))
        return f"{head}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, text: str, *, about: str, now: int) -> bytes:
        """What was sealed. Raises Unsealable. `now`: microseconds UTC."""
        head, _, body = text.rpartition(".")
        form, _, rest = head.partition(".")
        key_id, _, expires = rest.partition(".")
        if form != _FORM or not expires.isdecimal():
            raise Unsealable("it is no sealed text")
        if (cipher := self._ciphers.get(key_id)) is None:
            raise Unsealable(f"its key {key_id[:8]} is not on the ring any more")
        try:
            sealed = base64.urlsafe_b64decode(body)
            plain = cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(head, about))
        except (InvalidTag, binascii.Error, ValueError):
            raise Unsealable("it was altered, or belongs to something else") from None
        if 0 < int(expires) <= now:
            raise Unsealable("its time is over")
        return plain


def _bound(head: str, about: str) -> bytes:
    return f"{head}\x1f{about}".encode("utf-8", "surrogatepass")
