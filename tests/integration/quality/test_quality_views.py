"""What the views say of findings that people acted on."""

from typing import Any

import pytest

from metrics.alerts.rows import OpenFindings, OpenViolations
from metrics.commands.purge import count_simulated, delete_simulated
from metrics.quality.actions import act
from metrics.queries.guard_rows import CaseViolation
from metrics.queries.quality_rows import FindingEntry, HopLatency, ListedFinding
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter

pytestmark = pytest.mark.store
OPENED = 1_767_225_600_000_000


def finding(id: str, **changed: Any) -> dict[str, Any]:
    row = {
        "subject_type": "worker", "anchor": id, "finding_id": id, "version": 1, "withdrawn": 0, "kind": "contradiction",
        "domain": "workforce", "owner": "HR operations", "subject_id": "7", "field": "department", "target": "",
        "said": '[{"system":"ukg","object":"7","value":"B","time":5}]',
        "detail": "department: ukg says B, workday says A", "state": "open", "opened": OPENED, "healed": None,
        "episodes": 1, "proof": "e", "simulated": 0, "severity": "", "title": "", "evidence": "[]",
    }  # fmt: skip
    return row | changed


def violation(id: str, **changed: Any) -> dict[str, Any]:
    """A guard of `buying` that an order violates, as it is stored."""
    of_guard = {
        "subject_type": "supplier", "kind": "guard", "domain": "buying", "owner": "procurement", "subject_id": "S1",
        "field": "buying/ready", "target": "purchase_order/PO/1", "severity": "critical", "title": "Not ready",
        "evidence": '["e","s"]',
    }  # fmt: skip
    return finding(id, **(of_guard | changed))


def write(store: StoreClient, *rows: dict[str, Any]) -> ClickHouseWriter:
    writer = ClickHouseWriter(store)
    writer.insert("quality_findings", {name: [row[name] for row in rows] for name in rows[0]})
    return writer


def listed(store: StoreClient, **chosen: Any) -> list[ListedFinding]:
    nothing = {"ids": [], "kind": "", "domain": "", "owner": "", "objects": [], "statuses": [], "limit": 10}
    return Queries(store).rows("quality_list", ListedFinding, **(nothing | chosen))


def test_what_people_do_counts_for_the_episode_they_did_it_in(store: StoreClient) -> None:
    writer = write(store, finding("f1"), finding("f2"))
    act(writer, "f1", OPENED, "assigned", actor="a", at=OPENED + 1, owner="Steward")
    act(writer, "f1", OPENED, "resolved", actor="a", at=OPENED + 2, comment="merged")
    by_id = {one.finding_id: one for one in listed(store)}
    assert (by_id["f1"].status, by_id["f1"].owner, by_id["f1"].comment) == ("resolved", "Steward", "merged")
    assert (by_id["f2"].status, by_id["f2"].owner) == ("open", "HR operations")
    assert [one.finding_id for one in listed(store, ids=["f"], statuses=["open"])] == ["f2"]
    write(store, finding("f1", version=2, opened=OPENED + 9, episodes=2))
    (again,) = listed(store, ids=["f1"])
    assert (again.status, again.owner) == ("open", "Steward"), "it opened again: resolved no longer, still assigned"


def test_a_withdrawn_finding_is_not_listed_and_keeps_its_history(store: StoreClient) -> None:
    writer = write(store, finding("f1"))
    act(writer, "f1", OPENED, "commented", actor="a", at=OPENED + 1, comment="why?")
    write(store, finding("f1", version=2, withdrawn=1))
    assert listed(store) == []
    (entry,) = Queries(store).rows("quality_history", FindingEntry, finding="f1")
    assert (entry.what, entry.comment) == ("commented", "why?")


def test_a_violation_is_known_by_its_document_and_its_case(store: StoreClient) -> None:
    writer = write(store, violation("f1"), violation("f2", proof="x"), finding("f3"))
    step = {
        "process": "buying", "case_id": "R1", "event_id": "e", "version": 1, "withdrawn": 0, "time": OPENED,
        "started": None, "rank": 0, "sequence": 0, "type": "t", "activity": "t", "source": "s", "trace_id": "",
        "trace_source": "",
    }  # fmt: skip
    ways = [step, step | {"case_id": "R2"}, step | {"case_id": "R3", "version": 2}]
    taken_back = [step | {"case_id": "R3", "version": 3, "withdrawn": 1}]
    for rows in (ways, taken_back):
        writer.insert("case_events", {name: [row[name] for row in rows] for name in step})
    queries = Queries(store)
    for case in ("R1", "R2"):
        (one,) = queries.rows("case_guards", CaseViolation, process="buying", case_id=case)
        assert (one.guard, one.document_type, one.document_id, one.events) == ("ready", "purchase_order", "PO/1", 2)
    assert queries.rows("case_guards", CaseViolation, process="buying", case_id="R3") == []
    (alert,) = queries.rows("alert_guards", OpenViolations, since=OPENED)
    assert (alert.process, alert.guard, alert.severity, alert.violations) == ("buying", "ready", "critical", 2)
    assert [one.kind for one in queries.rows("alert_quality", OpenFindings)] == ["contradiction"]
    (shown,) = listed(store, ids=["f1"])
    assert (shown.severity, shown.title, shown.events) == ("critical", "Not ready", ["e", "s"])


def test_latency_counts_what_is_decided(store: StoreClient) -> None:
    base = {
        "subject_type": "worker", "field_group": "employment", "target": "ukg", "version": 1, "withdrawn": 0,
        "domain": "workforce", "system": "workday", "changed": OPENED, "due": OPENED + 100, "accepted_us": 100,
        "seen_event_id": "", "feed": "f", "simulated": 0,
    }  # fmt: skip
    said = [("in_time", 10), ("in_time", 30), ("late", 200), ("missing", None), ("pending", None)]
    rows = [
        base
        | {"subject_id": str(n), "event_id": f"e{n}", "state": state, "seen": None if took is None else OPENED + took}
        for n, (state, took) in enumerate(said)
    ]
    ClickHouseWriter(store).insert("quality_hops", {name: [row[name] for row in rows] for name in rows[0]})
    (hop,) = Queries(store).rows("quality_latency", HopLatency)
    assert (hop.changes, hop.decided, hop.pending, hop.late, hop.missing) == (5, 4, 1, 1, 1)
    assert (hop.share_within, hop.median_us, hop.accepted_us) == (0.5, 30, 100)


def test_a_purge_removes_simulated_findings_with_all_that_was_done_with_them(store: StoreClient) -> None:
    writer = write(store, finding("real"), finding("fake", simulated=1))
    for id in ("real", "fake"):
        act(writer, id, OPENED, "resolved", actor="a", at=OPENED + 1)
    counts = count_simulated(store)
    assert (counts["quality_findings"], counts["quality_actions"]) == (1, 1)
    delete_simulated(store, counts)
    assert [one.finding_id for one in listed(store)] == ["real"]
    assert Queries(store).rows("quality_history", FindingEntry, finding="fake") == []


def test_no_action_without_an_actor_or_of_another_kind(store: StoreClient) -> None:
    writer = ClickHouseWriter(store)
    for wrong in ({"action": "deleted"}, {"actor": ""}, {"owner": "x"}):
        with pytest.raises(ValueError, match=r"action|assignment"):
            act(writer, "f1", OPENED, **({"action": "resolved", "actor": "a", "at": OPENED} | wrong))  # type: ignore[arg-type]
