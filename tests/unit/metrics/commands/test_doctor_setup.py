"""What the doctor says of files that people wrote."""

from pathlib import Path
from typing import Any

import pytest

from metrics.commands.check_setup import check_setup
from metrics.commands.finding import Finding
from metrics.privacy.keyring import ensure_keyring
from metrics.settings import Settings


def found(folder: Path, environment: dict[str, str] | None = None, **changes: Any) -> dict[str, Finding]:
    settings = Settings(data_dir=folder, **changes)
    return {one.check: one for one in check_setup(settings, environment or {})}


def secret(folder: Path, text: str = "a-secret\n", mode: int = 0o600) -> Path:
    file = folder / "secret"
    file.write_text(text)
    file.chmod(mode)
    return file


def test_what_is_shipped_gives_nothing_to_do(tmp_path: Path) -> None:
    findings = found(tmp_path)
    assert {one.state for one in findings.values()} == {"ok"}
    assert {"definitions", "alerts", "roles", "access", "privacy's keys"} <= findings.keys()


def test_the_first_mistake_of_a_definition_is_told_with_what_explains_all(tmp_path: Path) -> None:
    (tmp_path / "orders.yaml").write_text("process: orders\nsla: []\n")
    finding = found(tmp_path, definitions=tmp_path)["definitions"]
    assert finding.state == "wrong"
    assert "orders.yaml" in finding.detail
    assert f"flowglass validate {tmp_path}" in finding.advice


def test_a_mistake_in_the_alerts_or_the_roles_is_theirs_alone(tmp_path: Path) -> None:
    (tmp_path / "alerts.yaml").write_text("routes: nonsense\n")
    wrong = {check for check, one in found(tmp_path, alerts=tmp_path / "alerts.yaml").items() if one.state == "wrong"}
    assert wrong == {"alerts"}


def test_a_receiver_without_its_secret_is_named_and_no_secret_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "alerts.yaml"
    file.write_text(
        "hosts: [{name: hooks.slack.com}]\n"
        "receivers: {chat: {slack: {url: {env: SLACK_URL}}}}\nroutes: [{name: all, to: chat}]\n"
    )
    finding = found(tmp_path, alerts=file)["receivers"]
    assert (finding.state, "SLACK_URL" in finding.detail) == ("wrong", True)
    given = found(tmp_path, {"SLACK_URL": "https://hooks.slack.com/services/T0/B0/xyz"}, alerts=file)
    assert given["receivers"].state == "ok"
    assert "xyz" not in str(given)


def test_sign_on_that_nobody_can_use_is_wrong(tmp_path: Path) -> None:
    assert found(tmp_path, access="on")["access"].state == "wrong"
    assert found(tmp_path, access="on", oidc_issuer="https://issuer.example.org")["access"].state == "ok"


def test_keys_that_are_named_must_be_there(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    assert found(tmp_path, privacy_keys=keys)["privacy's keys"].state == "wrong"
    ensure_keyring(keys)
    assert found(tmp_path, privacy_keys=keys)["privacy's keys"].state == "ok"
    assert found(tmp_path, privacy="off")["privacy's keys"].state == "warning"


@pytest.mark.parametrize(
    ("text", "mode", "state"), [("a-secret\n", 0o600, "ok"), ("\n", 0o600, "wrong"), ("a-secret\n", 0o644, "warning")]
)
def test_a_secret_is_there_and_others_cannot_read_it(tmp_path: Path, text: str, mode: int, state: str) -> None:
    tmp_path.chmod(0o755)
    file = secret(tmp_path, text, mode)
    settings = {"store_url": f"http://writer@store:8123?password_file={file}"}
    findings = found(tmp_path, **settings)
    assert findings["the store's password"].state == state
    assert "a-secret" not in str(findings)
    tmp_path.chmod(0o700)  # a closed folder closes what is in it
    assert found(tmp_path, **settings)["the store's password"].state == ("wrong" if state == "wrong" else "ok")


def test_a_secret_that_is_missing_is_wrong_for_broker_and_identity_provider_too(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    broker = f"sasl+ssl://flowglass@kafka:9093?password_file={gone}"
    findings = found(tmp_path, broker=broker, oidc_client_secret_file=gone)
    assert findings["the broker's password"].state == findings["the identity provider's secret"].state == "wrong"
