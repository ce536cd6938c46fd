"""A token opens what its person may open, until it ends; what is stored opens nothing."""

import json
import stat
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from typer.testing import CliRunner

from metrics.access.command import access
from metrics.access.load import load_roles
from metrics.access.people import Accounts, AccountsError
from metrics.access.tokens import Tokens

PASSWORD = "correct horse battery"
DAY = 86_400


class House:
    """Accounts, their tokens and a clock."""

    def __init__(self, folder: Path) -> None:
        self.now = 1_800_000_000.0
        self.folder = folder / "tokens"
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.accounts = Accounts(folder / "people.json", load_roles(), quick)
        self.accounts.put("ada", "finance", PASSWORD, ("north",))
        self.tokens = Tokens(self.folder, self.accounts, lambda: self.now)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_a_token_is_its_person(house: House) -> None:
    text, token = house.tokens.make("ada", 30, "month's end")
    found = house.tokens.person(text)
    assert found is not None
    assert found == (house.accounts.person("ada"), token)
    assert house.tokens.person(text[:-1]) is None
    assert house.tokens.person("") is None


def test_nothing_that_is_stored_is_a_token(house: House) -> None:
    text, token = house.tokens.make("ada", 30)
    (file,) = house.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert text not in file.read_text() + file.name
    assert house.tokens.person(file.name) is None
    assert house.tokens.person(token.id) is None


def test_a_token_that_was_never_wholly_written_hides_no_other(house: House) -> None:
    house.tokens.make("ada", 30)
    (house.folder / f".{'0' * 64}").touch()
    assert [token.name for token in house.tokens.all()] == ["ada"]


def test_a_token_ends_at_its_date(house: House) -> None:
    text, token = house.tokens.make("ada", 2)
    house.now += 2 * DAY - 1
    assert house.tokens.person(text)
    assert house.tokens.holds(token)
    house.now += 1
    assert house.tokens.person(text) is None
    assert not house.tokens.holds(token)


def test_a_change_of_the_account_ends_its_tokens(house: House) -> None:
    text, _ = house.tokens.make("ada", 2)
    house.accounts.put("ada", "finance", PASSWORD)
    assert house.tokens.person(text) is None
    text, _ = house.tokens.make("ada", 2)
    house.accounts.remove("ada")
    assert house.tokens.person(text) is None


def test_a_token_that_was_taken_back_opens_nothing_and_no_other_goes_with_it(house: House) -> None:
    (text, token), (other, _) = house.tokens.make("ada", 2), house.tokens.make("ada", 2)
    assert house.tokens.revoke(token.id) == token
    assert house.tokens.person(text) is None
    assert house.tokens.person(other) is not None
    for wrong in ("", "*", token.id, "../people.json"):
        with pytest.raises(AccountsError):
            house.tokens.revoke(wrong)


@pytest.mark.parametrize(("name", "days"), [("nobody", 30), ("ada", 0), ("ada", 367)])
def test_who_is_unknown_and_what_lasts_for_ever_gets_no_token(house: House, name: str, days: int) -> None:
    with pytest.raises(AccountsError):
        house.tokens.make(name, days)


def test_the_commands_make_list_and_take_back(tmp_path: Path) -> None:
    folder = tmp_path / "access"
    House(folder)
    environment = {"FLOWGLASS_ACCESS_DIR": str(folder), "FLOWGLASS_DATA_DIR": str(tmp_path)}

    def run(*words: str) -> str:
        done = CliRunner().invoke(access, list(words), env=environment)
        assert done.exit_code == 0, done.output
        return done.stdout

    text = run("token", "ada", "--days", "3", "--for", "reports").strip()
    assert text.startswith("fgt_")
    (row,) = json.loads(run("tokens", "--json"))
    assert (row["name"], row["for"], row["holds"]) == ("ada", "reports", True)
    assert text not in run("tokens", "--json") + (folder / "audit.jsonl").read_text()
    run("revoke", row["id"])
    assert json.loads(run("tokens", "--json")) == []
    assert "took a token back" in (folder / "audit.jsonl").read_text()
