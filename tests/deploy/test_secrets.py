"""deploy/make-secrets.sh makes what docker-compose.yml asks for, once, and what our programs can read."""

import shutil
from hashlib import sha256
from pathlib import Path

from lxml import etree

from metrics.privacy.keyring import read_keyring
from tests.deploy.conftest import make_secrets
from tests.deploy.kit import load_kit, variables_of


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in [*(folder / "secrets").iterdir(), folder / ".env"]}


def test_what_is_there_stays_as_it_is(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "kit")
    (tmp_path / "kit" / "secrets" / "grafana_admin").unlink()
    make_secrets(tmp_path / "kit")
    before, after = contents(made), contents(tmp_path / "kit")
    assert {name for name in before if before[name] != after[name]} == {"grafana_admin"}


def test_every_secret_and_variable_that_the_kit_asks_for_is_made(made: Path) -> None:
    kit = load_kit()
    assert set(contents(made)) - {".env"} == {Path(secret.file).name for secret in kit.secrets.values()}
    asked: dict[str, str | None] = {}
    for one in kit.services.values():
        asked |= variables_of(" ".join([one.user, *one.environment.values(), *one.ports]))
    assert {name for name, default in asked.items() if default is None} == {
        line.partition("=")[0] for line in contents(made)[".env"].splitlines()
    }


def test_the_folder_is_closed_and_what_only_our_programs_read_is_closed_too(made: Path) -> None:
    def mode(path: Path) -> int:
        return path.stat().st_mode & 0o777

    assert mode(made / "secrets") == 0o700
    read_by_others = {"store_users.xml", "store_reader", "grafana_admin", "grafana_secret_key"}
    assert {path.name for path in (made / "secrets").iterdir() if mode(path) != 0o600} == read_by_others


def test_passwords_differ_and_clickhouse_gets_their_hashes_alone(made: Path) -> None:
    secrets = contents(made)
    passwords = {role: secrets[f"store_{role}"] for role in ("owner", "writer", "reader")}
    assert len(set(passwords.values())) == 3
    assert min(map(len, passwords.values())) >= 40
    users = etree.fromstring(secrets["store_users.xml"].encode()).find("users")
    assert users is not None
    assert {user.tag: user.findtext("password_sha256_hex") for user in users} == {
        f"flowglass_{role}": sha256(word.encode()).hexdigest() for role, word in passwords.items()
    }


def test_the_keys_of_privacy_are_a_keyring(made: Path) -> None:
    ring = read_keyring(made / "secrets" / "privacy_keys")
    assert (len(ring.identity), len(ring.sealing)) == (1, 1)
    assert ring.identity[0].secret != ring.sealing[0].secret
