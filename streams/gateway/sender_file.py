"""The file of senders: what a person writes, checked, and its secrets fetched from where the file says they are."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from metrics.definitions.explain import explain
from metrics.definitions.mistakes import DefinitionsError, Finding, Mistake, Place, unknown
from metrics.definitions.yaml_text import parse
from metrics.words import MINUTE, SECOND
from streams.gateway.rates import Rate
from streams.gateway.senders import AUTHORIZATION, EVENTS, EVERY_SYSTEM, INTAKE, TRACES, Sender, Token, digest_of
from streams.gateway.signatures import SIGNED_BODY, SIGNED_WITH_TIME, Algorithm, Encoding, Signature, Stamp

LEAST_SECRET: Final = 16
"""Bytes of a secret: a shorter one can be guessed."""
_RATE: Final = re.compile(r"(\d+(?:\.\d+)?)/(s|min|h)")
_SPAN: Final = re.compile(r"(\d+)(s|m)")
_UNITS: Final = {"s": 1.0, "min": 60.0, "h": 3600.0}
_HEADER: Final = r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"

HeaderName = Annotated[str, Field(pattern=_HEADER)]


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SecretText(_Text):
    """Where a secret is: the name of an environment variable, or a file (one secret a line: all are in force)."""

    env: str | None = None
    file: str | None = None


class TokenText(_Text):
    secret: SecretText
    header: HeaderName = AUTHORIZATION
    prefix: str | None = None


class StampText(_Text):
    header: HeaderName
    within: Annotated[str, Field(pattern=_SPAN.pattern)] = "5m"


class SignatureText(_Text):
    secret: SecretText
    header: HeaderName
    algorithm: Algorithm = "sha256"
    encoding: Encoding = "hex"
    prefix: str = ""
    timestamp: StampText | None = None
    signed: str | None = None


class SenderText(_Text):
    paths: Annotated[list[str], Field(min_length=1)]
    token: TokenText | None = None
    signature: SignatureText | None = None
    rate: Annotated[str, Field(pattern=_RATE.pattern)] | None = None
    burst: Annotated[int, Field(ge=1)] | None = None
    key: HeaderName = ""


class SendersText(_Text):
    senders: dict[str, SenderText]


def read_senders(path: Path, systems: Collection[str], environment: Mapping[str, str]) -> list[Sender]:
    """The senders of a file. Raises DefinitionsError with every mistake, OSError when it can't be read.

    Files of secrets are looked for beside it.
    """
    parsed = parse(path.read_text(encoding="utf-8-sig"))
    findings = [one for _, one in parsed.findings]
    senders: list[Sender] = []
    if not findings:
        try:
            text = SendersText.model_validate(parsed.data)
            reading = _Reading(path.parent, systems, environment, findings)
            senders = [reading.sender(name, one) for name, one in text.senders.items()]
        except ValidationError as error:
            findings = explain(error, SendersText)
    if findings:
        lines = parsed.line_of
        raise DefinitionsError(Mistake(path.name, lines(one.place), one.place, one.message) for one in findings)
    return senders


class _Reading:
    """One reading: what it found wrong so far."""

    def __init__(
        self, folder: Path, systems: Collection[str], environment: Mapping[str, str], findings: list[Finding]
    ) -> None:
        self._folder = folder
        self._paths = (EVENTS, TRACES, EVERY_SYSTEM, *(f"{INTAKE}{system}" for system in systems))
        self._environment = environment
        self._findings = findings

    def sender(self, name: str, text: SenderText) -> Sender:
        place: Place = ("senders", name)
        for index, path in enumerate(text.paths):
            if path not in self._paths:
                self._note((*place, "paths", index), unknown("path", path, self._paths))
        if text.token is None and text.signature is None:
            self._note(place, "needs a token or a signature; without one anybody could send in its name")
        return Sender(
            name=name,
            paths=tuple(text.paths),
            token=None if text.token is None else self._token(text.token, (*place, "token")),
            signature=None if text.signature is None else self._signature(text.signature, (*place, "signature")),
            rate=_rate(text),
            key=text.key.lower(),
        )

    def _token(self, text: TokenText, place: Place) -> Token:
        header = text.header.lower()
        usual = "Bearer " if header == AUTHORIZATION else ""
        digests = tuple(digest_of(secret) for secret in self._secrets(text.secret, (*place, "secret")))
        return Token(digests=digests, header=header, prefix=usual if text.prefix is None else text.prefix)

    def _signature(self, text: SignatureText, place: Place) -> Signature:
        stamp = text.timestamp
        signed = text.signed or (SIGNED_BODY if stamp is None else SIGNED_WITH_TIME)
        if signed.count(SIGNED_BODY) != 1 or (stamp is not None) != ("{timestamp}" in signed):
            self._note((*place, "signed"), "names {body} once, and {timestamp} exactly if there is a `timestamp`")
        return Signature(
            header=text.header.lower(),
            secrets=self._secrets(text.secret, (*place, "secret")),
            algorithm=text.algorithm,
            encoding=text.encoding,
            prefix=text.prefix,
            stamp=None if stamp is None else Stamp(header=stamp.header.lower(), within_us=_span(stamp.within)),
            signed=signed,
        )

    def _secrets(self, text: SecretText, place: Place) -> tuple[bytes, ...]:
        if (text.env is None) == (text.file is None):
            self._note(place, "names either `env`, an environment variable, or `file`, never the secret itself")
            return ()
        try:
            found = self._found(text)
        except OSError as error:
            self._note(place, f"the file {text.file} can't be read: {error.strerror}")
            return ()
        if not found:
            self._note(place, f"there is no secret in {'$' + text.env if text.env else text.file}")
        if any(len(secret) < LEAST_SECRET for secret in found):
            self._note(place, f"a secret has at least {LEAST_SECRET} signs; `openssl rand -hex 32` makes one")
        return found

    def _found(self, text: SecretText) -> tuple[bytes, ...]:
        if text.env is not None:
            value = self._environment.get(text.env, "").strip()
            return (value.encode(),) if value else ()
        lines = (self._folder / str(text.file)).read_bytes().splitlines()
        return tuple(line.strip() for line in lines if line.strip())

    def _note(self, place: Place, message: str) -> None:
        self._findings.append(Finding(place, message))


def _rate(text: SenderText) -> Rate | None:
    if text.rate is None or (match := _RATE.fullmatch(text.rate)) is None:
        return None
    per_second = float(match[1]) / _UNITS[match[2]]
    return Rate(per_second, text.burst or max(1.0, 2 * per_second))


def _span(text: str) -> int:
    match = _SPAN.fullmatch(text)
    number, unit = match.groups() if match else ("0", "s")
    return int(number) * (MINUTE if unit == "m" else SECOND)
