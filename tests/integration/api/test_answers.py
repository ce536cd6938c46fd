"""What the interface answers about a seeded store: every row once, what the store holds, and as it is described."""

from decimal import Decimal
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from dashboards.api.operations import OPERATIONS
from metrics.store.client import StoreClient
from tests.integration.api.conftest import SINCE, UNTIL

pytestmark = pytest.mark.store
FEW = settings(
    max_examples=3, phases=[Phase.explicit, Phase.generate], deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip

UNSAID = [positive_data_acceptance]
"""No schema says which cursor a list gave, or that one time is before another: such questions may be refused."""


def rows(client: StoreClient, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in client.rows(sql)]


def every(api: FlaskClient, path: str, **asked: Any) -> list[dict[str, Any]]:
    """All parts of a list, one after the other."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = api.get(f"/api/v1{path}", query_string={**asked, **cursor})
        assert answer.status_code == 200, answer.text
        found += answer.json["items"]
        if answer.json["next"] is None:
            return found
        cursor = {"cursor": answer.json["next"]}


def test_a_list_in_parts_holds_every_case_once_in_order(api: FlaskClient, filled: StoreClient) -> None:
    stored = rows(filled, "SELECT toString(process), case_id FROM v_cases ORDER BY process, case_id")
    assert [(one["process"], one["case_id"]) for one in every(api, "/cases", limit=97)] == stored
    assert [(one["process"], one["case_id"]) for one in every(api, "/cases", limit=1000)] == stored


@pytest.mark.parametrize(("asked", "where"), [
    ({"process": "requisition_to_pay", "facility": "north"}, "process = 'requisition_to_pay' AND facility = 'north'"),
    ({"status": "closed"}, "status = 'closed'"),
    ({"sla_status": "breached"}, "has(clock.status, 'breached')"),
    ({"since": "2026-11-10T00:00:00Z", "until": "2026-11-14T12:00:00+02:00"},
     "last_time >= '2026-11-10 00:00:00' AND last_time < '2026-11-14 10:00:00'"),
    ({"process": "unheard_of"}, "0"),
])  # fmt: skip
def test_filters_leave_what_the_store_says(
    api: FlaskClient, filled: StoreClient, asked: dict[str, str], where: str
) -> None:
    stored = rows(filled, f"SELECT case_id FROM v_cases WHERE {where} ORDER BY process, case_id")
    assert stored or where == "0"
    assert [(one["case_id"],) for one in every(api, "/cases", **asked)] == stored


def test_a_case_tells_all_its_parts(api: FlaskClient, filled: StoreClient) -> None:
    sql = "SELECT toString(process), case_id, events, length(clock.name), length(milestone.name) FROM v_cases"
    process, case_id, events, clocks, milestones = rows(filled, f"{sql} WHERE notEmpty(clock.name) LIMIT 1")[0]
    told = api.get(f"/api/v1/cases/{process}/{case_id}").json
    assert told["case"]["case_id"] == case_id
    assert told["case"]["simulated"] is True
    counts = (len(told["events"]), len(told["clocks"]), len(told["milestones"]))
    assert counts == (events, clocks, milestones)
    assert told["clocks"][0]["target_seconds"] > 0
    assert told["events"][0]["time"].endswith("Z")
    assert told["events"][0]["attributes"]["facility"]
    assert told["traces"]


def test_what_is_not_there_is_told_as_a_problem(api: FlaskClient) -> None:
    for path in ("/cases/requisition_to_pay/nobody", "/alerts/none", "/slas/unheard_of/x", "/links/objects/worker/none",
                 f"/links/traces/{'0' * 32}", "/nothing", f"/exports/xes?process=none&since={SINCE}"):  # fmt: skip
        answer = api.get(f"/api/v1{path}")
        assert (answer.status_code, answer.mimetype) == (404, "application/problem+json"), path
        assert answer.json["detail"].endswith(".")
    assert api.post("/api/v1/cases").status_code == 405
    assert api.get("/api/").status_code == 404


@pytest.mark.parametrize("query", [
    "limit=0", "limit=1001", "limit=ten", "limits=5", "status=gone", "since=yesterday", "since=2026-01-01",
    "since=2026-13-01T00:00:00Z", "cursor=abc", "cursor=WyJhIl0", "facility=", "limit=1&limit=2", "process=%00",
])  # fmt: skip
def test_a_wrong_parameter_is_refused_with_a_sentence(api: FlaskClient, query: str) -> None:
    answer = api.get(f"/api/v1/cases?{query}")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert len(answer.json["detail"]) > 20


def test_windows_that_are_too_wide_are_refused(api: FlaskClient) -> None:
    wide = "since=2020-01-01T00:00:00Z&until=2026-01-01T00:00:00Z"
    for path in ("/exports/ocel", "/exports/csv", "/ledger/totals", "/ledger/documents"):
        answer = api.get(f"/api/v1{path}?{wide}")
        assert answer.status_code == 400, path
        assert "days" in answer.json["detail"]


def test_slas_stand_as_their_clocks_do(api: FlaskClient, filled: StoreClient) -> None:
    told = api.get("/api/v1/slas", query_string={"process": "requisition_to_pay"}).json["items"]
    assert {one["process"] for one in told} == {"requisition_to_pay"}
    sla = told[0]["sla"]
    window = {"since": SINCE, "until": UNTIL}
    periods = api.get(f"/api/v1/slas/requisition_to_pay/{sla}", query_string=window).json["items"]
    sql = f"SELECT countIf(status = 'met'), countIf(status = 'breached' AND deadline < '2027-01-01') FROM v_clocks WHERE process = 'requisition_to_pay' AND sla = '{sla}'"  # noqa: E501
    assert (sum(one["met"] for one in periods), sum(one["breached"] for one in periods)) == rows(filled, sql)[0]


def test_alerts_are_listed_once_and_told_with_their_cases(api: FlaskClient, filled: StoreClient) -> None:
    listed = [one["id"] for one in every(api, "/alerts", limit=2)]
    assert len(listed) == len(set(listed)) > 2
    told = api.get(f"/api/v1/alerts/{listed[0]}").json
    sql = f"SELECT count() FROM v_alert_cases WHERE alert_id = '{listed[0]}'"
    assert (len(told["cases"]),) == rows(filled, sql)[0]
    assert api.get(f"/api/v1/alerts/{listed[0][:-1]}").status_code == 404


def test_the_ledgers_totals_are_the_sums_of_their_documents(api: FlaskClient) -> None:
    window = {"since": SINCE, "until": UNTIL}
    documents = every(api, "/ledger/documents", limit=7, **window)
    assert len({one["document_id"] for one in documents}) == len(documents) == 25
    totals = every(api, "/ledger/totals", limit=1, by="supplier", **window)
    assert sum(Decimal(one["amount"]) for one in totals) == sum(Decimal(one["amount"] or 0) for one in documents)
    assert sum(one["untold"] for one in totals) == 1
    assert {one["value"] for one in totals} == {"", "S-1"}
    assert len(every(api, "/ledger/documents", supplier="?", **window)) == 1
    assert len(every(api, "/ledger/documents", facility="north", **window)) == 13


def test_links_lead_from_objects_and_traces_to_their_cases(api: FlaskClient, filled: StoreClient) -> None:
    sql = (
        "SELECT toString(object_type), object_id, toString(process), case_id FROM v_links WHERE via_type != '' LIMIT 1"
    )
    kind, id_, process, case_id = rows(filled, sql)[0]
    found = every(api, f"/links/objects/{kind}/{id_}")
    assert (process, case_id) in {(one["process"], one["case_id"]) for one in found}
    trace, process, case_id = rows(filled, "SELECT trace_id, toString(process), case_id FROM v_trace_cases LIMIT 1")[0]
    told = api.get(f"/api/v1/links/traces/{trace}").json["items"]
    assert {"process": process, "case_id": case_id} in told


def test_the_probes_answer_with_and_without_a_store(api: FlaskClient) -> None:
    assert api.get("/api/v1/health").json == {"status": "ok"}
    ready = api.get("/api/v1/ready")
    assert ready.status_code == 200, ready.text
    assert ready.json["status"] == "ready"


@pytest.fixture(scope="module")
def described(app: Flask) -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


def test_answers_about_what_there_is_are_as_described(described: Any, filled: StoreClient) -> None:
    process, case_id, sla = rows(
        filled, "SELECT toString(process), case_id, clock.name[1] FROM v_cases WHERE notEmpty(clock.name) LIMIT 1"
    )[0]
    kind, id_ = rows(filled, "SELECT toString(object_type), object_id FROM v_links LIMIT 1")[0]
    (trace,) = rows(filled, "SELECT trace_id FROM v_trace_cases LIMIT 1")[0]
    (alert,) = rows(filled, "SELECT alert_id FROM v_alerts LIMIT 1")[0]
    window = {"since": SINCE, "until": UNTIL}
    placed: dict[str, dict[str, str]] = {
        "/cases/{process}/{case_id}": {"process": process, "case_id": case_id},
        "/slas/{process}/{sla}": {"process": process, "sla": sla},
        "/alerts/{alert_id}": {"alert_id": alert},
        "/links/objects/{object_type}/{object_id}": {"object_type": kind, "object_id": id_},
        "/links/traces/{trace_id}": {"trace_id": trace},
    }
    asked = dict.fromkeys(("/slas/{process}/{sla}", "/ledger/totals", "/ledger/documents"), window)
    asked |= {f"/exports/{kind}": {**window, "process": process} for kind in ("ocel", "xes", "csv")}
    for found in described.get_all_operations():
        one = found.ok()
        case = one.Case(path_parameters=placed.get(one.path, {}), query=asked.get(one.path, {}))
        answer = case.call_and_validate()
        assert answer.status_code == 200, one.path
        assert answer.content, one.path


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_answers_to_anything_are_as_described(described: Any, mode: GenerationMode) -> None:
    plain = {one.path for one in OPERATIONS if len(one.parameters.__struct_fields__) == len(one.placed)}
    for found in described.get_all_operations():
        one = found.ok()
        if one.path in plain and mode is GenerationMode.NEGATIVE:
            continue  # any text may be an id, so that nothing can be wrong

        @FEW
        @given(case=one.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            case.call_and_validate(excluded_checks=UNSAID)

        ask()
