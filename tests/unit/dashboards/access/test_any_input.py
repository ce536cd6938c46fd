"""Whatever JSON reaches a callback, it is answered, ignored or refused with 400: never with an error of the server."""

from collections import Counter
from typing import Any, get_origin, get_type_hints

import pytest
from dash import Dash
from flask.testing import FlaskClient

from dashboards.access.gate import CALLBACKS
from dashboards.access.limits import NONE
from dashboards.application import create_app
from metrics.words import Event
from tests.security.callbacks import Callback, callbacks, misshapen, post, tampered
from tests.security.figures import Record, sample
from tests.unit.dashboards.fake_reader import FakeReader

ANY: list[Any] = [
    None, True, False, 0, -1, 1, 2**63, -(2**70), 0.5, -1e308, 1e999, "", "x", "\0", "🙂" * 300,
    "x" * 5000, "?" + "&".join(f"a{n}=1" for n in range(100)), "?process=%00&id=%ff", "null", "[]", [], [None], [[]],
    [{}], {}, {"a": 1}, {"id": "x", "property": "y"}, {"startRow": 0, "endRow": 10}, {"startRow": "0", "endRow": None},
    {"startRow": 0, "endRow": 5, "sortModel": "x"}, {"startRow": 0, "endRow": 5, "sortModel": [{"colId": ["case"]}]},
    {"startRow": 0, "endRow": 5, "filterModel": {"case": {"type": "x", "filter": {}}}}, [1, "a", None, {}], ["a"] * 500,
    {"value": {"value": {"value": []}}}, {"__proto__": {"x": 1}}, {"data": "x"}, "data:text/csv;base64,!",
]  # fmt: skip


SUMS = {
    "attainment_totals", "case_counts", "data_quality_choices", "data_quality_late", "fault_counts",
    "since_yesterday_news", "unlinked_count",
}  # fmt: skip
"""Queries that always answer with one row."""


class OneRow(FakeReader):
    """Answers sums with a row of nothing, as the store does."""

    def rows(self, name: str, row_type: type[Any], /, **parameters: Any) -> list[Any]:
        found = super().rows(name, row_type, **parameters)
        return found if found or name not in SUMS else [nothing(row_type)]


def nothing(row_type: type[Any]) -> Any:
    """A row of zeros and empty texts."""
    kinds = get_type_hints(row_type)
    return row_type(**{name: (get_origin(kind) or kind)() for name, kind in kinds.items()})


@pytest.fixture(scope="module")
def app() -> Dash:
    sent: list[Event] = []
    return create_app(OneRow(), send=sent.append, limits=NONE)


@pytest.fixture(scope="module")
def client(app: Dash) -> FlaskClient:
    app.server.config["PROPAGATE_EXCEPTIONS"] = False
    found: FlaskClient = app.server.test_client()
    return found


def test_each_callback_answers_what_its_page_sends(app: Dash, client: FlaskClient) -> None:
    answers = {one.output: post(client, one.body()).status_code for one in callbacks(app)}
    assert {output: status for output, status in answers.items() if status not in (200, 204, 400)} == {}
    assert Counter(answers.values())[200] > len(answers) * 0.6
    assert len(answers) > 50


@pytest.mark.timeout(1200)
def test_any_value_in_any_input_of_any_callback_is_no_error(app: Dash, client: FlaskClient, record: Record) -> None:
    bodies = [
        (one, body) for number, one in enumerate(callbacks(app)) for body in tampered(one.body(), _values(number))
    ]
    failed = refused(client, bodies)
    record(7, "JSON values in each input of each callback", len(bodies), len(failed))
    assert failed == set()


@pytest.mark.timeout(1200)
def test_a_body_of_any_form_is_no_error(app: Dash, client: FlaskClient, record: Record) -> None:
    bodies = [(one, body) for one in callbacks(app) for body in misshapen(one.body())]
    failed = refused(client, sample(bodies, 7))
    record(7, "bodies with parts left out, doubled or of another form", len(sample(bodies, 7)), len(failed))
    assert failed == set()


def test_an_output_that_nobody_registered_is_400(app: Dash, client: FlaskClient, record: Record) -> None:
    in_browser = [output for output, one in app.callback_map.items() if "callback" not in one]
    one = callbacks(app)[0]
    unknown = ["", ".", "..", "nobody.children", "__class__.x", one.output + "x", f"..{one.output}..", *in_browser]
    statuses = [post(client, {**one.body(), "output": output}).status_code for output in unknown]
    record(7, "outputs that nobody registered for the server", len(unknown), len(unknown) - statuses.count(400))
    assert in_browser
    assert set(statuses) == {400}


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 5000, b"\xff\xfe", b"NaN", b'{"output": NaN}', b'"x"', b"1" * 5000])
def test_what_is_no_json_is_400(client: FlaskClient, raw: bytes) -> None:
    assert client.post(CALLBACKS, data=raw, content_type="application/json").status_code == 400


def refused(client: FlaskClient, bodies: Any) -> set[tuple[str, int]]:
    """The callbacks that answered something else than a value, nothing, or 400; 403 where nobody here may act."""
    answers = ((one, post(client, body).status_code) for one, body in bodies)
    return {(one.output[:80], status) for one, status in answers if status not in allowed(one)}


def allowed(one: Callback) -> tuple[int, ...]:
    return (200, 204, 400, 403) if "alert-note.children" in one.output else (200, 204, 400)


def _values(number: int) -> list[Any]:
    """All values, or a few that change from callback to callback."""
    few = sample(ANY[number % 19 :], 19)
    return list(few)
