"""Accounts: who may sign on, and since when."""

import stat
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from typer.testing import CliRunner

from metrics.access.audit import AuditLog
from metrics.access.command import access
from metrics.access.load import load_roles, read_roles
from metrics.access.model import Person, Reach, Role
from metrics.access.people import Accounts, AccountsError
from metrics.access.saved_views import Asker, SavedViews
from metrics.definitions.mistakes import DefinitionsError

PASSWORD = "correct horse battery"


def accounts(folder: Path) -> Accounts:
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return Accounts(folder / "people.json", load_roles(), quick)


def test_only_name_and_password_together_sign_in(tmp_path: Path) -> None:
    made = accounts(tmp_path)
    made.put("ada", "finance", PASSWORD, ("north",))
    person = made.sign_in("ada", PASSWORD)
    assert person is not None
    assert person.reach == Reach(load_roles()["finance"].reach.processes, frozenset({"north"}))
    assert made.sign_in("ada", PASSWORD + "x") is None
    assert made.sign_in("eve", PASSWORD) is None


def test_the_file_holds_no_password_and_is_closed_to_others(tmp_path: Path) -> None:
    made = accounts(tmp_path)
    made.put("ada", "finance", PASSWORD)
    file = tmp_path / "people.json"
    assert PASSWORD not in file.read_text()
    assert "$argon2id$" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    with pytest.raises(AccountsError, match="chmod 600"):
        accounts(tmp_path).all()


def test_a_changed_or_removed_account_ends_what_it_had_signed_on(tmp_path: Path) -> None:
    made = accounts(tmp_path)
    made.put("ada", "finance", PASSWORD)
    first = made.sign_in("ada", PASSWORD)
    assert first is not None
    assert made.person("ada", first.stamp) == first
    accounts(tmp_path).put("ada", "finance", PASSWORD)  # by another process
    assert made.person("ada", first.stamp) is None
    made.remove("ada")
    assert made.person("ada") is None


@pytest.mark.parametrize(
    ("name", "role", "password", "says"),
    [("ada", "boss", PASSWORD, "no role 'boss'"), ("ada", "hr", "short", "12 letters"), ("A b", "hr", PASSWORD, "a-z")],
)
def test_what_is_no_account_is_refused(tmp_path: Path, name: str, role: str, password: str, says: str) -> None:
    made = accounts(tmp_path)
    with pytest.raises(AccountsError, match=says):
        made.put(name, role, password)
    assert made.all() == {}


def test_an_account_that_cannot_be_noted_is_neither_added_nor_removed(tmp_path: Path) -> None:
    accounts(tmp_path).put("ada", "finance", PASSWORD)
    before = (tmp_path / "people.json").read_bytes()
    (tmp_path / "audit.jsonl").mkdir()
    for arguments in (["add", "eve", "--role", "hr", "--password-stdin"], ["remove", "ada"]):
        assert isinstance(run(tmp_path, *arguments), AccountsError)
        assert (tmp_path / "people.json").read_bytes() == before
    (tmp_path / "audit.jsonl").rmdir()
    assert isinstance(run(tmp_path, "add", "eve", "--role", "boss", "--password-stdin"), AccountsError)
    assert run(tmp_path, "remove", "ada") is None
    assert [one["did"] for one in AuditLog(tmp_path / "audit.jsonl").entries()] == ["removed an account"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["audit.jsonl", "people.json"]


def test_saved_views_go_with_their_account(tmp_path: Path) -> None:
    accounts(tmp_path).put("ada", "finance", PASSWORD)
    views = SavedViews(tmp_path / "views.json")
    views.save(Asker("ada", "finance"), "Late", "/sla", False, lambda _did, _what: None)
    assert run(tmp_path, "remove", "ada") is None
    assert views.of(Asker("ada", "finance")) == ()


def test_views_are_not_applied_where_the_accounts_are_missing(tmp_path: Path) -> None:
    refused = run(tmp_path, "apply")
    assert isinstance(refused, AccountsError)
    assert "people.json is not there" in str(refused)


def run(folder: Path, *arguments: str) -> BaseException | None:
    """Run `flowglass access` on a folder; what it raised."""
    environment = {"FLOWGLASS_ACCESS_DIR": str(folder), "FLOWGLASS_STORE_URL": "http://127.0.0.1:1"}
    return CliRunner().invoke(access, list(arguments), input=PASSWORD + "\n", env=environment).exception


def test_a_person_reaches_what_role_and_account_both_allow() -> None:
    role = Role("r", "R", None, Reach(None, frozenset({"north", "south"})))
    person = Person("ada", role, frozenset({"south", "west"}), "s")
    assert person.reach == Reach(None, frozenset({"south"}))
    assert Person("ada", role, None, "s").reach == role.reach
    assert Person("ada", role, frozenset({"west"}), "s").reach == Reach(None, frozenset())


def test_a_mistake_in_the_roles_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "roles.yaml"
    file.write_text("version: 1\nroles:\n  hr:\n    title: HR\n    pages: [sla]\n    processes: some\n")
    with pytest.raises(DefinitionsError) as wrong:
        read_roles(file)
    assert len(wrong.value.mistakes) >= 2
