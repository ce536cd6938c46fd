"""What publishing writes down, as columns of its tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from metrics.figures.causes import Cause
from metrics.figures.parts import Move, Part
from metrics.figures.restating import Figure, FigureKey, Restated

Columns = dict[str, list[Any]]


def change_columns(moves: Sequence[Move], causes: Sequence[Cause], version: int, now: int) -> Columns:
    """Table `figure_changes`."""
    return _columns(
        {
            "process": move.process, "id": move.id, "kind": move.kind, "name": move.name,
            "seen_before": move.seen_before, "version": version, "noticed": now,
            "causes": list(cause.words), "event_ids": list(cause.event_ids), "late_us": cause.late_us,
            "detail": cause.detail, **_side("before", move.before), **_side("after", move.after),
            "case_processes": [process for process, _ in move.cases], "case_ids": [case for _, case in move.cases],
            "simulated": max(part.simulated for part in (move.before, move.after) if part is not None),
        }
        for move, cause in zip(moves, causes, strict=True)
    )  # fmt: skip


def _side(side: str, part: Part | None) -> dict[str, Any]:
    return {
        f"{side}_at": None if part is None else part.at,
        f"{side}_facility": "" if part is None else part.facility,
        f"{side}_currency": "" if part is None else part.currency,
        f"{side}_said": "" if part is None else part.said,
    }


def figure_columns(figures: Mapping[FigureKey, Figure], version: int, zone: str, now: int) -> Columns:
    """Table `published_figures`."""
    return _columns(
        {
            **key._asdict(), "version": version, "revision": figure.revision, "said": figure.said, "zone": zone,
            "simulated": figure.simulated, "published": now,
        }
        for key, figure in figures.items()
    )  # fmt: skip


def restatement_columns(found: Sequence[Restated], version: int, now: int) -> Columns:
    """Table `figure_restatements`."""
    return _columns(
        {
            **one.key._asdict(), "revision": one.after.revision, "version": version, "noticed": now,
            "before": one.before.said, "after": one.after.said,
            "causes": list(one.evidence.causes), "cause_counts": list(one.evidence.causes.values()),
            "changes": one.evidence.changes, "event_ids": list(one.evidence.event_ids),
            "case_processes": [process for process, _ in one.evidence.cases],
            "case_ids": [case for _, case in one.evidence.cases],
            "late_us": one.evidence.late_us, "detail": one.evidence.detail,
            "simulated": max(one.before.simulated, one.after.simulated),
        }
        for one in found
    )  # fmt: skip


def _columns(rows: Iterable[dict[str, Any]]) -> Columns:
    made: Columns = {}
    for row in rows:
        for name, value in row.items():
            made.setdefault(name, []).append(value)
    return made
