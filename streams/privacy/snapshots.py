"""Snapshots of sources as the store keeps them: what was watched is sealed, and their keys tell of nobody."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
import structlog

from metrics.privacy.sealing import Sealer, Unsealable
from metrics.privacy.tokens import Tokens
from streams.sources.memory import Fetch, Remembered
from streams.sources.message import Snapshot

log = structlog.get_logger(__name__)

_SEALED: Final = "sealed"
_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(Snapshot)


class SealedSnapshots:
    """Turns snapshots into what may be stored, and back."""

    def __init__(self, tokens: Tokens, sealer: Sealer) -> None:
        self._tokens = tokens
        self._sealer = sealer

    def closed(self, changed: Mapping[str, Remembered]) -> dict[str, Remembered]:
        """What is to be stored instead."""
        return {
            (key := self._tokens.state_key(name)): kept._replace(snapshot=self._closed(kept.snapshot, key))
            for name, kept in changed.items()
        }

    def opening(self, fetch: Fetch) -> Fetch:
        """A fetch that asks for the keys as they are stored, and opens what it gets."""

        def opened(names: Iterable[str]) -> dict[str, Snapshot]:
            by_key = {self._tokens.state_key(name): name for name in names}
            found = {by_key[key]: self._opened(snapshot, key) for key, snapshot in fetch(sorted(by_key)).items()}
            return {name: snapshot for name, snapshot in found.items() if snapshot is not None}

        return opened

    def _closed(self, snapshot: Snapshot, key: str) -> Snapshot:
        return Snapshot(0, {_SEALED: self._sealer.seal(_encoder.encode(snapshot), about=key)})

    def _opened(self, stored: Snapshot, key: str) -> Snapshot | None:
        try:
            return _decoder.decode(self._sealer.open(stored.fields.get(_SEALED) or "", about=key, now=0))
        except (Unsealable, msgspec.DecodeError) as error:
            log.warning("a remembered snapshot can't be opened; its object counts as not seen yet", why=str(error))
            return None
