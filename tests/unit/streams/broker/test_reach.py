"""How a broker's address becomes the settings of a client."""

import ssl
from pathlib import Path

import pytest

from metrics.settings import SettingError
from streams.broker.reach import MECHANISMS, parse, reach, servers_of
from streams.transport.app import build_app

SECURED = "sasl+ssl://flowglass@kafka1:9093,kafka2:9093?password_file="


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "kafka"
    path.write_text("a word\n")
    return path


def test_an_address_without_a_scheme_is_not_encrypted() -> None:
    assert reach("kafka1:9092,kafka2:9092") == {
        "bootstrap_servers": "kafka1:9092,kafka2:9092",
        "security_protocol": "PLAINTEXT",
    }


def test_a_client_signs_on_with_the_password_of_a_file_over_tls(password_file: Path) -> None:
    settings = reach(f"{SECURED}{password_file}")
    context = settings.pop("ssl_context")
    assert settings == {
        "bootstrap_servers": "kafka1:9093,kafka2:9093",
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": MECHANISMS[0],
        "sasl_plain_username": "flowglass",
        "sasl_plain_password": "a word",
    }
    assert context.check_hostname
    assert context.verify_mode == ssl.CERT_REQUIRED


def test_workers_read_with_the_same_settings_as_every_other_client(password_file: Path) -> None:
    app = build_app("flowglass-try", f"sasl+plaintext://u@kafka:9094?password_file={password_file}", ["t"])
    assert app.reached["security_protocol"] == "SASL_PLAINTEXT"
    assert [str(url) for url in app.conf.broker] == ["flowglass://kafka:9094"]


def test_the_address_that_is_shown_and_logged_holds_no_password(password_file: Path) -> None:
    address = f"{SECURED}{password_file}"
    assert "a word" not in repr(parse(address))
    assert servers_of(address) == "kafka1:9093,kafka2:9093"


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("tls://kafka:9093", "use one of plaintext, ssl"),
        ("sasl+ssl://u:p@kafka:9093", "holds a password"),
        ("sasl+ssl://kafka:9093", "needs a user and password_file"),
        ("sasl+ssl://u@kafka:9093?password_file=f&mechanism=GSSAPI", "GSSAPI"),
        ("ssl://kafka:9093?password_file=f", "no option 'password_file'"),
        ("ssl://?ca=f", "names no server"),
    ],
)
def test_an_address_that_cannot_be_right_is_refused_with_the_reason(address: str, says: str) -> None:
    with pytest.raises(SettingError, match=says):
        parse(address)


def test_a_missing_password_or_certificate_is_told_by_its_file(tmp_path: Path, password_file: Path) -> None:
    with pytest.raises(SettingError, match="absent"):
        reach(f"{SECURED}{tmp_path / 'absent'}")
    with pytest.raises(SettingError, match=r"absent\.pem"):
        reach(f"{SECURED}{password_file}&ca={tmp_path / 'absent.pem'}")
