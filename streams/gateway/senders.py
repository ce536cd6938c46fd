"""Who may send what: the senders of one gateway, and how each is known."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from streams.gateway.problems import Problem
from streams.gateway.rates import Rate
from streams.gateway.signatures import Signature

EVENTS: Final = "/events"
TRACES: Final = "/v1/traces"
INTAKE: Final = "/intake/"
EVERY_SYSTEM: Final = "/intake/*"
AUTHORIZATION: Final = "authorization"


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A secret that is sent along in a header. `digests`: SHA-256 of what stands behind the prefix, one a secret."""

    digests: tuple[bytes, ...]
    header: str = AUTHORIZATION
    prefix: str = "Bearer "


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """One sender. `paths`: what it may post to; known by its token, its signature, or both together.

    `key`: the header (in small letters) that names the object of a webhook; empty for none.
    """

    name: str
    paths: tuple[str, ...]
    token: Token | None = None
    signature: Signature | None = None
    rate: Rate | None = None
    key: str = ""

    def may(self, path: str) -> bool:
        """Whether it may post there."""
        return path in self.paths or (EVERY_SYSTEM in self.paths and path.startswith(INTAKE))


class Senders:
    """Finds the sender of a request."""

    def __init__(self, senders: Iterable[Sender]) -> None:
        self.all: Sequence[Sender] = tuple(senders)
        self._by_token = [sender for sender in self.all if sender.token is not None]
        self._by_signature = [sender for sender in self.all if sender.token is None]

    @property
    def secret_headers(self) -> frozenset[str]:
        """Headers (in small letters) that carry credentials and are kept nowhere."""
        found = {AUTHORIZATION}
        for sender in self.all:
            if sender.token is not None:
                found.add(sender.token.header)
            if sender.signature is not None:
                found.add(sender.signature.header)
        return frozenset(found)

    def candidates(self, headers: Mapping[str, str], path: str) -> Sequence[Sender]:
        """Who it may be, by the headers alone: one for a token, all with that signature's header else.

        Raises Problem when it is nobody, or somebody who may not post there.
        """
        found = [sender for sender in self._by_token if _fits(sender.token, headers)]  # all are compared: no early end
        found = found or [one for one in self._by_signature if one.signature and one.signature.header in headers]
        if not found:
            raise unknown_sender("no valid token or signature came with it; see how this sender was declared")
        allowed = [sender for sender in found if sender.may(path)]
        if not allowed:
            listed = ", ".join(found[0].paths) if len(found) == 1 else "other paths"
            raise Problem(403, "not_allowed", f"this sender may not post to {path[:80]}; it may post to {listed}")
        return allowed


def signed_by(candidates: Sequence[Sender], headers: Mapping[str, str], body: bytes, now: int) -> Sender:
    """Which of the candidates it is, by the body. Raises Problem."""
    fault = ""
    for sender in candidates:
        fault = "" if sender.signature is None else sender.signature.fault(headers, body, now)
        if not fault:
            return sender
    raise unknown_sender(f"{fault}; sign the body as it is sent, with the secret of this sender")


def unknown_sender(detail: str) -> Problem:
    """Nobody who is known."""
    return Problem(401, "unknown_sender", detail, headers={"WWW-Authenticate": "Bearer"})


def digest_of(secret: bytes) -> bytes:
    """What is kept of a token: equally long for all, so that comparing tells nothing about it."""
    return hashlib.sha256(secret).digest()


def _fits(token: Token | None, headers: Mapping[str, str]) -> bool:
    if token is None:
        return False
    text = headers.get(token.header, "")
    prefix = text[: len(token.prefix)]
    given = digest_of(text[len(token.prefix) :].strip().encode("utf-8", "surrogateescape"))
    fitting = sum(hmac.compare_digest(one, given) for one in token.digests)
    return prefix.lower() == token.prefix.lower() and fitting > 0
