"""`flowglass privacy` as people run it."""

import json
import stat
from pathlib import Path

import pytest

from metrics.cli import run
from metrics.privacy.command import privacy
from metrics.privacy.keyring import read_keyring


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, output, remarks."""
    code = run("privacy", privacy, list(words))
    out, remarks = capsys.readouterr()
    return code, out, remarks


def test_keys_are_made_rotated_and_retired(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = tmp_path / "deep" / "keys"
    assert told(capsys, "init", "--keys", str(keys))[0] == 0
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert "stays as it is" in told(capsys, "init", "--keys", str(keys))[2]
    _, first, _ = told(capsys, "token", "W-1", "--keys", str(keys))
    assert told(capsys, "rotate", "identity", "--keys", str(keys))[0] == 0
    _, both, _ = told(capsys, "token", "W-1", "--keys", str(keys), "--json")
    assert json.loads(both)["tokens"][1] == first.strip()
    assert told(capsys, "retire", "k1", "--yes", "--keys", str(keys))[0] == 0
    assert [key.id for key in read_keyring(keys).identity] == ["k2"]


def test_no_output_holds_a_secret(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = tmp_path / "keys"
    said = "".join(
        "".join(told(capsys, *words, "--keys", str(keys))[1:]) for words in (["init"], ["rotate", "sealing"])
    )
    secrets = [
        line.partition('secret: "')[2].rstrip('"}') for line in keys.read_text().splitlines() if "secret" in line
    ]
    assert len(secrets) == 3
    assert not any(secret in said for secret in secrets)


@pytest.mark.parametrize(
    ("words", "why"), [(["rotate", "other"], "neither identity nor sealing"), (["token", "W-1"], "privacy init")]
)
def test_what_cannot_be_done_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], why: str
) -> None:
    code, _, remarks = told(capsys, *words, "--keys", str(tmp_path / "none"))
    assert code != 0
    assert why in " ".join(remarks.replace("│", " ").split())


def test_rules_are_checked_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("version: 1\nattributes: {reason: drop}\n")
    code, out, _ = told(capsys, "check", str(own), "--json")
    assert (code, json.loads(out)["attributes"]["reason"]) == (0, "drop")
    assert "timesheet.submitted.v1" in told(capsys, "check", str(own))[1]
    own.write_text("version: 1\nattributes: {raeson: drop}\n")
    code, _, remarks = told(capsys, "check", str(own))
    assert code == 1
    assert "own.yaml:2: attributes.raeson: unknown attribute 'raeson'; did you mean 'reason'?" in remarks
