"""What groups of an identity provider open, by the file of roles."""

from pathlib import Path

import pytest

from metrics.access.load import load_groups, read_groups, read_roles
from metrics.access.model import Reach
from metrics.definitions.mistakes import DefinitionsError

ROLES = """version: 1
contact: the service desk
about_people: [hiring]
roles:
  hr: {title: HR, pages: all, processes: [hiring, leaving], fields: [people], %s}
groups:
  "HR, North": {role: hr, facilities: [north], processes: [hiring, buying]}
  HR: {role: %s}
"""


def written(folder: Path, more: str = "least_group: 5", role: str = "hr") -> Path:
    file = folder / "roles.yaml"
    file.write_text(ROLES.replace("pages: all", "pages: [/]") % (more, role))
    return file


def test_the_first_group_of_the_file_decides_and_both_limits_hold(tmp_path: Path) -> None:
    groups = read_groups(written(tmp_path))
    assert groups.contact == "the service desk"
    assert groups.chosen(["staff", "HR", "HR, North"]) == "HR, North"
    assert groups.chosen(["hr", "staff"]) is None
    person = groups.person("ada (1)", "HR, North", "s")
    assert person is not None
    people = frozenset({"people"})
    assert person.reach == Reach(frozenset({"hiring"}), frozenset({"north"}), people, 5, frozenset({"hiring"}))
    assert len(groups.reaches()) == 2
    assert groups.person("ada (1)", "gone", "s") is None


def test_a_group_of_an_unknown_role_is_a_mistake_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DefinitionsError, match=r"roles.yaml:8: groups.HR.role: unknown role 'boss'"):
        read_groups(written(tmp_path, role="boss"))


def test_a_role_that_sees_no_money_opens_no_page_about_it(tmp_path: Path) -> None:
    file = written(tmp_path)
    file.write_text(file.read_text().replace("pages: [/]", "pages: all"))
    with pytest.raises(DefinitionsError, match="/spend is about money"):
        read_roles(file)


def test_without_groups_nobody_of_a_provider_has_a_role() -> None:
    assert load_groups().chosen(["admin", "HR"]) is None
    assert load_groups().reaches() == set()
