"""One case of the story as rows of the store's tables: events, spans, objects, and the case with its clocks."""

import hashlib
import json
import random
from collections import defaultdict
from typing import Any

from tests.browser.plots import TROUBLED, Sla
from tests.browser.story import HOUR, Happening, Story

Row = dict[str, Any]


def event_row(chance: random.Random, story: Story, number: int, happening: Happening) -> Row:
    """An event with its objects; four in five carry a trace."""
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
    return row


def case_event(story: Story, event: Row) -> Row:
    """The event as folded into its case."""
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


def add_spans(
    rows: dict[str, list[Row]], chance: random.Random, story: Story, event: Row, happening: Happening
) -> None:
    """The calls that brought the event: retries before it when the interface is in trouble."""
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
            "internal",
            "",
            start,
            tries * 4_000_000_000,
            "OK",
        )
    ]
    for attempt in range(tries):
        begin = start + attempt * 4_000_000_000
        lasts = int(chance.lognormvariate(5.2 + 1.3 * troubled, 0.6) * 1_000_000)
        status = "error" if attempt < tries - 1 else "ok"
        client = hashlib.sha256(f"{root}|{attempt}".encode()).hexdigest()[:16]
        plan.append((client, root, "integration-hub", "POST", "client", happening.step.interface, begin, lasts, status))
        plan.append(
            (
                client[::-1],
                client,
                happening.step.service,
                "handle",
                "server",
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
                "status_message": "503 upstream" if status == "error" else "",
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


def add_objects(rows: dict[str, list[Row]], story: Story, events: list[Row]) -> None:
    """The objects of a case with their links and proofs."""
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
                "parent.proof_us": [] if root else [own[0]["time"]],
                "child.type": [key[0] for key in seen if key[1] != story.case_id] if root else [],
                "child.id": [key[1] for key in seen if key[1] != story.case_id] if root else [],
                "child.event_id": [rows[0]["event_id"] for key, rows in seen.items() if key[1] != story.case_id]
                if root
                else [],
                "child.proof_us": [rows[0]["time"] for key, rows in seen.items() if key[1] != story.case_id]
                if root
                else [],
                "link.process": [story.plot.process],
                "link.case_type": [case_type],
                "link.case_id": [story.case_id],
                "link.via_type": [kind if root else case_type],
                "link.via_id": [story.case_id],
                "link.event_id": [own[0]["event_id"]],
                "link.proof_us": [own[0]["time"]],
                "link.kept": [1],
                "capped": 0,
                "simulated": 1,
            }
        )


def case_row(chance: random.Random, story: Story, anchor: int) -> Row:
    """The case with milestones and clocks as they stand at `anchor`."""
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
        **{f"clock.{column}": [clock[column] for clock in clocks] for column in CLOCK_COLUMNS},
        "simulated": 1,
        "checkpoint": "",
    }


CLOCK_COLUMNS = (
    "name",
    "status",
    "started",
    "stopped",
    "at_risk_at",
    "deadline",
    "gross_us",
    "net_us",
    "target_us",
    "pauses",
)


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
