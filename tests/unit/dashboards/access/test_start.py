"""Whoever comes by the bare address gets the page that the role begins with."""

from pathlib import Path

import pytest

from metrics.access.load import load_roles, read_roles
from metrics.definitions.mistakes import DefinitionsError
from tests.unit.dashboards.access.test_gate import House

ROLES = "version: 1\nroles:\n  one: {{title: One, pages: {pages}, processes: all{more}}}\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("start"))


@pytest.mark.parametrize(("name", "start"), [("eve", "/spend"), ("amy", "/audit"), ("ada", ""), ("hank", "")])
def test_the_bare_address_leads_to_the_start_of_the_role(house: House, name: str, start: str) -> None:
    answer = house.signed_on(name).get("/")
    assert answer.headers.get("Location", "") == start
    assert answer.status_code == (303 if start else 200)


def test_operations_with_filters_is_what_was_asked_for(house: House) -> None:
    assert house.signed_on("eve").get("/?facility=north").status_code == 200


def test_a_start_page_is_one_that_the_role_opens(tmp_path: Path) -> None:
    assert all(role.opens(role.start) for role in load_roles().values())
    file = tmp_path / "roles.yaml"
    file.write_text(ROLES.format(pages="[/sla, /]", more=""))
    assert read_roles(file)["one"].start == "/sla"
    file.write_text(ROLES.format(pages="[/sla]", more=", start: /spend"))
    with pytest.raises(DefinitionsError, match="/spend is none of the pages"):
        read_roles(file)


def test_auditors_and_executives_close_no_cases() -> None:
    closing = {name for name, role in load_roles().items() if "close_cases" in role.may}
    assert closing == {"operations", "hr", "procurement", "finance", "admin"}
