"""Our exports of some simulated days, read by pm4py: what it finds and how long it takes are the store's."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from metrics.exports.log import log
from metrics.exports.window import Window
from metrics.store.queries import Queries
from streams.simulator.plan import DISORDERS, SimulationPlan
from tests.faults.stack import ROOT, Stack
from tests.integration.truth.replay import played
from tests.real.environments import EnvironmentUnavailable
from tests.real.mining import interpreter, mined

FULL = os.environ.get("FLOWGLASS_FULL") == "1"
DAYS, LOAD, WITHIN = 90 if FULL else 7, 0.3, 900.0 if FULL else 90.0
ANCHOR = int(datetime(2026, 3, 13, 15, 30, tzinfo=UTC).timestamp()) * 1_000_000

pytestmark = [pytest.mark.broker, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(1800 if FULL else 400)]


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A simulated history in a real store, delivered late and twice."""
    try:
        interpreter()
    except EnvironmentUnavailable as error:
        pytest.skip(str(error))
    carriers, disorder = DISORDERS["harsh"]
    plan = SimulationPlan(seed=7, anchor=ANCHOR, days=DAYS, load=LOAD, carriers=carriers, disorder=disorder)
    with Stack(tmp_path_factory.mktemp("mined")) as stack:
        played(stack, plan, ("cases",), WITHIN)
        yield stack


@pytest.fixture(scope="module")
def found(group: Stack) -> dict[str, Any]:
    """What pm4py finds in the OCEL export of everything (by the name ocel), and in the XES export of each process."""
    command = [sys.executable, "-m", "metrics.cli", "export", "ocel", "--out", str(group.folder / "all.jsonocel")]
    environment = {**os.environ, "FLOWGLASS_STORE_URL": group.store_url}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    files = {"ocel": group.folder / "all.jsonocel"}
    for row in group.rows("SELECT DISTINCT process FROM v_cases"):
        files[row["process"]] = group.folder / f"{row['process']}.xes"
        with files[row["process"]].open("wb") as file:
            file.writelines(log(Queries(group.store), "xes", Window(row["process"]), simulated=True).pieces)
    return dict(zip(files, mined(tuple(files.values()), WITHIN), strict=True))


def counted(stack: Stack, sql: str) -> dict[str, int]:
    return {row["name"]: row["n"] for row in stack.rows(f"SELECT {sql}")}


def test_events_and_objects_of_each_type_are_as_many_as_in_the_store(group: Stack, found: Mapping[str, Any]) -> None:
    events = counted(group, "toString(activity) AS name, count() AS n FROM v_events GROUP BY name")
    objects = counted(
        group,
        """kind AS name, uniqExact(id) AS n FROM v_events
           ARRAY JOIN CAST(object_types, 'Array(String)') AS kind, object_ids AS id GROUP BY name""",
    )
    print(f"{sum(events.values())} events of {len(events)} types, {sum(objects.values())} objects of {len(objects)}")
    assert found["ocel"]["events"] == events
    assert found["ocel"]["objects"] == objects


def test_relations_by_type_and_qualifier_are_as_many_as_in_the_store(group: Stack, found: Mapping[str, Any]) -> None:
    to_objects = counted(
        group,
        """concat(toString(activity), ' ', kind, ' ', role) AS name, uniqExact(event_id, id) AS n FROM v_events
           ARRAY JOIN CAST(object_types, 'Array(String)') AS kind, object_ids AS id,
                      CAST(object_qualifiers, 'Array(String)') AS role GROUP BY name""",
    )
    between = counted(
        group,
        """concat(toString(object_type), ' ', pair.1, ' belongs_to') AS name, count() AS n FROM v_objects
           ARRAY JOIN arrayZip(CAST(`parent.type`, 'Array(String)'), `parent.id`) AS pair GROUP BY name""",
    )
    print(f"{sum(to_objects.values())} relations of events to objects, {sum(between.values())} between objects")
    assert found["ocel"]["e2o"] == to_objects
    assert found["ocel"]["o2o"] == between


def test_throughput_times_of_objects_are_those_of_the_store(group: Stack, found: Mapping[str, Any]) -> None:
    sql = """SELECT kind, id, toUnixTimestamp64Micro(max(time)) - toUnixTimestamp64Micro(min(time)) AS lasts,
                    uniqExact(kind) OVER (PARTITION BY id) > 1 AS shared
             FROM v_events ARRAY JOIN CAST(object_types, 'Array(String)') AS kind, object_ids AS id GROUP BY kind, id"""
    stored = {f"{row['kind']}:{row['id']}" if row["shared"] else row["id"]: row["lasts"] for row in group.rows(sql)}
    assert found["ocel"]["throughput"] == stored


def test_throughput_times_of_the_cases_of_every_process_are_ours(group: Stack, found: Mapping[str, Any]) -> None:
    sql = """SELECT process, count() AS cases, sum(events) AS events, arraySort(groupArray(lasts)) AS lasts
             FROM (SELECT process, events, dateDiff('microsecond', first_time, last_time) AS lasts FROM v_cases)
             GROUP BY process ORDER BY process"""
    ours = {row["process"]: row for row in group.rows(sql)}
    assert len(ours) == 9
    for process, one in ours.items():
        print(f"{process}: {one['cases']} cases, {one['events']} events")
        activities = f"activity AS name, count() AS n FROM v_case_events WHERE process = '{process}' GROUP BY name"
        theirs = found[process]
        assert theirs["events"] == counted(group, activities)
        assert (theirs["cases"], sum(theirs["events"].values())) == (one["cases"], one["events"])
        assert theirs["throughput"] == one["lasts"]
