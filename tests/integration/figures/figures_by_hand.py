"""The figures of closed intervals computed from scratch in Python, from the clocks and cases as pages read them."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from metrics.store.client import StoreClient

Said = dict[tuple[str, ...], dict[str, str]]
Counted = list[tuple[tuple[str, ...], datetime, tuple[str, Any]]]
SPAN = {"day": 1, "week": 7}


def by_hand(client: StoreClient, until: datetime) -> Said:
    """Figures of intervals that are over at `until` (UTC), by figure, process, name, facility, unit, start."""
    counted: dict[tuple[str, ...], list[tuple[str, Any]]] = {}
    for key, at, what in [*_cases(client), *_clocks(client)]:
        for unit in ("day", "week", "month"):
            start = _start(unit, at.date())
            if datetime.combine(_following(unit, start), datetime.min.time(), UTC) <= until:
                for place in {"", key[-1]}:
                    counted.setdefault((*key[:-1], place, unit, start.isoformat()), []).append(what)
    return {key: _sla(seen) if key[0] == "sla" else _count(seen) for key, seen in counted.items()}


def _cases(client: StoreClient) -> Counted:
    found: Counted = []
    for row in client.rows("SELECT * FROM v_cases"):
        key = ("cases", row["process"], "", row["facility"])
        found.append((key, row["first_time"], ("opened", None)))
        if row["status"] == "closed":
            found.append((key, row["state_since"], (f"ended: {row['outcome']}", None)))
    return found


def _clocks(client: StoreClient) -> Counted:
    found: Counted = []
    for row in client.rows("SELECT * FROM v_clocks WHERE status IN ('met', 'breached')"):
        key = ("sla", row["process"], row["sla"], row["facility"])
        decided = row["deadline"] if row["status"] == "breached" and row["deadline"] else row["stopped"]
        found.append((key, decided, (row["status"], None)))
        if row["stopped"]:
            found.append((key, row["stopped"], ("closure", (row["net_us"], row["gross_us"]))))
    return found


def _start(unit: str, day: date) -> date:
    return day.replace(day=1) if unit == "month" else day - timedelta(days=day.weekday() if unit == "week" else 0)


def _following(unit: str, start: date) -> date:
    if unit == "month":
        return date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return start + timedelta(days=SPAN[unit])


def _count(seen: Sequence[tuple[str, Any]]) -> dict[str, str]:
    return {word: str(count) for word, count in sorted(Counter(word for word, _ in seen).items())}


def _sla(seen: Sequence[tuple[str, Any]]) -> dict[str, str]:
    words = Counter(word for word, _ in seen)
    times = [took for word, took in seen if word == "closure"]
    said = {
        "decided": words["met"] + words["breached"], "met": words["met"], "missed": words["breached"],
        "closures": words["closure"],
    }  # fmt: skip
    return {name: str(value) for name, value in said.items()} | {
        f"{kind}_{name}_us": str(sorted(took[n] for took in times)[int(len(times) * share)]) if times else ""
        for n, kind in enumerate(("net", "gross"))
        for name, share in (("median", 0.5), ("p90", 0.9))
    }
