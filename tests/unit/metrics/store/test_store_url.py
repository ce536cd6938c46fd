"""The URL of the store, and where its password is."""

from pathlib import Path

import pytest

from metrics.secret_file import read_secret
from metrics.settings import SettingError
from metrics.store.client import StoreUrl
from metrics.store.errors import StoreMismatch


def test_the_password_is_the_first_line_of_the_named_file(tmp_path: Path) -> None:
    secret = tmp_path / "writer"
    secret.write_text("a word \n# changed in May\n")
    url = StoreUrl.parse(f"https://flowglass_writer@clickhouse?password_file={secret}")
    assert (url.host, url.port, url.user, url.password) == ("clickhouse", 8443, "flowglass_writer", "a word ")


def test_without_a_file_the_url_may_still_hold_the_password() -> None:
    assert StoreUrl.parse("http://u:p%40ss@h:1").password == "p@ss"
    assert StoreUrl.parse("http://h").user == "default"


@pytest.mark.parametrize("url", ["http://u:p@h?password_file=f", "http://u@h?password=f"])
def test_two_passwords_or_an_unknown_option_are_refused_without_showing_them(url: str) -> None:
    with pytest.raises(StoreMismatch, match="password_file=FILE") as refused:
        StoreUrl.parse(url)
    assert "u:p" not in str(refused.value)


def test_an_empty_or_missing_secret_is_told_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\nsecond line")
    for name in ("empty", "absent"):
        with pytest.raises(SettingError, match=name):
            read_secret(tmp_path / name)
