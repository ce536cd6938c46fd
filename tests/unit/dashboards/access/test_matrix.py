"""The printed matrix says what is so: each cell of it is asked for as that role."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboards.page import discovered
from metrics.access.command import access
from metrics.access.load import load_roles
from metrics.access.matrix import DEEDS, ENDPOINTS, NO, PAGES, YES, matrix, of_view
from metrics.access.model import FIELDS, Reach
from metrics.access.reach import CLOSED, RULES
from metrics.definitions.load import load
from tests.unit.dashboards.access.test_gate import PASSWORD, House, call

ROLES = load_roles()
PROCESSES = tuple(one.process for one in load().definitions)
LINES = dict(matrix(ROLES, PROCESSES))


def test_every_page_is_in_the_matrix() -> None:
    assert set(PAGES) == {page.path for page in discovered()}


def test_each_cell_of_a_page_is_what_the_page_answers(tmp_path: Path) -> None:
    house = House(tmp_path)
    for number, role in enumerate(ROLES):
        house.accounts.put(role, role, PASSWORD)
        client = house.signed_on(role)
        cells = {path: LINES[f"page {path}"][number] for path in PAGES}
        for path in ("/", *(path for path in PAGES if cells[path] == NO)):
            refused = "Not for your role" in call(client, path).text
            assert refused == (cells[path] == NO), (role, path)
        shown = json.dumps(client.get("/_dash-layout").get_json())
        for page in (page for page in discovered() if page.order is not None):
            assert (json.dumps({"nav": page.path}) in shown) == (cells[page.path] == YES), (role, page.path)


def test_no_cell_is_left_out() -> None:
    wanted = {
        *(f"page {page}" for page in PAGES), *(f"api {one}" for one in ENDPOINTS), *(f"may {one}" for one in DEEDS),
        *(f"process {name}" for name in PROCESSES), "facilities", "least group",
        *(f"field {name}" for name in FIELDS), *(f"view {name}" for name in RULES),
    }  # fmt: skip
    assert set(LINES) == wanted
    assert {len(cells) for cells in LINES.values()} == {len(ROLES)}


@pytest.mark.parametrize(
    ("reach", "view", "cell"),
    [
        (Reach(), "v_dead_letters", YES),
        (Reach(frozenset({"p"})), "v_dead_letters", NO),
        (Reach(frozenset({"p"})), "v_cases", "its cases"),
        (Reach(frozenset({"p"}), None, frozenset({"people"})), "v_cases", "its cases masked"),
        (Reach(fields=frozenset({"money"})), "v_cases", "yes masked"),
        (Reach(fields=frozenset({"people"})), "v_ledger", NO),
        (Reach(frozenset({"p"})), "v_feeds", YES),
    ],
)
def test_a_view_is_told_of_as_it_is(reach: Reach, view: str, cell: str) -> None:
    assert of_view(view, reach) == cell


def test_what_carries_messages_is_closed_to_every_limited_role() -> None:
    for name, role in ROLES.items():
        closed = {view for view in RULES if of_view(view, role.reach) == NO}
        wanted = set() if role.reach.is_everything else {view for view, rule in RULES.items() if rule == CLOSED}
        assert wanted <= closed, name


def test_the_page_in_the_docs_is_in_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLOWGLASS_DEFINITIONS", raising=False)
    done = CliRunner().invoke(access, ["matrix", "--markdown"])
    assert done.exit_code == 0, done.output
    file = Path(__file__).parents[4] / "docs" / "access-matrix.md"
    assert file.read_text() == done.output, "flowglass access matrix --markdown > docs/access-matrix.md"
    rows = [line for line in done.output.splitlines() if line.startswith("| ") and not line.startswith("| |")]
    assert len(rows) == len(LINES)


def test_the_command_prints_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FLOWGLASS_DEFINITIONS", raising=False)
    done = CliRunner().invoke(access, ["matrix", "--json"])
    assert done.exit_code == 0, done.output
    told = {line["what"]: line for line in json.loads(done.output)}
    assert told["field people"]["executive"] == "masked"
    assert told["page /spend"]["hr"] == NO
    assert told["process employee_onboarding"]["finance"] == NO
