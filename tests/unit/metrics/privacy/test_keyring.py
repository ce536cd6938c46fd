"""The file of keys: made once, for its owner alone, never shown, rotated whole."""

import stat
from pathlib import Path

import pytest

from metrics.privacy.keyring import (
    KEYS_FILE,
    KeyringError,
    ensure_keyring,
    keys_file,
    open_keyring,
    read_keyring,
    retire,
    rotate,
)
from metrics.settings import Settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    ensure_keyring(tmp_path / "keys")
    return tmp_path / "keys"


def test_a_new_keyring_is_the_owners_alone_and_its_keys_are_random(path: Path, tmp_path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    ensure_keyring(tmp_path / "other")
    ring, other = read_keyring(path), read_keyring(tmp_path / "other")
    assert ring.identity[0].secret != other.identity[0].secret
    assert ring.identity[0].secret != ring.sealing[0].secret


def test_a_keyring_that_is_there_stays(path: Path) -> None:
    before = path.read_bytes()
    assert not ensure_keyring(path)
    assert path.read_bytes() == before


def test_a_rotation_adds_a_key_and_keeps_the_ones_before(path: Path) -> None:
    old = read_keyring(path)
    assert rotate(path, "identity") == "k2"
    ring = read_keyring(path)
    assert ring.identity[:-1] == old.identity
    assert ring.sealing == old.sealing
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_only_a_key_that_is_not_in_use_can_be_retired(path: Path) -> None:
    rotate(path, "sealing")
    retire(path, "s1")
    assert [key.id for key in read_keyring(path).sealing] == ["s2"]
    with pytest.raises(KeyringError, match="s2 is in use"):
        retire(path, "s2")
    with pytest.raises(KeyringError, match="there is no key s9; there are: k1, s2"):
        retire(path, "s9")


def test_a_keyring_that_others_may_read_is_refused(path: Path) -> None:
    path.chmod(0o644)
    with pytest.raises(KeyringError, match="chmod 600"):
        read_keyring(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "the file is empty"),
        ("identity: []\nsealing: []\n", "no identity key"),
        ("identity: [{id: k1, secret: c2hvcnQ=}]\nsealing: []\n", "has 5 bytes; 32 are needed"),
        ("identity: [{id: k1, secret: c2V}]\nsealing: []\n", "is not base64"),
        ("identity: [{id: K-1, secret: c2VjcmV0}]\nsealing: []\n", "identity.0.id"),
        ("identity: [{id: k1, secrets: c2VjcmV0}]\nsealing: []\n", "identity.0"),
    ],
)
def test_what_is_wrong_with_a_keyring_is_said_without_a_secret(path: Path, content: str, why: str) -> None:
    path.write_text(content)
    with pytest.raises(KeyringError, match=why) as caught:
        read_keyring(path)
    assert "c2VjcmV0" not in str(caught.value)


def test_two_keys_may_not_have_one_id(path: Path) -> None:
    lines = path.read_text().splitlines()
    line = next(one for one in lines if "id: k1" in one)
    path.write_text("\n".join([*lines[: lines.index(line)], line, *lines[lines.index(line) :]]))
    with pytest.raises(KeyringError, match="two identity keys have the same id"):
        read_keyring(path)


def test_a_key_does_not_show_its_secret(path: Path) -> None:
    ring = read_keyring(path)
    assert str(ring.identity[0].secret) not in repr(ring)


def test_the_settings_name_the_file_or_the_data_directory_has_it(path: Path, tmp_path: Path) -> None:
    assert keys_file(Settings(data_dir=tmp_path)) == tmp_path / KEYS_FILE
    assert open_keyring(Settings(privacy_keys=path)) == read_keyring(path)
    assert open_keyring(Settings(privacy="off", privacy_keys=path)) is None


def test_without_a_keyring_the_message_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyringError, match="flowglass privacy init"):
        open_keyring(Settings(data_dir=tmp_path))
