"""Fills an empty store with the story's rows, table by table: `python -m tests.browser.seed --port N`.

Deterministic for --seed and --anchor; a development and test tool, not a path into production.
"""

import argparse
import datetime as dt
import hashlib
import itertools
import random
import uuid
from collections import defaultdict
from typing import Any

import clickhouse_connect
import pyarrow as pa

from dashboards.definitions import catalogue_texts
from metrics.store.tables import TABLES
from tests.browser.plots import PLOTS
from tests.browser.seed_alerts import add_alerts
from tests.browser.seed_held import add_held
from tests.browser.seed_letters import add_letters
from tests.browser.seed_quality import add_quality
from tests.browser.seed_rows import CLOCK_COLUMNS, Row, add_objects, add_spans, case_event, case_row, event_row
from tests.browser.story import HOUR, Story, stories

LOG = "log.5eed0a11c0de"


def seed_store(client: Any, seed: int = 7, anchor: int = 1_795_190_400_000_000, cases: int = 6000) -> dict[str, int]:
    """Insert everything; returns the rows written for each table. `anchor` in microseconds UTC."""
    chance = random.Random(seed + 1)
    rows: dict[str, list[Row]] = defaultdict(list)
    for story in stories(seed, anchor, 60, cases):
        _add_case(rows, chance, story, anchor)
    _add_log(rows, chance, anchor)
    _add_faults(rows, chance, anchor)
    _add_definitions(rows, anchor)
    add_quality(rows, anchor)
    add_alerts(rows, anchor)
    add_held(rows, anchor)
    for table, records in rows.items():
        client.insert_arrow(table, pa.Table.from_pylist(records, schema=TABLES[table]))
    return {table: len(records) for table, records in rows.items()}


def _add_definitions(rows: dict[str, list[Row]], anchor: int) -> None:
    """The definitions of the story's processes, as a worker stores them."""
    texts = catalogue_texts()
    for plot in PLOTS:
        text = texts[plot.process]
        digest = hashlib.sha256(text.encode()).hexdigest()
        row = {
            "process": plot.process,
            "version": 1,
            "hash": digest,
            "yaml": text,
            "loaded_at": anchor - 90 * 24 * HOUR,
        }
        rows["definitions"].append(row)


def _add_case(rows: dict[str, list[Row]], chance: random.Random, story: Story, anchor: int) -> None:
    events = [event_row(chance, story, number, happening) for number, happening in enumerate(story.happenings)]
    rows["events"] += events
    for event, happening in zip(events, story.happenings, strict=True):
        rows["case_events"].append(case_event(story, event))
        if event["trace_id"]:
            add_spans(rows, chance, story, event, happening)
    rows["cases"].append(case_row(chance, story, anchor))
    add_objects(rows, story, events)


def _add_log(rows: dict[str, list[Row]], chance: random.Random, anchor: int) -> None:
    """A process without a definition, as an analysed file leaves it: no SLAs, no states, not simulated."""
    names = (
        "Create Purchase Requisition",
        "Analyze Purchase Requisition",
        "Amend Request",
        "Choose best option",
        "Create Quotation",
        "Approve Quotation",
        "Send Order",
        "Receive Goods",
        "Pay Invoice",
    )
    begin = anchor - 900 * 24 * HOUR
    for number in range(400):
        time = begin + int(chance.random() * 200 * 24 * HOUR)
        path = [name for name in names if name != "Amend Request" or chance.random() < 0.4]
        path = path[: chance.choice((3, 5, len(path), len(path), len(path)))]
        times = [time := time + int(chance.lognormvariate(1.5, 1.0) * HOUR) for _ in path]
        case_id = f"{number + 1}"
        for position, (name, when) in enumerate(zip(path, times, strict=True)):
            rows["case_events"].append(
                {
                    "process": LOG,
                    "case_id": case_id,
                    "event_id": f"{number:016x}{position:016x}",
                    "version": 1,
                    "withdrawn": 0,
                    "time": when,
                    "rank": 0,
                    "sequence": position,
                    "type": "log.step.v1",
                    "activity": name,
                    "source": "file",
                    "trace_id": "",
                    "trace_source": "",
                }
            )
        counts = {name: path.count(name) for name in path}
        variant = int.from_bytes(hashlib.sha256("|".join(path).encode()).digest()[:8], "big")
        rows["cases"].append(
            {
                "process": LOG,
                "case_id": case_id,
                "shard": 0,
                "version": 1,
                "revision": 1,
                "definition_version": 1,
                "feed": "file:seed",
                "status": "open",
                "outcome": "",
                "state": "",
                "state_since": times[-1],
                "first_time": times[0],
                "last_time": times[-1],
                "first_started": times[0],
                "events": len(path),
                "variant": variant,
                "facility": "",
                "department": "",
                "owner": "",
                "amount": "",
                "currency": "",
                "attributes": "{}",
                "milestone.name": list(counts),
                "milestone.first": [times[path.index(n)] for n in counts],
                "milestone.last": [times[path.index(n)] for n in counts],
                "milestone.count": list(counts.values()),
                **{f"clock.{column}": [] for column in CLOCK_COLUMNS},
                "simulated": 0,
                "checkpoint": "",
            }
        )


def _add_faults(rows: dict[str, list[Row]], chance: random.Random, anchor: int) -> None:
    add_letters(rows, anchor)
    picked = list(itertools.islice((case for case in rows["cases"] if case["process"] != LOG), 0, 400, 10))
    for number, case in enumerate(picked):
        key = {"process": case["process"], "case_id": case["case_id"]}
        event_id = f"{number:032x}"
        rows["late_events"].append(
            {
                **key,
                "event_id": event_id,
                "time": case["first_time"],
                "case_time": case["last_time"],
                "noticed": anchor - HOUR * number,
            }
        )
        if case["clock.name"]:
            rows["restatements"].append(
                {
                    **key,
                    "clock": case["clock.name"][0],
                    "revision": 2,
                    "cause": "late_event",
                    "event_id": event_id,
                    "old_status": "breached",
                    "new_status": "met",
                    "old_net_us": 30 * HOUR,
                    "new_net_us": case["clock.net_us"][0],
                    "noticed": anchor - HOUR * number,
                }
            )
    for number in range(23):
        stray = dict(rows["events"][number * 17])
        rows["events"].append(
            {
                **stray,
                "event_id": str(uuid.UUID(int=number)),
                "object_ids": [f"STRAY-{number}"],
                "object_types": ["invoice"],
                "object_qualifiers": ["subject"],
                "subject": f"invoice/STRAY-{number}",
                "time": anchor - number * HOUR,
                "trace_id": "",
            }
        )
    rows["feeds"] += [
        {"feed": "simulator", "version": 1, "phase": "live", "watermark": anchor, "last_seen": anchor, "simulated": 1},
        {
            "feed": "file:seed",
            "version": 1,
            "phase": "end",
            "watermark": anchor - 700 * 24 * HOUR,
            "last_seen": anchor,
            "simulated": 0,
        },
    ]


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", default="flowglass")
    parser.add_argument("--cases", type=int, default=6000)
    parser.add_argument("--now", action="store_true", help="let the story end now instead of at the fixed anchor")
    options = parser.parse_args()
    client = clickhouse_connect.get_client(host="127.0.0.1", port=options.port, database=options.database)
    anchor = {"anchor": int(dt.datetime.now(dt.UTC).timestamp() * 1e6)} if options.now else {}
    print(seed_store(client, cases=options.cases, **anchor))


if __name__ == "__main__":
    _main()
