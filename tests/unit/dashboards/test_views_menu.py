"""The menu of saved views: what may be saved and opened, what is said, and where somebody begins."""

import json
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component
from flask.testing import FlaskClient

from dashboards.access.gate import CALLBACKS
from dashboards.application import create_app
from dashboards.reading import Unanswered
from dashboards.view_address import is_about_one, opened, page_address
from dashboards.views_menu import NONE_YET, NOT_A_PAGE, NOT_SHARED, Shelf, change, save, view_rows
from metrics.access.saved_views import Asker, SavedViews
from tests.unit.dashboards.access.test_gate import prop
from tests.unit.dashboards.fake_reader import FakeReader

PAGES = ("/", "/sla", "/case", "/cases")
ANN = Asker("ann", "hr")


class Room:
    """A shelf with one person before it, and what was noted."""

    def __init__(self, folder: Path, who: Asker | None = ANN, opens: tuple[str, ...] = PAGES) -> None:
        self.noted: list[str] = []
        self.views = SavedViews(folder / "views.json")
        self.shelf = Shelf(
            self.views, lambda: who, lambda did, _what: self.noted.append(did), opens.__contains__, PAGES
        )

    def id_of(self, name: str) -> str:
        return next(one.id for one in self.views.of(ANN) if one.name == name)


def _parts(part: Any) -> Any:
    is_tree = isinstance(part, Component)
    return getattr(part, "to_plotly_json")() if is_tree else str(part)  # noqa: B009


def texts(tree: Any) -> str:
    return json.dumps(tree, default=_parts)


@pytest.mark.parametrize(
    ("path", "search", "kept"),
    [
        ("/sla", "?period=7&sla=a%26b", "/sla?period=7&sla=a%26b"),
        ("/sla/", "?utm=1&period=99999999&time=net", "/sla"),
        ("/", "", "/"),
        ("//evil.example/", "", ""),
        ("https://evil.example/sla", "", ""),
        ("/\\evil.example", "", ""),
        ("/sla\t", "", ""),
        ("javascript:alert(1)", "", ""),
        ("/sign-off", "", ""),
        ("/assets/../sla", "", ""),
    ],
)
def test_only_pages_of_ours_with_what_they_know_are_kept(path: str, search: str, kept: str) -> None:
    assert page_address(path, search, PAGES) == kept
    assert opened(kept, PAGES) == kept


def test_a_view_of_one_case_or_search_is_kept_and_not_shared(tmp_path: Path) -> None:
    room = Room(tmp_path)
    assert not is_about_one("/sla?period=7")
    for address in ("/case?id=R-1", "/cases?q=W-1", "/case?trace=ab"):
        assert is_about_one(address)
        assert save(room.shelf, address, "One", True) == (NOT_SHARED, False)
    assert save(room.shelf, "/case?id=R-1", "One", False) == ("Saved “One”.", True)
    assert change(room.shelf, room.id_of("One"), "share", "") == (NOT_SHARED, False)
    assert "Share with my role" not in texts(view_rows(room.shelf))


def test_what_came_of_it_is_said(tmp_path: Path) -> None:
    room = Room(tmp_path)
    assert texts(view_rows(room.shelf)).count(NONE_YET) == 1
    assert save(room.shelf, "", "Late", False) == (NOT_A_PAGE, False)
    assert save(room.shelf, "/sla?period=7", "Late", True) == ("Saved “Late”.", True)
    one = room.id_of("Late")
    assert change(room.shelf, one, "rename", "Later") == ("It is called “Later” now.", True)
    assert change(room.shelf, one, "begin", "") == ("You begin with “Later” now.", True)
    assert room.shelf.start() == "/sla?period=7"
    assert change(room.shelf, one, "end", "") == ("You begin with the usual page again.", True)
    assert change(room.shelf, one, "keep", "") == ("“Later” is yours alone now.", True)
    assert change(room.shelf, one, "delete", "") == ("Deleted “Later”.", True)
    assert room.noted == ["shared a view", "renamed a shared view", "no longer shares a view"]


def test_nothing_is_shared_that_the_audit_log_does_not_hold(tmp_path: Path) -> None:
    room = Room(tmp_path)

    def refuse(_did: str, _what: str) -> None:
        raise Unanswered("This can't be noted.")

    assert save(room.shelf._replace(note=refuse), "/sla", "Late", True) == ("This can't be noted.", False)
    assert room.views.of(ANN) == ()


def test_nobody_saves_nothing(tmp_path: Path) -> None:
    assert save(Room(tmp_path, who=None).shelf, "/sla", "Late", False) == ("Nobody is signed on.", False)


def test_a_hostile_name_stays_a_text(tmp_path: Path) -> None:
    room, hostile = Room(tmp_path), "<img src=x onerror=alert(1)>"
    save(room.shelf, "/sla", hostile, False)
    (row,) = view_rows(room.shelf)
    link = row.children[0].children
    assert (link.children, link.href) == (hostile, "/sla")


def test_a_file_that_names_another_host_opens_nothing(tmp_path: Path) -> None:
    room = Room(tmp_path)
    one = room.views.save(ANN, "Away", "//evil.example/", False, room.shelf.note)
    room.views.begin_with(ANN, one.id)
    assert room.shelf.start() == ""
    assert "evil.example" not in texts(view_rows(room.shelf))


def test_a_start_page_that_the_role_no_longer_opens_is_passed_over(tmp_path: Path) -> None:
    room = Room(tmp_path, opens=("/",))
    save(room.shelf, "/sla", "Late", False)
    change(room.shelf, room.id_of("Late"), "begin", "")
    assert room.shelf.start() == ""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    views = SavedViews(tmp_path_factory.mktemp("views") / "views.json")
    client: FlaskClient = create_app(FakeReader(), views=views).server.test_client()
    return client


def press(client: FlaskClient, changed: str, clicks: list[Any], **state: Any) -> Any:
    """Press a button of the menu as the browser does."""
    told = ("views-changed.data", "views-note.children", "views-name.value")
    values = {"path": "/sla", "search": "?period=7", "name": "", "shared": False, "names": [], "ids": [], "changes": 0}
    values |= state
    fields = ("url.pathname", "url.search", "views-name.value", "views-shared.checked")
    plain = zip(fields, ("path", "search", "name", "shared"), strict=True)
    body = {
        "output": f"..{'...'.join(told)}..",
        "outputs": [prop(name) for name in told],
        "inputs": [
            prop("views-save.n_clicks") | {"value": 1},
            prop("views-name.n_submit") | {"value": None},
            clicks,
        ],
        "state": [
            *(prop(name) | {"value": values[key]} for name, key in plain),
            values["names"],
            values["ids"],
            prop("views-changed.data") | {"value": values["changes"]},
        ],
        "changedPropIds": [changed],
    }
    return client.post(CALLBACKS, json=body)


def test_a_page_is_saved_and_opens_first_by_the_bare_address(browser: FlaskClient) -> None:
    answer = press(browser, "views-save.n_clicks", [], name="Late", search="?period=7&next=//evil.example")
    assert answer.json["response"]["views-note"]["children"] == "Saved “Late”."
    listed = {
        "output": "views-list.children", "outputs": prop("views-list.children"), "changedPropIds": [],
        "inputs": [prop("url.pathname") | {"value": "/"}, prop("views-changed.data") | {"value": 1}],
    }  # fmt: skip
    told: Any = browser.post(CALLBACKS, json=listed).json
    rows = told["response"]["views-list"]["children"]
    assert '"/sla?period=7"' in json.dumps(rows)
    assert "Share with my role" not in json.dumps(rows)
    view = json.dumps(rows).partition('"view": "')[2][:16]
    which = json.dumps({"do": "begin", "view": view}, separators=(",", ":"))
    button = {"id": {"do": "begin", "view": view}, "property": "n_clicks", "value": 1}
    answer = press(browser, f"{which}.n_clicks", [button])
    assert answer.json["response"]["views-note"]["children"] == "You begin with “Late” now."
    begun = browser.get("/")
    assert (begun.status_code, begun.location) == (303, "/sla?period=7")
    assert browser.get("/?period=1").status_code == 200


@pytest.mark.parametrize("changed", ['{"do":"drop","view":"x"}.n_clicks', '{"do":1,"view":"x"}.n_clicks', "{.n_clicks"])
def test_what_no_page_of_ours_sends_is_refused(browser: FlaskClient, changed: str) -> None:
    which = changed.rpartition(".")[0]
    id_ = json.loads(which) if which.endswith("}") else which
    assert press(browser, changed, [{"id": id_, "property": "n_clicks", "value": 1}]).status_code == 400
