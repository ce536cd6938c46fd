"""The store against the oracle: what is missing, what is extra, what is wrong."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.faults.oracle import CaseTruth, ClockTruth, Truth
from tests.faults.scene import BEGIN
from tests.faults.stack import Stack

MINUTE_US = 60_000_000

JUDGED: Mapping[str, str] = {
    "process": "members",
    "case_id": "members",
    **{name: name for name in ("events", "outcome", "status", "state", "facility", "amount")},
    **{f"milestone.{part}": "milestones" for part in ("name", "first", "last", "count")},
    **{f"clock.{part}": "clocks" for part in ("name", "status", "started", "stopped", "deadline", "net_us")},
}
"""Outcome columns of a case (`metrics.store.outcome`), each with what of the oracle's judges it."""

_EXPECTED = ("name", "status", "since", "due", "seen", "told_by", "owner")
_DEVIATION = ("kind", "rule", "milestone", "object", "at", "event_id", "count")
NOT_JUDGED: Mapping[str, str] = {
    "shard": "a hash of the key",
    "definition_version": "one definition alone is in force here",
    "feed": "one feed alone sends here",
    "simulated": "nothing is marked here",
    **dict.fromkeys(("department", "owner", "currency", "attributes"), "copied from events and the definition"),
    **dict.fromkeys(("first_time", "last_time", "first_started", "state_since", "variant"), "follow from the events"),
    **{f"expect.{part}": "nothing is expected here" for part in _EXPECTED},
    "conformance_rules": "counted in the definition",
    **{f"deviation.{part}": "the truth of the simulated group judges them" for part in _DEVIATION},
    **dict.fromkeys(("clock.at_risk_at", "clock.gross_us", "clock.target_us", "clock.pauses"), "follow from the clock"),
}
"""The others, with the reason; that they come out alike in any order is what the property tests show."""


def differences(stack: Stack, truth: Truth, *, begin: datetime = BEGIN) -> list[str]:
    """Sentences about everything that is not equal; empty when all is well."""
    return [
        *_events(stack, truth),
        *_members(stack, truth),
        *_cases(stack, truth, begin),
        *_links(stack, truth),
        *_aggregates(stack, truth),
    ]


def _events(stack: Stack, truth: Truth) -> list[str]:
    found = stack.rows("SELECT count() AS rows, uniqExact(event_id) AS ids FROM v_events")[0]
    wanted = len(truth.steps)
    if found == {"rows": wanted, "ids": wanted}:
        return []
    return [f"events: {found}, should be {wanted}"]


def _members(stack: Stack, truth: Truth) -> list[str]:
    sql = "SELECT process, case_id, event_id FROM v_case_events"
    found = Counter((row["process"], row["case_id"], row["event_id"]) for row in stack.rows(sql))
    wanted = Counter(("requisition_to_pay", name, event) for name, case in truth.cases.items() for event in case.events)
    return _both_ways("case event", found, wanted)


def _links(stack: Stack, truth: Truth) -> list[str]:
    sql = "SELECT DISTINCT object_type, object_id, case_id FROM v_links"
    found = Counter((row["object_type"], row["object_id"], row["case_id"]) for row in stack.rows(sql))
    wanted = Counter((kind, key, name) for (kind, key), names in truth.members.items() for name in names)
    return _both_ways("link", found, wanted)


def _both_ways(what: str, found: Counter[Any], wanted: Counter[Any]) -> list[str]:
    missing, extra = wanted - found, found - wanted
    named = [f"missing {what}: {one}" for one in list(missing)[:5]] + [
        f"extra {what}: {one}" for one in list(extra)[:5]
    ]
    return [f"{what}s: {missing.total()} missing, {extra.total()} extra", *named] if named else []


def _cases(stack: Stack, truth: Truth, begin: datetime) -> list[str]:
    cases = {row["case_id"]: row for row in stack.rows("SELECT * FROM v_cases")}
    wrong = [f"case {name} should not be there" for name in cases.keys() - truth.cases.keys()]
    for name, wanted in truth.cases.items():
        row = cases.get(name)
        if row is None:
            wrong.append(f"case {name} is missing")
        elif (shown := _case_shown(row, begin)) != (should := _case_wanted(wanted)):
            parts = [f"{key}: {shown[key]} should be {should[key]}" for key in should if shown[key] != should[key]]
            wrong.append(f"case {name}: " + "; ".join(parts))
    return [f"{len(wrong)} cases are wrong", *wrong[:10]] if wrong else []


def _case_wanted(case: CaseTruth) -> dict[str, Any]:
    return {
        "events": len(case.events),
        "outcome": case.outcome,
        "status": "closed" if case.outcome else "open",
        "state": case.state,
        "facility": case.facility,
        "amount": float(case.amount),
        "milestones": dict(case.milestones),
        "clocks": dict(case.clocks),
    }


def _case_shown(row: Mapping[str, Any], begin: datetime) -> dict[str, Any]:
    def minute(at: datetime | None) -> int | None:
        return None if at is None else round((at - begin) / timedelta(minutes=1))

    reached = zip(*(row[f"milestone.{part}"] for part in ("name", "first", "last", "count")), strict=True)
    parts = ("name", "status", "started", "stopped", "deadline", "net_us")
    clocks = {}
    for name, status, started, stopped, deadline, net in zip(*(row[f"clock.{part}"] for part in parts), strict=True):
        ended = stopped is not None or status == "cancelled"
        at = minute(started)
        assert at is not None
        clocks[name] = ClockTruth(status, at, minute(stopped), minute(deadline), net // MINUTE_US if ended else None)
    return {
        **{key: row[key] for key in ("events", "outcome", "status", "state", "facility")},
        "amount": float(row["amount"] or 0),
        "milestones": {name: (minute(first), minute(last), count) for name, first, last, count in reached},
        "clocks": clocks,
    }


def _aggregates(stack: Stack, truth: Truth) -> list[str]:
    """Counts and sums as pages ask for them, against the facts read with FINAL and against the truth."""
    wrong = []
    wanted = dict(Counter(case.state for case in truth.cases.values()))
    shown = {row["state"]: row["n"] for row in stack.rows("SELECT state, count() AS n FROM v_cases GROUP BY state")}
    if shown != wanted:
        wrong.append(f"cases by state: {shown}, should be {wanted}")
    pairs = {
        "events in cases": (
            "SELECT sum(events) FROM v_cases",
            "SELECT count() FROM case_events FINAL WHERE withdrawn = 0",
        ),
        "paid": (
            "SELECT sum(count) FROM v_milestones WHERE milestone = 'paid'",
            "SELECT count() FROM case_events FINAL WHERE withdrawn = 0 AND type = 'invoice.paid.v1'",
        ),
        "money": (
            "SELECT sum(toDecimal64(amount, 2)) FROM v_cases WHERE amount != ''",
            """SELECT sum(toDecimal64(money, 2)) FROM
               (SELECT event_id, any(amount) AS money FROM events FINAL WHERE amount != '' GROUP BY event_id)""",
        ),
    }
    for name, (shown_sql, facts_sql) in pairs.items():
        if (one := stack.value(shown_sql)) != (other := stack.value(facts_sql)):
            wrong.append(f"{name}: {one} on pages, {other} in the facts")
    return wrong
