"""Alerts: their state, their cases, what was done and said."""

import pyarrow as pa

from metrics.store.tables.columns import TEXT, TEXTS, TIME, schema

ALERTING: dict[str, pa.Schema] = {
    "alerts": schema(
        alert_id=TEXT,
        version=pa.uint64(),
        revision=pa.uint32(),
        kind=TEXT,
        process=TEXT,
        cause_kind=TEXT,
        cause=TEXT,
        owner=TEXT,
        severity=TEXT,
        simulated=pa.uint8(),
        status=TEXT,
        muted=TEXT,
        since=TIME,
        fired=TIME,
        gone=TIME,
        resolved=TIME,
        count=pa.uint64(),
        peak=pa.uint64(),
        amounts=TEXT,
        detail=TEXT,
        changed=TIME,
    ),
    "alert_cases": schema(
        alert_id=TEXT,
        process=TEXT,
        case_id=TEXT,
        version=pa.uint64(),
        stage=TEXT,
        sla=TEXT,
        amount=TEXT,
        currency=TEXT,
        joined=TIME,
        left=TIME,
    ),
    "alert_log": schema(
        alert_id=TEXT, at=TIME, receiver=TEXT, code=TEXT, route=TEXT, revision=pa.uint32(), reason=TEXT
    ),
    "alert_actions": schema(alert_id=TEXT, at=TIME, action=TEXT, actor=TEXT, text=TEXT, revision=pa.uint32()),
    "alert_silences": schema(
        silence_id=TEXT, version=pa.uint64(), matchers=TEXT, starts=TIME, ends=TIME, actor=TEXT, comment=TEXT
    ),
    "alert_messages": schema(
        receiver=TEXT,
        group_key=TEXT,
        number=pa.uint32(),
        version=pa.uint64(),
        message_id=TEXT,
        alert_ids=TEXTS,
        message=TEXT,
        told=TEXT,
        state=TEXT,
        attempts=pa.uint32(),
        error=TEXT,
        created=TIME,
        settled=TIME,
    ),
    "alert_leases": schema(epoch=pa.uint32(), holder=TEXT, version=pa.uint64(), seen=TIME, released=pa.uint8()),
}
