"""The commands that read and clean the store, on cases that the engine made."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import time_ns

import pytest
from msgspec.structs import replace
from typer.testing import Result

from metrics.commands.case import case
from metrics.commands.export import export
from metrics.commands.purge import KEPT, SIMULATED, purge
from metrics.commands.sla import sla
from metrics.store.client import StoreClient
from metrics.store.tables import TABLES
from metrics.store.writer import ClickHouseWriter
from metrics.words import DAY, Event
from streams.intake.options import LogOptions
from streams.intake.reader import open_log
from tests.fakes.events import event
from tests.integration.cli.seeding import bury, fold
from tests.unit.streams.dead_letters.test_divert import letter

pytestmark = pytest.mark.store
Run = Callable[..., Result]
NOW = time_ns() // 1000
START = (NOW - 5 * DAY) // 1_000_000


def story(case_id: str, *, simulated: bool, source: str = "/coupa") -> list[Event]:
    """A requisition that was approved, ordered and received."""
    order = ("purchase_order", f"PO-{case_id}")
    receipt = ("goods_receipt", f"GR-{case_id}")
    steps = [
        ("requisition.created.v1", [("requisition", case_id)]),
        ("requisition.submitted.v1", [("requisition", case_id)]),
        ("requisition.approved.v1", [("requisition", case_id)]),
        ("purchase_order.created.v1", [order, ("requisition", case_id)]),
        ("goods_receipt.posted.v1", [receipt, order]),
    ]
    feed = "simulator" if simulated else source
    return [
        replace(
            event(kind, START + 3600 * hour, *objects, id=f"{case_id}-{hour}", source=source, facility="north"),
            simulated=simulated,
            ingested=NOW,
            actor="W-7",
            feed=feed,
            position=hour,
            origin=f"test-{case_id}",
        )
        for hour, (kind, objects) in enumerate(steps)
    ]


def everything(store: StoreClient) -> dict[str, int]:
    return {table: int(store.command(f"SELECT count() FROM {table}")) for table in TABLES}


def test_a_case_is_found_by_any_id_that_belongs_to_it(run: Run, store: StoreClient) -> None:
    fold(store, story("R-1", simulated=False) + story("R-2", simulated=True), NOW)
    for id in ("R-1", "PO-R-1", "GR-R-1", "R-1-3"):
        told = json.loads(run(case, id, "--json").stdout)
        assert told["case_id"] == "R-1", id
        assert [one["event_id"] for one in told["events"]] == [f"R-1-{hour}" for hour in range(5)]
        assert {(one["object_type"], one["event_id"]) for one in told["objects"]} >= {
            ("purchase_order", "R-1-3"),
            ("goods_receipt", "R-1-4"),
        }
    shown = run(case, "R-2")
    assert shown.exit_code == 0
    assert "[simulated]" in shown.stdout
    assert run(case, "W-7").stdout.startswith("W-7 belongs to 2 cases")
    assert len(json.loads(run(case, "W-7", "--json").stdout)["found"]) == 2
    assert run(case, "nobody").exit_code == 1
    assert run(case, "R-1", "--process", "employee_onboarding").exit_code == 1


def test_slas_stand_as_their_clocks_do(run: Run, store: StoreClient) -> None:
    fold(store, story("R-1", simulated=False), NOW)
    told = json.loads(run(sla, "--json").stdout)
    stored = list(store.rows("SELECT sla, status FROM v_clocks WHERE status IN ('met', 'breached')"))
    assert stored
    met = Counter(row["sla"] for row in stored if row["status"] == "met")
    assert {one["sla"]: one["met"] for one in told["slas"] if one["met"]} == met
    assert sum(one["missed"] + one["overdue"] for one in told["slas"]) == len(stored) - met.total()
    assert told["simulated"] is False
    assert run(sla, "--process", "unheard_of").exit_code == 1


@pytest.mark.parametrize(("kind", "name", "options"), [
    ("ocel", "log.json", LogOptions(case="requisition")),
    ("xes", "log.xes", LogOptions()),
])  # fmt: skip
def test_an_exported_log_is_read_back_the_same(
    run: Run, store: StoreClient, tmp_path: Path, kind: str, name: str, options: LogOptions
) -> None:
    events = story("R-1", simulated=False) + story("R-2", simulated=True)
    fold(store, events, NOW)
    out = tmp_path / name
    done = run(export, kind, "--process", "requisition_to_pay", "--out", str(out))
    assert done.exit_code == 0, done.output
    back = [one for one in open_log(out, options) if isinstance(one, Event)]
    assert Counter((one.activity, one.time) for one in back) == Counter((one.activity, one.time) for one in events)
    assert sum(one.attributes.get("fg:simulated") is True for one in back) == 5
    assert list(tmp_path.iterdir()) == [out]


def test_a_window_without_events_is_no_file(run: Run, store: StoreClient, tmp_path: Path) -> None:
    fold(store, story("R-1", simulated=False), NOW)
    done = run(export, "ocel", "--until", "2001-01-01", "--out", str(tmp_path / "log.json"))
    assert done.exit_code == 1
    assert list(tmp_path.iterdir()) == []
    assert run(export, "parquet").exit_code == 2
    assert run(export, "ocel", "--since", "yesterday").exit_code == 2


def test_a_purge_leaves_the_store_as_if_nothing_had_been_simulated(run: Run, store: StoreClient) -> None:
    fold(store, story("R-1", simulated=False), NOW - DAY)
    before = everything(store)
    fold(store, story("R-2", simulated=True, source="/other"), NOW - DAY)
    bury(store, [letter(b'{"simulated" : true,"id":"x"', ingested=NOW)])
    ClickHouseWriter(store).insert(
        "markers",
        {"feed": ["simulator"], "kind": ["live"], "partition": [0], "count": [1], "origin": ["o"], "position": [1],
         "ingested": [NOW]},
    )  # fmt: skip
    assert everything(store)["case_events"] > before["case_events"]
    done = run(purge, "--simulated", "--yes", "--json")
    assert done.exit_code == 0, done.output
    assert everything(store) == before
    told = json.loads(done.stdout)
    assert told["removed"]["dead_letters"] == 1
    assert set(told["left"].values()) == {0}
    assert run(case, "R-1").exit_code == 0
    assert run(case, "R-2").exit_code == 1


def test_every_table_is_either_purged_or_known_to_say_nothing_of_business() -> None:
    assert set(SIMULATED) | KEPT == set(TABLES)


def test_a_purge_under_running_workers_is_refused(run: Run, store: StoreClient) -> None:
    fold(store, story("R-2", simulated=True), NOW)
    before = everything(store)
    now = {"watermark": [NOW], "flushed_at": [time_ns() // 1000], "read_to": [NOW], "left_us": [0]}
    place = {"worker": ["spans"], "topic": ["t"], "partition": [0], "version": [1], "incarnation": ["i"]}
    ClickHouseWriter(store).insert("checkpoints", {**place, "committed": [1], "high_water": [1], **now})
    assert run(purge, "--simulated", "--yes").exit_code == 1
    assert everything(store) == before | {"checkpoints": before["checkpoints"] + 1}
    assert run(purge, "--simulated", "--yes", "--force").exit_code == 0
    assert everything(store)["cases"] == 0
    assert run(purge).exit_code == 2
