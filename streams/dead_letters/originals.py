"""The original of a dead letter: the whole record, sealed, so that it can be read again once the cause is repaired."""

import hashlib
from typing import Final, Protocol

import msgspec

from metrics.privacy.keyring import keys_file, read_keyring
from metrics.privacy.sealing import Sealer
from metrics.settings import Settings
from metrics.words import DeadLetter
from streams import topics
from streams.codecs.letters import KafkaHeaders
from streams.sources.redaction import redactor

REPLAY_HEADER: Final = "fg-replay"
"""The id of the letter that a record brings back."""
_redact: Final = redactor(())


class Seal(Protocol):
    """Encrypts for a place and a time; `metrics.privacy.sealing.Sealer` in production."""

    def seal(self, plain: bytes, *, about: str, expires: int) -> str: ...

    def open(self, text: str, *, about: str, now: int) -> bytes:
        """Raises ValueError when the text is expired, altered, of another place, or its key is not known."""
        ...


class Original(msgspec.Struct, frozen=True, array_like=True):
    """A Kafka record: its value, its key (None: it had none), and its headers in their order."""

    value: bytes
    key: bytes | None = None
    headers: KafkaHeaders = ()


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(Original)


def seal_of(settings: Settings) -> Seal | None:
    """What seals and opens with the settings' keyring; None where there is none. Raises KeyringError for a bad one.

    Only the file counts: originals are sealed also where privacy's tokens are switched off.
    """
    path = keys_file(settings)
    return Sealer(read_keyring(path)) if path.exists() else None


def letter_id(letter: DeadLetter) -> str:
    """16 hex digits of what makes a letter one; the view `v_dead_letters` makes the same."""
    place = f"{letter.origin}|{letter.position}|{letter.reason}"
    return hashlib.sha256(place.encode()).digest()[:8].hex()


def sealed(seal: Seal, letter: DeadLetter, expires: int) -> str:
    """The letter's record as a sealed text; `expires` in microseconds UTC.

    Passwords and the like (`streams.sources.redaction.ALWAYS`), which no mapping reads, are not kept even here.
    """
    is_text = letter.topic != topics.SPANS or letter.payload[:1] == b"{"
    value = _redact(letter.payload) if is_text else letter.payload
    original = Original(value, letter.record_key, letter.record_headers)
    return seal.seal(_encoder.encode(original), about=letter_id(letter), expires=expires)


def opened(seal: Seal, id: str, text: str, now: int) -> Original:
    """The record of a letter again. Raises ValueError as `Seal.open` does."""
    return _decoder.decode(seal.open(text, about=id, now=now))
