"""Real programs: what systems say of the same things becomes exceptions with owners, whatever befalls the worker."""

import asyncio
import json
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from metrics.commands.quality import quality
from metrics.store.outcome import outcome_query
from tests.faults.stack import Stack, send, wait_until
from tests.integration.quality.scene import (
    ACCEPTED_SECONDS,
    account,
    ago,
    definitions,
    in_ukg,
    in_workday,
    told_before,
)  # fmt: skip

pytestmark = [pytest.mark.broker, pytest.mark.store, pytest.mark.timeout(400)]
QUALITY = ("metrics.cli", "worker", "quality")


class Quality(Stack):
    """A stack with a worker of data quality, which may be killed."""

    def start_quality(self) -> None:
        self.worker = self.start_worker(module=QUALITY)

    def kill_nine(self) -> None:
        os.kill(self.worker.pid, signal.SIGKILL)
        self.worker.wait()

    def findings(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """(kind, object, target) → finding."""
        rows = self.rows("SELECT * FROM v_quality_findings")
        return {(row["kind"], row["subject_id"], row["target"]): row for row in rows}

    def wait_for(self, *wanted: tuple[str, str, str], state: str = "open") -> None:
        def there() -> bool:
            found = self.findings()
            return all(one in found and found[one]["state"] == state for one in wanted)

        wait_until(there, within=150, every=0.5)

    def outcome(self) -> list[list[dict[str, Any]]]:
        tables = ("quality_facts", "quality_findings", "quality_hops")
        return [self.rows(outcome_query(table)) for table in tables]


CONTRADICTION = ("contradiction", "204511", "")
DUPLICATE = ("duplicate", "1288", "")
UNMAPPED = ("unmapped", "CC-9999", "")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Quality]:
    folder = tmp_path_factory.mktemp("quality")
    with Quality(folder, definitions=definitions(folder / "definitions")) as made:
        made.start_quality()
        asyncio.run(send(made.broker_address, told_before()))
        yield made


def test_what_systems_say_becomes_exceptions_with_owners(stack: Quality) -> None:
    stack.wait_for(CONTRADICTION, DUPLICATE, UNMAPPED)
    found = stack.findings()
    assert set(found) == {CONTRADICTION, DUPLICATE, UNMAPPED}
    assert found[CONTRADICTION]["owner"] == "HR operations"
    assert found[CONTRADICTION]["said.value"] == ["Radiology", "Surgery"]
    assert found[DUPLICATE]["owner"] == "Supplier management"
    assert sorted(found[DUPLICATE]["objects"]) == ["1288", "900017"]
    assert found[UNMAPPED]["owner"] == "Finance master data"
    assert stack.value("SELECT share_within FROM v_quality_latency WHERE target = 'identity'") == 1.0
    assert all("mfrggzdf" not in repr(stack.rows(f"SELECT * FROM quality_{name}")) for name in ("facts", "findings"))


def test_the_correction_heals_the_contradiction(stack: Quality) -> None:
    asyncio.run(send(stack.broker_address, [in_ukg("corrected", "204511", ago(hours=1), "Surgery")]))
    stack.wait_for(CONTRADICTION, state="healed")
    finding = stack.findings()[CONTRADICTION]["finding_id"]
    history = stack.rows(
        "SELECT what FROM v_quality_history WHERE finding_id = %(id)s ORDER BY noticed, at", {"id": finding}
    )
    assert [row["what"] for row in history] == ["open", "healed"]


def test_a_worker_whom_no_target_shows_becomes_an_exception_although_nothing_more_arrives(stack: Quality) -> None:
    asyncio.run(send(stack.broker_address, [in_workday("new", "300200", ago(seconds=0), "ICU")]))
    wait_until(lambda: stack.value("SELECT count() FROM v_quality_hops WHERE subject_id = '300200'") == 2, within=60)
    stack.wait_for(("propagation", "300200", "identity"), ("propagation", "300200", "servicenow"))
    row = stack.findings()["propagation", "300200", "identity"]
    changed = stack.value("SELECT min(changed) FROM v_quality_hops WHERE subject_id = '300200'")
    assert (row["opened"] - changed).total_seconds() == ACCEPTED_SECONDS
    asyncio.run(send(stack.broker_address, account("late", "300200", ago(seconds=0))))
    stack.wait_for(("propagation", "300200", "identity"), ("propagation", "300200", "servicenow"), state="healed")


def test_a_worker_killed_in_between_ends_with_the_same_findings(stack: Quality) -> None:
    stack.settle("quality")
    before = stack.outcome()
    stack.kill_nine()
    asyncio.run(send(stack.broker_address, [in_workday("gone", "300300", ago(seconds=0), "ICU"), *told_before()]))
    stack.start_quality()
    wait_until(lambda: stack.value("SELECT count() FROM v_quality_hops WHERE subject_id = '300300'") == 2, within=120)
    stack.kill_nine()
    stack.start_quality()
    stack.wait_for(("propagation", "300300", "identity"), ("propagation", "300300", "servicenow"))
    after = stack.outcome()
    for old, new in zip(before, after, strict=True):
        assert [row for row in new if "300300" not in repr(row)] == old


def test_what_people_decide_outlives_every_recomputation(stack: Quality, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWGLASS_STORE_URL", stack.store_url)
    monkeypatch.setenv("FLOWGLASS_DATA_DIR", str(stack.folder))
    id = stack.findings()[DUPLICATE]["finding_id"]
    run = CliRunner()
    assert run.invoke(quality, ["assign", id, "A. Steward", "--by", "tester"]).exit_code == 0
    resolved = run.invoke(quality, ["resolve", id[:10], "--comment", "merged in S/4", "--by", "tester", "--json"])
    assert json.loads(resolved.stdout)["status"] == "resolved"
    listed = json.loads(run.invoke(quality, ["list", "--kind", "duplicate", "--json"]).stdout)
    assert listed == {"total": 0, "findings": []}
    shown = json.loads(run.invoke(quality, ["show", id, "--json"]).stdout)
    assert (shown["owner"], shown["comment"]) == ("A. Steward", "merged in S/4")
    assert [entry["what"] for entry in shown["history"]] == ["open", "assigned", "resolved"]
    assert run.invoke(quality, ["show", "ffffffffffff"]).exit_code == 1
    assert run.invoke(quality, ["list", "--kind", "wrong"]).exit_code == 2
    assert run.invoke(quality, ["latency"]).exit_code == 0
    assert "identity" in run.invoke(quality, ["latency"]).stdout
