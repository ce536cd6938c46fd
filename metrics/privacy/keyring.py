"""The keys of privacy, in a file for the owner's eyes only. There is no default key anywhere.

`identity` keys make tokens; the last one makes them now, those before it are kept so that what was known under their
tokens is still found. `sealing` keys seal what must be opened again; the last one seals, every one opens.
"""

import base64
import binascii
import os
import secrets
import stat
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from metrics.definitions.explain import explain
from metrics.definitions.yaml_text import parse
from metrics.settings import SettingError, Settings

KEYS_FILE: Final = "privacy.keys"
SECRET_BYTES: Final = 32
KINDS: Final = ("identity", "sealing")
_HEAD: Final = (
    "# Whoever has this file can tell whose token is whose. Keep a copy in a safe place: without it\n"
    "# new events about a person no longer meet the old ones. See docs/privacy.md.\n"
)
_OTHERS: Final = stat.S_IROTH | stat.S_IWOTH | stat.S_IWGRP


class KeyringError(SettingError):
    """There is no keyring, or it can't be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key. Its secret is never shown."""

    id: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys, the oldest first; none of the two is empty."""

    identity: tuple[Key, ...]
    sealing: tuple[Key, ...]


class _KeyText(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,7}$")]
    secret: str
    made: str = ""


class _RingText(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    identity: Annotated[tuple[_KeyText, ...], "oldest first"]
    sealing: Annotated[tuple[_KeyText, ...], "oldest first"]


def open_keyring(settings: Settings) -> Keyring | None:
    """The keys that the settings name; None when privacy is switched off. Raises KeyringError."""
    return None if settings.privacy == "off" else read_keyring(keys_file(settings))


def keys_file(settings: Settings) -> Path:
    """Where the keys are: the file that is named, or the one in the data directory."""
    return settings.privacy_keys or settings.data_dir / KEYS_FILE


def read_keyring(path: Path) -> Keyring:
    """The keys of a file. Raises KeyringError."""
    text = _text(path)
    identity, sealing = (tuple(_key(path, one) for one in part) for part in (text.identity, text.sealing))
    for kind, keys in (("identity", identity), ("sealing", sealing)):
        if not keys:
            raise KeyringError(f"{path}: there is no {kind} key; add one with `flowglass privacy rotate {kind}`")
        if len({key.id for key in keys}) < len(keys):
            raise KeyringError(f"{path}: two {kind} keys have the same id")
    return Keyring(identity, sealing)


def ensure_keyring(path: Path) -> bool:
    """Make a keyring with random keys where there is none; whether one was made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ring = _RingText(identity=(_new("k1"),), sealing=(_new("s1"),))
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w") as file:
        file.write(_written(ring))
    return True


def rotate(path: Path, kind: str) -> str:
    """Add a key that is used from now on; its id. The keys before it stay. Raises KeyringError."""
    text = _text(path)
    keys: tuple[_KeyText, ...] = getattr(text, kind)
    highest = max((int(key.id[1:]) for key in keys if key.id[1:].isdigit()), default=0)
    new = _new(f"{'k' if kind == 'identity' else 's'}{highest + 1}")
    _replace(path, text.model_copy(update={kind: (*keys, new)}))
    return new.id


def retire(path: Path, key_id: str) -> None:
    """Forget an old key for good. Raises KeyringError for one that is in use or unknown."""
    text = _text(path)
    for kind in KINDS:
        keys: tuple[_KeyText, ...] = getattr(text, kind)
        if keys and keys[-1].id == key_id:
            raise KeyringError(f"{path}: {key_id} is in use; rotate first, and retire it once nothing needs it")
        if any(key.id == key_id for key in keys):
            _replace(path, text.model_copy(update={kind: tuple(key for key in keys if key.id != key_id)}))
            return
    known = ", ".join(key.id for kind in KINDS for key in getattr(text, kind))
    raise KeyringError(f"{path}: there is no key {key_id}; there are: {known}")


def _text(path: Path) -> _RingText:
    try:
        mode = path.stat().st_mode
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise KeyringError(
            f"there is no keyring at {path}, and nothing about people is stored without one: make it with "
            f"`flowglass privacy init --keys {path}`, name another with FLOWGLASS_PRIVACY_KEYS, or take everything in "
            "as it comes with FLOWGLASS_PRIVACY=off"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise KeyringError(f"the keyring {path} can't be read: {type(error).__name__}") from None
    if mode & _OTHERS:
        raise KeyringError(f"others may read or write the keyring {path}: run `chmod 600 {path}`")
    parsed = parse(content)
    wrong = [finding.message for _, finding in parsed.findings]
    if not wrong:
        try:
            return _RingText.model_validate(parsed.data)
        except ValidationError as error:
            wrong = [f"{'.'.join(map(str, one.place))}: {_safe(one.message)}" for one in explain(error, _RingText)]
    raise KeyringError(f"the keyring {path} is not right: {'; '.join(wrong)}")


def _safe(message: str) -> str:
    """A finding without the value that it may quote: it could be a secret."""
    return message.partition("'")[0].strip() or "is not right"


def _key(path: Path, text: _KeyText) -> Key:
    try:
        secret = base64.urlsafe_b64decode(text.secret)
    except (binascii.Error, ValueError):
        raise KeyringError(f"{path}: the secret of {text.id} is not base64") from None
    if len(secret) < SECRET_BYTES:
        raise KeyringError(f"{path}: the secret of {text.id} has {len(secret)} bytes; {SECRET_BYTES} are needed")
    return Key(text.id, secret)


def _new(key_id: str) -> _KeyText:
    secret = base64.urlsafe_b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    return _KeyText(id=key_id, secret=secret, made=date.today().isoformat())


def _written(ring: _RingText) -> str:
    lines = [_HEAD]
    for kind in KINDS:
        lines.append(f"{kind}:\n")
        lines += [f'  - {{id: {key.id}, made: "{key.made}", secret: "{key.secret}"}}\n' for key in getattr(ring, kind)]
    return "".join(lines)


def _replace(path: Path, ring: _RingText) -> None:
    """Write the file anew, whole or not at all."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(_written(ring))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
