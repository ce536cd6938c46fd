"""Privacy as the settings say, and the door for searches."""

from pathlib import Path

import pytest

from metrics.privacy.keyring import KEYS_FILE, ensure_keyring, read_keyring
from metrics.privacy.opened import names_of, open_privacy, privacy_at_hand
from metrics.privacy.tokens import Tokens
from metrics.settings import SettingError, Settings


def settings(folder: Path, **more: object) -> Settings:
    return Settings(data_dir=folder, **more)  # type: ignore[arg-type]


def test_with_a_keyring_there_is_privacy_and_off_is_off(tmp_path: Path) -> None:
    ensure_keyring(tmp_path / KEYS_FILE)
    assert open_privacy(settings(tmp_path)) is not None
    assert privacy_at_hand(settings(tmp_path)) is not None
    assert open_privacy(settings(tmp_path, privacy="off")) is None
    assert privacy_at_hand(settings(tmp_path, privacy="off")) is None


def test_without_a_keyring_only_who_must_have_one_refuses(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="privacy init"):
        open_privacy(settings(tmp_path))
    assert privacy_at_hand(settings(tmp_path)) is None
    with pytest.raises(SettingError, match="no keyring"):
        privacy_at_hand(settings(tmp_path, privacy_keys=tmp_path / "named"))


def test_rules_with_mistakes_are_told(tmp_path: Path) -> None:
    ensure_keyring(tmp_path / KEYS_FILE)
    (tmp_path / "own.yaml").write_text("version: 1\nattributes: {facilty: code}\n")
    with pytest.raises(SettingError, match=r"rules of privacy are not right:\nown.yaml:2"):
        open_privacy(settings(tmp_path, privacy_rules=tmp_path / "own.yaml"))


def test_a_typed_number_is_looked_for_under_its_tokens_where_the_keys_are_at_hand(tmp_path: Path) -> None:
    assert names_of(settings(tmp_path), "W-1") == ["W-1"]
    ensure_keyring(tmp_path / KEYS_FILE)
    assert Tokens(read_keyring(tmp_path / KEYS_FILE)).id("W-1") in names_of(settings(tmp_path), "W-1")
    assert names_of(settings(tmp_path, privacy="off"), "W-1") == ["W-1"]
