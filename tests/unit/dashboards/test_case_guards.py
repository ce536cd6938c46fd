"""Violated guards on a case and in the detail of Data quality."""

from typing import Any

import pytest

from dashboards.address import Address
from dashboards.case_guards import violation_row
from dashboards.domains import read_domains
from dashboards.quality_detail import read_finding
from dashboards.scope import Desk
from metrics.queries.guard_rows import CaseViolation
from metrics.queries.quality_rows import ListedFinding
from tests.unit.dashboards.fake_reader import NOW, FakeReader

VIOLATION = CaseViolation(
    "f1", "four_eyes", "Approved by whoever asked for it", "critical", "procurement", "approval_step", "AS-1",
    "requisition", "R-1", "W-1 did this and also asked", "open", NOW, None, 2,
)  # fmt: skip


def finding(**changed: Any) -> ListedFinding:
    told: dict[str, Any] = {
        "finding_id": "f1", "kind": "guard", "domain": "requisition_to_pay", "owner": "procurement",
        "subject_type": "requisition", "subject_id": "R-1", "field": "requisition_to_pay/four_eyes",
        "target": "approval_step/AS/1", "said_systems": ["coupa"], "said_objects": ["R-1"],
        "said_values": ["approval_step/AS/1"], "said_times": [NOW], "detail": "W-1 did this and also asked",
        "status": "open", "opened_us": NOW, "healed_us": None, "episodes": 1, "proof": "e1", "actor": "",
        "comment": "", "simulated": 0, "total": 1, "severity": "critical", "title": "Own approval",
        "events": ["e1", "e2"],
    }  # fmt: skip
    return ListedFinding(**{**told, **changed})


def test_a_violation_on_a_case_opens_its_evidence() -> None:
    row = violation_row(VIOLATION)
    assert (row["case"], row["document"]) == ("Approved by whoever asked for it", "Approval step AS-1")
    assert (row["severity"], row["owner"], row["status"]) == ("Critical", "procurement", "at_risk")
    assert row["href"] == "/data-quality?state=all&fault=guard&finding=finding%3Af1"


def test_the_detail_of_a_violation_names_its_process_guard_document_and_events() -> None:
    desk = Desk(FakeReader(quality_list=[finding()]))
    found = read_finding(desk.reader, read_domains(), desk.scope(Address()), "f1")
    assert found is not None
    facts = dict(found.facts)
    assert (facts["Process"], facts["Guard"]) == ("Requisition to pay", "Own approval")
    assert facts["Severity"] == "Critical"
    assert found.events == ("e1", "e2")
    assert found.objects == (("approval_step", "AS/1"),)


@pytest.mark.parametrize("kind", ["contradiction", "unmapped"])
def test_other_findings_keep_their_field_and_their_proof(kind: str) -> None:
    desk = Desk(FakeReader(quality_list=[finding(kind=kind, field="department", target="", events=[])]))
    found = read_finding(desk.reader, read_domains(), desk.scope(Address()), "f1")
    assert found is not None
    assert dict(found.facts)["Field"] == "Department"
    assert found.events == ("e1",)
