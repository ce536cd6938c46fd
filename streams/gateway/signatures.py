"""The signature of a body, as products write it into a header.

What is signed is the body as it came over the wire, or a time stamp, a sign and the body. Headers are not covered:
the attributes of a CloudEvent in binary mode are safe by TLS only.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from metrics.words import SECOND

Algorithm = Literal["sha256", "sha384", "sha512", "sha1"]
Encoding = Literal["hex", "base64"]

SIGNED_BODY: Final = "{body}"
SIGNED_WITH_TIME: Final = "{timestamp}.{body}"


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """A header that tells when a request was signed: Unix time in seconds or milliseconds."""

    header: str
    within_us: int


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """How one sender signs. `secrets`: every one that is in force; more than one while a secret is changed.

    `header` and the stamp's header are in small letters; `signed` is a text with {body} and, with a stamp, {timestamp}.
    """

    header: str
    secrets: tuple[bytes, ...]
    algorithm: Algorithm = "sha256"
    encoding: Encoding = "hex"
    prefix: str = ""
    stamp: Stamp | None = None
    signed: str = SIGNED_BODY

    def fault(self, headers: Mapping[str, str], body: bytes, now: int) -> str:
        """'' when the signature is right, else what is wrong with it. `now`: microseconds since 1970 UTC."""
        given = self._given(headers.get(self.header, ""))
        if given is None:
            return f"the header {self.header} holds no {self.encoding} signature"
        stamp = ""
        if self.stamp is not None:
            stamp = headers.get(self.stamp.header, "")
            if not _is_fresh(stamp, self.stamp, now):
                seconds = self.stamp.within_us // SECOND
                return f"the header {self.stamp.header} is no Unix time within {seconds} s of now"
        pieces = self._pieces(stamp)
        fitting = sum(hmac.compare_digest(self._digest(secret, pieces, body), given) for secret in self.secrets)
        return "" if fitting else "the signature does not fit the body"

    def _given(self, text: str) -> bytes | None:
        if not text.startswith(self.prefix):
            return None
        try:
            written = text[len(self.prefix) :].strip()
            return bytes.fromhex(written) if self.encoding == "hex" else base64.b64decode(written, validate=True)
        except (ValueError, binascii.Error):
            return None

    def _pieces(self, stamp: str) -> tuple[bytes, bytes]:
        """What is signed before and after the body."""
        before, _, after = self.signed.partition(SIGNED_BODY)
        return before.replace("{timestamp}", stamp).encode(), after.replace("{timestamp}", stamp).encode()

    def _digest(self, secret: bytes, pieces: tuple[bytes, bytes], body: bytes) -> bytes:
        digest = hmac.new(secret, pieces[0], getattr(hashlib, self.algorithm))
        digest.update(body)
        digest.update(pieces[1])
        return digest.digest()


def _is_fresh(text: str, stamp: Stamp, now: int) -> bool:
    if not (text.isdecimal() and text.isascii() and len(text) <= 16):
        return False
    unit = SECOND if len(text) <= 11 else SECOND // 1000
    return abs(now - int(text) * unit) <= stamp.within_us
