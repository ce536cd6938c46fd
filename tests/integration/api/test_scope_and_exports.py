"""Who asks sees what they reach, on every path; exports hold what the store holds, and no more than may be seen."""

import csv
import io
import json

import pytest
from flask.testing import FlaskClient
from lxml import etree

from dashboards.api.operations import OPERATIONS
from metrics.store.client import StoreClient
from tests.integration.api.conftest import SINCE, UNTIL, Interface
from tests.integration.api.test_answers import every, rows

pytestmark = pytest.mark.store
WINDOW = {"since": SINCE, "until": UNTIL}
BUYS = "process = 'requisition_to_pay'"
NORTH = f"{BUYS} AND facility = 'north'"


@pytest.fixture(scope="module")
def norah(guarded: Interface) -> FlaskClient:
    """She buys for one facility."""
    return guarded.of("norah")


def export(api: FlaskClient, kind: str, **asked: str) -> bytes:
    answer = api.get(f"/api/v1/exports/{kind}", query_string={**WINDOW, **asked})
    assert answer.status_code == 200, answer.text
    return answer.data


def test_somebody_unknown_is_told_to_sign_on_and_may_ask_whether_it_lives(guarded: Interface) -> None:
    stranger = guarded.app.test_client()
    for one in OPERATIONS:
        path = one.rule.replace("<path:", "").replace("<", "").replace(">", "")
        assert (stranger.get(path).status_code == 401) == (one.page is not None), path
    assert stranger.get("/api/v1/openapi.json").status_code == 401
    refused = stranger.get("/api/v1/cases", headers={"Authorization": "Bearer fgt_guessed"})
    assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")
    assert "flowglass access token" in refused.json["detail"]


def test_a_token_ends_when_it_is_taken_back_or_its_account_changes(guarded: Interface) -> None:
    text, token = guarded.tokens.make("ada", 1)
    client = guarded.app.test_client()
    asks = {"Authorization": f"Bearer {text}"}
    assert client.get("/api/v1/alerts", headers=asks).status_code == 200
    assert "set-cookie" not in client.get("/api/v1/alerts", headers=asks).headers
    guarded.tokens.revoke(token.id)
    assert client.get("/api/v1/alerts", headers=asks).status_code == 401


def test_a_role_opens_no_more_here_than_pages(guarded: Interface) -> None:
    executive = guarded.of("eve")
    assert executive.get("/api/v1/openapi.json").status_code == 200
    for path in ("/cases", "/alerts", "/links/objects/worker/1", f"/exports/csv?since={SINCE}"):
        assert executive.get(f"/api/v1{path}").status_code == 403, path


def test_lists_show_the_cases_of_the_facility_and_no_others(norah: FlaskClient, filled: StoreClient) -> None:
    allowed = {case for (case,) in rows(filled, f"SELECT case_id FROM v_cases WHERE {NORTH}")}
    other = {case for (case,) in rows(filled, f"SELECT case_id FROM v_cases WHERE {BUYS} AND facility != 'north'")}
    assert allowed
    assert other
    shown = {one["case_id"] for one in every(norah, "/cases", limit=13)}
    assert allowed <= shown
    assert not other & shown
    assert {one["facility"] for one in every(norah, "/ledger/documents", **WINDOW)} == {"north"}
    assert {one["value"] for one in every(norah, "/ledger/totals", **WINDOW)} == {"north"}


def test_what_belongs_to_others_is_not_there(norah: FlaskClient, filled: StoreClient) -> None:
    (case,) = rows(filled, f"SELECT case_id FROM v_cases WHERE {BUYS} AND facility != 'north' LIMIT 1")[0]
    assert norah.get(f"/api/v1/cases/requisition_to_pay/{case}").status_code == 404
    assert norah.get(f"/api/v1/links/objects/requisition/{case}").status_code == 404
    sql = f"SELECT trace_id FROM v_case_events WHERE {BUYS} AND case_id = '{case}' AND trace_id != '' LIMIT 1"
    (trace,) = rows(filled, sql)[0]
    assert norah.get(f"/api/v1/links/traces/{trace}").status_code == 404
    (mine,) = rows(filled, f"SELECT case_id FROM v_cases WHERE {NORTH} LIMIT 1")[0]
    assert norah.get(f"/api/v1/cases/requisition_to_pay/{mine}").status_code == 200


def test_looks_and_exports_are_noted(guarded: Interface, norah: FlaskClient, filled: StoreClient) -> None:
    (mine,) = rows(filled, f"SELECT case_id FROM v_cases WHERE {NORTH} LIMIT 1 OFFSET 1")[0]
    norah.get(f"/api/v1/cases/requisition_to_pay/{mine}")
    norah.get(f"/api/v1/links/objects/requisition/{mine}")
    export(norah, "xes", process="requisition_to_pay")
    looks = [one for one in guarded.audit.entries() if (one["did"], one["what"]) == ("looked", mine)]
    assert [one.get("process", "") for one in looks] == ["requisition_to_pay", ""]
    noted = [(one["who"], one["did"], one["what"].split(" ")[0]) for one in guarded.audit.entries()]
    assert ("norah", "looked", mine) in noted
    assert ("norah", "exported", "xes") in noted
    assert "used a token" in {did for _, did, _ in noted}


def test_an_ocel_export_holds_the_events_objects_and_relations_of_the_store(
    api: FlaskClient, filled: StoreClient
) -> None:
    told = json.loads(export(api, "ocel", process="requisition_to_pay"))
    own = "FROM v_events WHERE event_id IN (SELECT event_id FROM v_case_events WHERE process = 'requisition_to_pay')"
    stored = rows(filled, f"SELECT count(), sum(length(object_ids)) {own}")[0]
    assert (len(told["events"]), sum(len(one["relationships"]) for one in told["events"])) == stored
    named = f"(SELECT object_types, object_ids {own}) ARRAY JOIN object_types AS kind, object_ids AS id"
    objects = rows(filled, f"SELECT uniqExact(kind, id) FROM {named}")
    assert (len(told["objects"]),) == objects[0]
    known = {one["id"] for one in told["objects"]}
    assert len(known) == len(told["objects"])
    assert {one["type"] for one in told["objects"]} <= {one["name"] for one in told["objectTypes"]}
    assert {one["type"] for one in told["events"]} <= {one["name"] for one in told["eventTypes"]}
    relations = [*(r for one in told["events"] for r in one["relationships"]),
                 *(r for one in told["objects"] for r in one["relationships"])]  # fmt: skip
    assert {one["objectId"] for one in relations} <= known
    assert any(one["relationships"] for one in told["objects"])
    times = [one["time"] for one in told["events"]]
    assert times == sorted(times)


def test_xes_and_csv_hold_every_event_of_every_case(api: FlaskClient, filled: StoreClient) -> None:
    sql = "SELECT case_id, count() FROM v_case_events WHERE process = 'requisition_to_pay' GROUP BY case_id"
    stored = dict(rows(filled, sql))
    log = etree.fromstring(export(api, "xes", process="requisition_to_pay"))
    spaces = {"x": "http://www.xes-standard.org/"}
    traces = log.findall("x:trace", spaces)
    named = {one.find("x:string", spaces).get("value"): len(one.findall("x:event", spaces)) for one in traces}
    assert named == stored
    lines = list(csv.DictReader(io.StringIO(export(api, "csv", process="requisition_to_pay").decode())))
    assert {case: sum(one["case_id"] == case for one in lines) for case in stored} == stored
    every_event = list(csv.DictReader(io.StringIO(export(api, "csv").decode())))
    between = "time >= '2026-07-01 00:00:00' AND time < '2027-01-01 00:00:00'"
    assert (len(every_event),) == rows(filled, f"SELECT count() FROM v_events WHERE {between}")[0]


def test_an_export_holds_nothing_of_other_facilities(norah: FlaskClient, filled: StoreClient) -> None:
    own = f"SELECT event_id FROM v_case_events WHERE (process, case_id) IN (SELECT process, case_id FROM v_cases WHERE {NORTH})"  # noqa: E501
    allowed = {one for (one,) in rows(filled, own)}
    told = json.loads(export(norah, "ocel", process="requisition_to_pay"))
    assert {one["id"] for one in told["events"]} == allowed
    lines = csv.DictReader(io.StringIO(export(norah, "csv", process="requisition_to_pay").decode()))
    assert {one["event_id"] for one in lines} == allowed
