"""Connect a source: its callbacks as functions, and what a tampered request gets."""

import base64
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import BadRequest

from dashboards.application import create_app
from dashboards.connect_sources import read_sources
from dashboards.dropped import MOST_BYTES, choices, dropped, first_draft
from dashboards.pages.connect import opened
from dashboards.reading import Unanswered
from dashboards.security import CALLBACKS
from metrics.connecting.table import MOST_COLUMNS
from metrics.vocabulary import load_vocabulary
from tests.unit.dashboards.fake_reader import FakeReader
from tests.unit.metrics.connecting.tables import INVOICES, ORDERS, STEPS

VOCABULARY = load_vocabulary()


def file_of(name: str, content: bytes) -> dict[str, Any]:
    """What the browser's script puts together."""
    return {"name": name, "size": len(content), "part": base64.b64encode(content[:MOST_BYTES]).decode()}


def plain(tree: Any) -> str:
    return json.dumps(tree, default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def controls(name: str, content: bytes) -> dict[str, Any]:
    columns = first_draft_of(name, content).columns
    words = {"roles": "role", "ofs": "of", "forms": "form"}
    chosen = {control: [getattr(column, word) or None for column in columns] for control, word in words.items()}
    ids = [{"at": column.place} for column in columns]
    return {
        **chosen,
        "of_ids": ids,
        "form_ids": ids,
        "steps": [],
        "places": [],
        "name": "x",
        "zone": "UTC",
        "currency": "",
    }


def first_draft_of(name: str, content: bytes) -> Any:
    file = dropped(file_of(name, content))
    assert file is not None
    return first_draft(file, VOCABULARY)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    client: FlaskClient = create_app(FakeReader()).server.test_client()
    return client


def body_of(client: FlaskClient, name: str, content: bytes, /, **changes: Any) -> dict[str, Any]:
    """The request that a browser sends when a choice was made."""
    (spec,) = [one for one in client.get("/_dash-dependencies").get_json() if "connect-yaml.value" in one["output"]]
    given = controls(name, content) | {"key": "", "data": file_of(name, content)} | changes
    columns = len(given["roles"])

    def part(one: dict[str, str]) -> Any:
        if not one["id"].startswith("{"):
            word = one["id"].removeprefix("connect-")
            value = given["data"] if word == "file" else given["key"] if word == "steps-key" else given[word]
            return {**one, "value": value}
        pattern = json.loads(one["id"])
        if pattern["connect"] == "step":
            return []
        ids = [{"connect": pattern["connect"], "at": at} for at in range(columns)]
        values = ids if one["property"] == "id" else given[f"{pattern['connect']}s"]
        prop = one["property"]
        return [{"id": id_, "property": prop, "value": value} for id_, value in zip(ids, values, strict=True)]

    names = spec["output"].strip(".").split("...")
    outputs: list[Any] = []
    for one in names:
        id_, _, prop = one.partition("@")[0].rpartition(".")
        if id_.startswith("{"):
            kind = json.loads(id_)["connect"]
            outputs.append([{"id": {"at": at, "connect": kind}, "property": prop} for at in range(columns)])
        else:
            outputs.append({"id": id_, "property": one.rpartition(".")[2]})
    return {
        "output": spec["output"],
        "outputs": outputs,
        "inputs": [part(one) for one in spec["inputs"]],
        "state": [part(one) for one in spec["state"]],
        "changedPropIds": ["connect-zone.value"],
    }


def answer(client: FlaskClient, body: dict[str, Any]) -> Any:
    return client.post(CALLBACKS, json=body)


@pytest.mark.parametrize(("name", "content"), [ORDERS, INVOICES, STEPS], ids=["orders", "invoices", "steps"])
def test_a_dropped_table_gets_controls_preview_and_mapping(client: FlaskClient, name: str, content: bytes) -> None:
    note, hidden, table, _ = opened(file_of(name, content))
    assert note.startswith(name)
    assert not hidden
    assert plain(table).count('"connect": "role"') == len(first_draft_of(name, content).columns)
    response = answer(client, body_of(client, name, content))
    assert response.status_code == 200
    said = response.get_json()["response"]
    assert said["connect-yaml"]["value"].startswith("# Drawn up from the columns of ")
    assert "first rows as events" in plain(said["connect-rows"])


def test_cells_are_shown_as_text_and_never_as_markup(client: FlaskClient) -> None:
    content = ORDERS[1].replace(b"V-100", b"<b>1</b>")
    said = answer(client, body_of(client, ORDERS[0], content)).get_json()["response"]
    assert "supplier/<b>1</b>" in plain(said["connect-rows"])
    assert "dangerously" not in plain(said).lower()


def test_what_is_missing_stands_where_the_mapping_would_be(client: FlaskClient) -> None:
    content = b"a,b\n1,2\n"
    said = answer(client, body_of(client, "x.csv", content)).get_json()["response"]
    assert "Say which column holds the number" in plain(said["connect-missing"])
    assert said["connect-yaml-frame"]["hidden"] is True


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", bytes(range(256)), b"a,b\n", b"," * 2_000 + b"\n"])
def test_what_is_no_table_gets_a_sentence(content: bytes) -> None:
    note, hidden, table, _ = opened(file_of("evil <img>.csv", content))
    assert "evil <img>.csv" in plain(note)
    assert (hidden, table) == (True, None)


@pytest.mark.parametrize(
    "data",
    [
        "text",
        7,
        [],
        {},
        {"name": "a", "size": 1},
        {"name": "a", "size": -1, "part": ""},
        {"name": "a", "size": "1", "part": ""},
        {"name": "a" * 2000, "size": 1, "part": ""},
        {"name": "a", "size": 1, "part": "A" * (MOST_BYTES * 2)},
        {"name": "a", "size": 1, "part": "", "path": "/etc/passwd"},
    ],
    ids=str,
)
def test_other_data_than_a_dropped_file_is_refused(data: Any) -> None:
    with pytest.raises(BadRequest):
        dropped(data)


def test_a_part_that_is_no_base64_is_refused() -> None:
    with pytest.raises(BadRequest):
        opened({"name": "a.csv", "size": 9, "part": "?" * 8})


@pytest.mark.parametrize(
    "changes",
    [
        {"roles": ["case"]},
        {"roles": ["root"] * 7},
        {"roles": [7] * 7},
        {"roles": None},
        {"roles": ["leave"] * (MOST_COLUMNS + 1)},
        {"ofs": ["no_such_type"] * 7},
        {"forms": ["%Y" * 50] * 7},
        {"forms": [{"a": 1}] * 7},
        {"zone": "../../etc/passwd"},
        {"currency": "Monopoly"},
        {"name": "x" * 500},
        {"steps": ["no.such.v1"], "places": [{"at": 0, "of": 0}]},
        {"steps": [None], "places": [{"at": -1, "of": 0}]},
    ],
    ids=str,
)
def test_choices_that_no_control_offers_are_refused(changes: dict[str, Any]) -> None:
    first = first_draft_of(*ORDERS)
    with pytest.raises(BadRequest):
        choices(first, VOCABULARY, None, **(controls(*ORDERS) | changes))


def test_a_tampered_request_is_a_400_and_never_a_500(client: FlaskClient) -> None:
    tampered: tuple[dict[str, Any], ...] = (
        {"data": "rubbish"},
        {"zone": 7},
        {"roles": ["root"] * 7},
        {"ofs": [[]] * 7},
        {"name": {}},
    )
    for changes in tampered:
        assert answer(client, body_of(client, *ORDERS, **changes)).status_code == 400, changes


def test_the_largest_file_with_all_its_controls_fits_into_one_request(client: FlaskClient) -> None:
    header = ",".join(f"column number {n}" for n in range(MOST_COLUMNS))
    content = (header + "\n" + (",".join(["1234567"] * MOST_COLUMNS) + "\n") * 700).encode()
    assert len(content) > MOST_BYTES
    body = body_of(client, "large.csv", content)
    assert len(json.dumps(body)) < 900_000
    assert answer(client, body).status_code == 200


def test_a_step_takes_the_event_that_was_chosen_for_it() -> None:
    first = first_draft_of(*STEPS)
    place = next(column.place for column in first.columns if column.role == "activity")
    given = controls(*STEPS) | {"steps": ["requisition.withdrawn.v1"], "places": [{"at": 0, "of": place}]}
    assert choices(first, VOCABULARY, None, **given).types == {"Requisition created": "requisition.withdrawn.v1"}
    other = given | {"places": [{"at": 0, "of": 0}]}
    assert choices(first, VOCABULARY, None, **other).types == {}


def test_the_sources_that_send_are_listed_or_said_to_be_none() -> None:
    assert "Live" in plain(read_sources(FakeReader()))
    assert "fg-is-empty" in read_sources(FakeReader(feeds=[]))[0]
    away = FakeReader()
    away.problem = Unanswered("The store does not answer.")
    assert "fg-is-error" in read_sources(away)[0]


def test_nothing_of_a_dropped_file_is_written_or_logged(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    canary = b"canary-000-12-3456"
    with caplog.at_level("DEBUG"):
        answer(client, body_of(client, ORDERS[0], ORDERS[1].replace(b"V-100", canary)))
        answer(client, body_of(client, ORDERS[0], ORDERS[1], data={"name": canary.decode(), "part": 1}))
    told = capfd.readouterr()
    assert canary.decode() not in caplog.text + told.out + told.err


def test_attributes_that_the_privacy_rules_drop_are_shown_as_dropped(client: FlaskClient) -> None:
    content = b"PO Number,Created On,Facility,Shelf\n1,2026-01-02,North,B7\n"
    rows = plain(answer(client, body_of(client, "po.csv", content)).get_json()["response"]["connect-rows"])
    assert "privacy rules let no value through of: shelf" in rows
    assert rows.count("fg-dropped") == 1
