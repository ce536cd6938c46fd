"""What roles.yaml says counts from the next request on; a file that became unusable changes nothing."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from metrics.access.following import FollowedGroups, FollowedRoles
from metrics.access.model import Role
from metrics.access.people import Accounts
from metrics.settings import SettingError

TEXT = """version: 1
roles:
  desk: {{title: Desk, pages: {pages}, processes: all, fields: {fields}}}
groups:
  helpers: {{role: desk, facilities: [{facility}]}}
"""


def write(folder: Path, pages: str = "[/]", fields: str = "all", facility: str = "north") -> None:
    """Say so, at a time that differs from that of whatever stood there."""
    file = folder / "roles.yaml"
    at = file.stat().st_mtime_ns + 1_000_000_000 if file.exists() else 1_700_000_000_000_000_000
    file.write_text(TEXT.format(pages=pages, fields=fields, facility=facility))
    os.utime(file, ns=(at, at))


def anything(_roles: Iterable[Role]) -> None:
    """Refuses none."""


def test_a_page_given_and_taken_counts_at_once(tmp_path: Path) -> None:
    write(tmp_path)
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts = Accounts(tmp_path / "people.json", FollowedRoles(tmp_path, anything), quick)
    accounts.put("dora", "desk", "correct horse battery")

    def opens(page: str) -> bool:
        person = accounts.person("dora")
        return person is not None and person.role.opens(page)

    assert opens("/")
    assert not opens("/sla")
    write(tmp_path, pages="[/, /sla]")
    assert opens("/sla")
    write(tmp_path, pages="[/sla]")
    assert not opens("/")


def test_fields_taken_away_make_another_reach(tmp_path: Path) -> None:
    write(tmp_path)
    roles = FollowedRoles(tmp_path, anything)
    before = roles["desk"].reach
    write(tmp_path, fields="[money]")
    assert roles["desk"].reach != before
    assert "people" in roles["desk"].reach.hidden


def test_a_file_with_mistakes_changes_nothing_until_it_is_mended(tmp_path: Path) -> None:
    write(tmp_path)
    roles = FollowedRoles(tmp_path, anything)
    write(tmp_path, pages="[/sla], pgaes: all")
    assert roles["desk"].opens("/")
    assert not roles["desk"].opens("/sla")
    write(tmp_path, pages="[/sla]")
    assert roles["desk"].opens("/sla")
    assert not roles["desk"].opens("/")


def test_roles_that_cannot_be_had_here_change_nothing(tmp_path: Path) -> None:
    def refuse(roles: Iterable[Role]) -> None:
        if any("people" in role.reach.hidden for role in roles):
            raise SettingError("people are no tokens here")

    write(tmp_path)
    roles = FollowedRoles(tmp_path, refuse)
    write(tmp_path, fields="[money]")
    assert "people" not in roles["desk"].reach.hidden
    with pytest.raises(SettingError):
        FollowedRoles(tmp_path, refuse)


def test_what_a_group_opens_is_followed_too(tmp_path: Path) -> None:
    write(tmp_path)
    groups = FollowedGroups(tmp_path, anything)
    assert groups.chosen(["helpers"]) == "helpers"
    first = groups.person("dora (1)", "helpers", "s")
    write(tmp_path, facility="south")
    then = groups.person("dora (1)", "helpers", "s")
    assert first is not None
    assert then is not None
    assert (first.reach.facilities, then.reach.facilities) == (frozenset({"north"}), frozenset({"south"}))
