"""Fills an empty store with the story's rows, table by table: `python -m tests.browser.seed --port N`.

Deterministic for --seed and --anchor; a development and test tool, not a path into production.
"""

import argparse
import datetime as dt
import hashlib
import itertools
import json
import random
import uuid
from collections import defaultdict
from typing import Any

import clickhouse_connect
import pyarrow as pa

from metrics.store.tables import TABLES
from tests.browser.story import HOUR, TROUBLED, Happening, Sla, Story, stories

Row = dict[str, Any]
LOG = "log.5eed0a11c0de"


def seed_store(client: Any, seed: int = 7, anchor: int = 1_795_190_400_000_000, cases: int = 6000) -> dict[str, int]:
    """Insert everything; returns the rows written for each table. `anchor` in microseconds UTC."""
    chance = random.Random(seed + 1)
    rows: dict[str, list[Row]] = defaultdict(list)
    for story in stories(seed, anchor, 60, cases):
        _add_case(rows, chance, story, anchor)
    _add_log(rows, chance, anchor)
    _add_faults(rows, chance, anchor)
    for table, records in rows.items():
        client.insert_arrow(table, pa.Table.from_pylist(records, schema=TABLES[table]))
    return {table: len(records) for table, records in rows.items()}


def _add_case(rows: dict[str, list[Row]], chance: random.Random, story: Story, anchor: int) -> None:
    events = [_event(chance, story, number, happening) for number, happening in enumerate(story.happenings)]
    rows["events"] += [event for event, _ in events]
    for (event, _), happening in zip(events, story.happenings, strict=True):
        rows["case_events"].append(_case_event(story, event))
        if event["trace_id"]:
            _add_spans(rows, chance, story, event, happening)
    rows["cases"].append(_case(chance, story, anchor))
    _add_objects(rows, story, [event for event, _ in events])


def _event(chance: random.Random, story: Story, number: int, happening: Happening) -> tuple[Row, Happening]:
    event_id = hashlib.sha256(f"{story.case_id}|{number}".encode()).hexdigest()[:32]
    trace_id = hashlib.sha256(f"trace|{event_id}".encode()).hexdigest()[:32] if happening.trace else ""
    types, ids = [happening.step.object_type], [happening.object_id]
    if happening.object_id != story.case_id:
        types, ids = [*types, story.plot.steps[0].object_type], [*ids, story.case_id]
    if story.plot.process == "requisition_to_pay" and number:
        types, ids = [*types, "supplier"], [*ids, story.supplier]
    row = {
        "event_id": event_id,
        "origin": f"flowglass.events/{number % 4}@seed",
        "position": chance.getrandbits(40),
        "type": happening.step.activity,
        "activity": happening.step.activity,
        "time": happening.time,
        "ingested": happening.time + 900_000,
        "source": f"/{happening.step.service}/prod",
        "feed": "simulator",
        "subject": f"{types[0]}/{ids[0]}",
        "sequence": number,
        "effective_date": "",
        "precision": "instant",
        "object_types": types,
        "object_ids": ids,
        "object_qualifiers": ["subject", "source", ""][: len(ids)],
        "attributes": json.dumps({"facility": story.facility, "department": story.department}),
        "amount": f"{story.amount:.2f}",
        "currency": "USD",
        "actor": f"E-{chance.randrange(3000):04d}",
        "trace_id": trace_id,
        "span_id": event_id[:16] if trace_id else "",
        "trace_source": "traceparent" if trace_id else "",
        "simulated": 1,
    }
    return row, happening


def _case_event(story: Story, event: Row) -> Row:
    return {
        "process": story.plot.process,
        "case_id": story.case_id,
        "event_id": event["event_id"],
        "version": 1,
        "withdrawn": 0,
        "time": event["time"],
        "rank": 0,
        "sequence": event["sequence"],
        "type": event["type"],
        "activity": event["activity"],
        "source": event["source"],
        "trace_id": event["trace_id"],
        "trace_source": event["trace_source"],
    }


def _add_spans(
    rows: dict[str, list[Row]], chance: random.Random, story: Story, event: Row, happening: Happening
) -> None:
    troubled = happening.step.interface == TROUBLED
    tries = 1 + (chance.random() < (0.35 if troubled else 0.03)) + (chance.random() < (0.15 if troubled else 0.0))
    start = event["time"] * 1000 - tries * 4_000_000_000
    root = event["span_id"]
    plan = [
        (
            root,
            "",
            happening.step.service,
            f"publish {happening.step.activity}",
            "INTERNAL",
            "",
            start,
            tries * 4_000_000_000,
            "OK",
        )
    ]
    for attempt in range(tries):
        begin = start + attempt * 4_000_000_000
        lasts = int(chance.lognormvariate(5.2 + 1.3 * troubled, 0.6) * 1_000_000)
        status = "ERROR" if attempt < tries - 1 else "OK"
        client = hashlib.sha256(f"{root}|{attempt}".encode()).hexdigest()[:16]
        plan.append((client, root, "integration-hub", "POST", "CLIENT", happening.step.interface, begin, lasts, status))
        plan.append(
            (
                client[::-1],
                client,
                happening.step.service,
                "handle",
                "SERVER",
                happening.step.interface,
                begin + lasts // 5,
                lasts * 3 // 5,
                status,
            )
        )
    for span_id, parent, service, name, kind, interface, begin, lasts, status in plan:
        rows["spans"].append(
            {
                "trace_id": event["trace_id"],
                "span_id": span_id,
                "origin": "otlp_spans/0@seed",
                "position": chance.getrandbits(40),
                "parent_span_id": parent,
                "service": service,
                "name": name,
                "kind": kind,
                "interface": interface,
                "start": begin,
                "duration_ns": lasts,
                "status": status,
                "status_message": "503 upstream" if status == "ERROR" else "",
                "attributes": "{}",
                "resource": "{}",
                "events": "[]",
                "ingested": event["ingested"],
                "simulated": 1,
            }
        )
    rows["span_refs"].append(
        {
            "object_type": happening.step.object_type,
            "object_id": happening.object_id,
            "trace_id": event["trace_id"],
            "span_id": root,
            "carrier": "attribute",
            "key": f"{happening.step.object_type}.id",
            "start": start,
            "ingested": event["ingested"],
        }
    )


def _add_objects(rows: dict[str, list[Row]], story: Story, events: list[Row]) -> None:
    case_type = story.plot.steps[0].object_type
    seen: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for event in events:
        seen[event["object_types"][0], event["object_ids"][0]].append(event)
    for (kind, identifier), own in seen.items():
        root = identifier == story.case_id
        rows["objects"].append(
            {
                "object_type": kind,
                "object_id": identifier,
                "shard": 0,
                "version": 1,
                "events": len(own),
                "first_time": own[0]["time"],
                "last_time": own[-1]["time"],
                "parent.type": [] if root else [case_type],
                "parent.id": [] if root else [story.case_id],
                "parent.event_id": [] if root else [own[0]["event_id"]],
                "child.type": [key[0] for key in seen if key[1] != story.case_id] if root else [],
                "child.id": [key[1] for key in seen if key[1] != story.case_id] if root else [],
                "link.process": [story.plot.process],
                "link.case_id": [story.case_id],
                "link.via_type": [kind if root else case_type],
                "link.via_id": [story.case_id],
                "link.event_id": [own[0]["event_id"]],
                "capped": 0,
                "simulated": 1,
            }
        )


def _case(chance: random.Random, story: Story, anchor: int) -> Row:
    firsts: dict[str, int] = {}
    lasts: dict[str, int] = {}
    counts: dict[str, int] = defaultdict(int)
    for happening in story.happenings:
        firsts.setdefault(happening.step.milestone, happening.time)
        lasts[happening.step.milestone] = happening.time
        counts[happening.step.milestone] += 1
    clocks = [clock for sla in story.plot.slas if (clock := _clock(chance, story, sla, firsts, anchor))]
    last = story.happenings[-1]
    variant = hashlib.sha256("|".join(h.step.activity for h in story.happenings).encode()).digest()[:8]
    return {
        "process": story.plot.process,
        "case_id": story.case_id,
        "shard": 0,
        "version": 1,
        "revision": 1,
        "definition_version": 1,
        "feed": "simulator",
        "status": "closed" if story.closed else "open",
        "outcome": story.plot.outcome if story.closed else "",
        "state": "" if story.closed else last.step.state,
        "state_since": last.time,
        "first_time": story.happenings[0].time,
        "last_time": last.time,
        "first_started": story.happenings[0].time,
        "events": len(story.happenings),
        "variant": int.from_bytes(variant, "big"),
        "facility": story.facility,
        "department": story.department,
        "owner": f"{story.department} team",
        "amount": f"{story.amount:.2f}",
        "currency": "USD",
        "attributes": json.dumps({"supplier": story.supplier}),
        "milestone.name": list(firsts),
        "milestone.first": list(firsts.values()),
        "milestone.last": [lasts[name] for name in firsts],
        "milestone.count": [counts[name] for name in firsts],
        **{f"clock.{column}": [clock[column] for clock in clocks] for column in _CLOCK},
        "simulated": 1,
        "checkpoint": b"",
    }


_CLOCK = ("name", "status", "started", "stopped", "at_risk_at", "deadline", "gross_us", "net_us", "target_us", "pauses")


def _clock(chance: random.Random, story: Story, sla: Sla, firsts: dict[str, int], anchor: int) -> Row | None:
    if sla.start not in firsts:
        return None
    started, target = firsts[sla.start], int(sla.hours * HOUR)
    stopped = firsts.get(sla.stop)
    cancelled = stopped is None and story.closed
    end = stopped or anchor
    pauses, held = [], 0
    if chance.random() < 0.15 and end - started > 6 * HOUR:
        begin = started + (end - started) // 3
        held = (end - started) // 4
        still = stopped is None and chance.random() < 0.3
        held = end - begin if still else held
        pauses = [[begin, None if still else begin + held, "waiting for supplier"]]
    paused = bool(pauses) and pauses[0][1] is None
    net, deadline = end - started - held, started + target + held
    if cancelled:
        status = "cancelled"
    elif net > target:
        status = "breached"
    elif stopped is not None:
        status = "met"
    else:
        status = "paused" if paused else "at_risk" if net > 0.75 * target else "running"
    return {
        "name": sla.name,
        "status": status,
        "started": started,
        "stopped": stopped,
        "gross_us": end - started,
        "net_us": net,
        "at_risk_at": None if paused else started + int(0.75 * target) + held,
        "target_us": target,
        "deadline": None if status == "paused" else deadline,
        "pauses": json.dumps(pauses),
    }


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
                **{f"clock.{column}": [] for column in _CLOCK},
                "simulated": 0,
                "checkpoint": b"",
            }
        )


def _add_faults(rows: dict[str, list[Row]], chance: random.Random, anchor: int) -> None:
    reasons = (
        ("not_json", "the value is not JSON: unexpected end"),
        ("no_type", "attribute 'type' is missing"),
        ("bad_time", "time '2026-13-40' is no date"),
    )
    for number in range(57):
        reason, detail = reasons[number % 3]
        rows["dead_letters"].append(
            {
                "origin": "flowglass.events/1@seed",
                "position": number,
                "topic": "flowglass.events",
                "partition": 1,
                "offset": number,
                "reason": reason,
                "detail": detail,
                "source": "/ap-gateway/prod",
                "payload": b'{"specversion":"1.0"',
                "ingested": anchor - int(chance.random() * 10 * 24 * HOUR),
            }
        )
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
