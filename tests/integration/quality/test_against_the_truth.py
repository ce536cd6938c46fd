"""The flaws that the simulated hospital group plays on purpose are found: those and, of their kinds, no others."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import time_ns
from typing import Any

import pytest

from metrics.words import DAY, HOUR
from tests.faults.stack import ROOT, Stack, wait_until

pytestmark = [pytest.mark.broker, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(600)]
KINDS = ("contradiction", "duplicate", "unmapped")
GUARDS = {
    "batch_reconciliation/difference_repaired", "employee_offboarding/access_revoked",
    "requisition_to_pay/approval_limit", "requisition_to_pay/approver_employed", "requisition_to_pay/four_eyes",
    "requisition_to_pay/supplier_ready",
}  # fmt: skip
SLACK = HOUR
"""Systems write some times by the second, and a message that was lost is sent again: at most an hour apart."""


def settled(opened: int) -> bool:
    """Whether it began long enough ago to be in everybody's books."""
    return opened < time_ns() // 1000 - 2 * HOUR


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Fifteen days of the group, sent as its products send them, mapped and judged."""
    with Stack(tmp_path_factory.mktemp("truth")) as made:
        for kind in ("sources", "quality"):
            made.start_worker(module=("metrics.cli", "worker", kind))
        with (made.folder / "simulator.log").open("wb") as log:
            simulator = subprocess.Popen(
                [sys.executable, "-m", "metrics.cli", "simulate", "--days", "15", "--native-days", "15"],
                cwd=ROOT, stdout=log, stderr=log,
                env={**os.environ, "FLOWGLASS_BROKER_URL": made.broker_address, "FLOWGLASS_STORE_URL": made.store_url,
                     "FLOWGLASS_DATA_DIR": str(made.folder), "FLOWGLASS_PRIVACY": "off"},
            )  # fmt: skip
        try:
            wait_until(lambda: is_through(made), within=400, every=2)
        finally:
            simulator.terminate()
            simulator.wait(30)
        yield made


def is_through(stack: Stack) -> bool:
    """Whether the history is live, all of it mapped, read and judged."""
    live = stack.value("SELECT countIf(phase = 'live') FROM quality_tides FINAL WHERE feed = 'simulator'")
    behind = stack.value("SELECT sum(high_water - least(committed, high_water)) FROM v_checkpoints")
    return int(live) == 4 and int(behind) == 0 and int(stack.value("SELECT count() FROM v_quality_findings")) > 0


def truth(folder: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """(kind, object) → the newest record of the flaw; of a duplicate the smaller number."""
    (file,) = folder.rglob("truth.jsonl")
    records = [json.loads(line) for line in file.read_text().splitlines() if '"quality"' in line]
    found = {(one["what"], min(id for _, id in one["objects"])): one for one in records if one["record"] == "quality"}
    waits = {"unmapped": DAY}
    return {
        key: {**one, "from": one["from"] + waits.get(one["what"], 0)}
        for key, one in found.items()
        if one["until"] is None or one["until"] > one["from"] + waits.get(one["what"], 0)
    }


def findings(stack: Stack) -> dict[tuple[str, str], dict[str, Any]]:
    rows = stack.rows(
        """SELECT kind, subject_id, state, toUnixTimestamp64Micro(opened) AS opened, objects,
                  toUnixTimestamp64Micro(healed) AS healed FROM v_quality_findings"""
    )
    return {(row["kind"], row["subject_id"]): row for row in rows if row["kind"] in KINDS}


def test_every_flaw_of_the_group_is_found_and_nothing_else(stack: Stack) -> None:
    expected, found = truth(stack.folder), findings(stack)
    assert {kind for kind, _ in expected} >= {"contradiction", "unmapped"}
    wanted = {key for key, said in expected.items() if key[0] in KINDS and settled(said["from"])}
    assert {key for key, row in found.items() if settled(row["opened"])} == wanted


def violated(stack: Stack) -> dict[tuple[str, str], dict[str, Any]]:
    """(guard, document) → the newest record of the truth, where a guard is violated."""
    (file,) = stack.folder.rglob("truth.jsonl")
    records = [json.loads(line) for line in file.read_text().splitlines() if '"guard"' in line]
    newest = {(f"{one['process']}/{one['guard']}", one["document"]): one for one in records}
    return {key: one for key, one in newest.items() if one["until"] is None or one["until"] > one["from"]}


def violations(stack: Stack) -> dict[tuple[str, str], dict[str, Any]]:
    rows = stack.rows(
        """SELECT field, target, toUnixTimestamp64Micro(opened) AS opened, toUnixTimestamp64Micro(healed) AS healed,
                  severity, title, events, proof FROM v_quality_findings WHERE kind = 'guard'"""
    )
    return {(row["field"], row["target"]): row for row in rows}


def untold(stack: Stack) -> set[tuple[str, str]]:
    """(guard, document) of approvals in E-Business Suite, which says neither who asked nor on which level it was."""
    rows = stack.rows(
        """SELECT DISTINCT field, JSONExtractString(value, 'document') AS document FROM v_quality_facts
           WHERE kind = 'asked' AND system = 'ebs'"""
    )
    return {(row["field"], row["document"]) for row in rows if row["document"].startswith("approval_step/")}


def test_every_violation_of_a_guard_is_found_and_nothing_else(stack: Stack) -> None:
    """Of the history but its last day: a nightly file may be that late, and with it the end of what is violated."""
    expected, found, until = violated(stack), violations(stack), time_ns() // 1000 - DAY
    wanted = {key for key, said in expected.items() if said["from"] < until} - untold(stack)
    assert {key for key, row in found.items() if row["opened"] < until} - untold(stack) == wanted
    assert {guard for guard, _ in wanted} >= GUARDS
    for key in wanted:
        said, row = expected[key], found[key]
        assert abs(row["opened"] - said["from"]) <= SLACK, key
        if said["until"] is None or said["until"] < until:
            assert (row["healed"] is None) == (said["until"] is None), key
        assert row["proof"] in row["events"], key


def test_they_opened_and_healed_when_the_group_says(stack: Stack) -> None:
    expected, found = truth(stack.folder), findings(stack)
    for key in expected.keys() & found.keys():
        said, row = expected[key], found[key]
        assert abs(row["opened"] - said["from"]) <= SLACK, key
        assert (row["healed"] is None) == (said["until"] is None), key
        assert said["until"] is None or abs(row["healed"] - said["until"]) <= SLACK, key
