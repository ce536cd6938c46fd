"""The page says who did what, and whether the log holds."""

from pathlib import Path
from typing import Any

import pytest

from dashboards.address import Address
from dashboards.filling import Empty, Request
from dashboards.pages.audit import BEYOND, fill_audit
from dashboards.scope import Desk
from metrics.access.audit import AuditLog
from metrics.queries.audit_rows import Deed
from tests.unit.dashboards.fake_reader import NOW, FakeReader


def filled(file: Path, whole: bool = True, **rows: list[Any]) -> list[Any]:
    reader = FakeReader(**rows)
    return fill_audit(reader, file, Request(Desk(reader).scope(Address()), False, 0, (), []), whole)


def test_looks_and_deeds_stand_in_one_list_the_newest_first(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    AuditLog(file).note("ada", "looked", "R-1", role="admin", process="employee_change")
    chain, rows = filled(file, people_did=[Deed(NOW - 86_400_000_000_000, "eve", "ack", "alert 12ab")])
    assert chain.startswith("All 1 lines hold.")
    assert [(row["who"], row["did"], row["what"]) for row in rows] == [
        ("ada", "looked", "R-1"),
        ("eve", "acknowledged", "alert 12ab"),
    ]
    assert rows[0]["more"] == "admin, employee_change"


def test_who_does_not_reach_everything_is_not_shown_the_log(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    AuditLog(file).note("ada", "looked", "R-1", role="admin")
    chain, rows = filled(file, whole=False, people_did=[Deed(NOW, "eve", "ack", "alert 12ab")])
    assert chain == BEYOND
    assert [row["who"] for row in rows] == ["eve"]


def test_a_broken_chain_is_said(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    for what in ("R-1", "R-2"):
        AuditLog(file).note("ada", "looked", what)
    file.write_text(file.read_text().replace("R-1", "R-9"))
    assert filled(file)[0].startswith("The log is broken at line 1")


def test_where_nobody_signs_on_the_page_says_so(tmp_path: Path) -> None:
    with pytest.raises(Empty, match="FLOWGLASS_ACCESS=on"):
        filled(tmp_path / "audit.jsonl")
    assert "FLOWGLASS_ACCESS=on" in filled(tmp_path / "audit.jsonl", people_did=[Deed(NOW, "eve", "ack", "x")])[0]
