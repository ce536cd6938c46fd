"""Departures from the declared way that the simulation makes on purpose: steps left out, done too late, or done anyway.

A departure is drawn for a document by the seed alone, so that drawing it moves no other dice. It is told when it is
made; the rule it breaks shows once its step happens.
"""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from streams.simulator.processes import (
    BUYING,
    CHANGE,
    DISPUTES,
    LABOUR,
    NIGHTS,
    OFFBOARDING,
    ONBOARDING,
    SPREADING,
    SUPPLIERS,
)  # fmt: skip
from streams.simulator.step import Case
from streams.simulator.truth import Write


class Stray(NamedTuple):
    """One kind of departure: its `share` of the documents it can befall, and what the catalogue says of it."""

    name: str
    share: float
    broken: tuple[tuple[str, str, str, str], ...]
    """(process, kind of deviation, rule, the step that breaks it)."""


UNAPPROVED_ORDER = Stray(
    "order sent without approval",
    0.012,
    ((BUYING, "missing", "po_issued after po_approved each purchase_order", "po_issued"),),
)
APPROVED_AFTERWARDS = Stray(
    "order approved after it was sent",
    0.012,
    ((BUYING, "wrong_order", "po_issued after po_approved each purchase_order", "po_issued"),),
)
DELIVERED_ANYWAY = Stray(
    "cancelled order delivered",
    0.5,
    ((BUYING, "extra", "never received after po_cancelled each purchase_order", "received"),),
)
UNANSWERED = Stray(
    "exception cleared before the supplier answered",
    0.12,
    (
        (
            BUYING,
            "missing",
            "exception_cleared after supplier_answered since supplier_asked each invoice",
            "exception_cleared",
        ),
        (
            DISPUTES,
            "missing",
            "exception_cleared after supplier_answered since supplier_asked",
            "exception_cleared",
        ),
    ),
)
UNTRAINED = Stray(
    "worker ready without training",
    0.06,
    ((ONBOARDING, "missing", "ready after training_completed", "ready"),),
)
BOTH_PERMISSIONS = Stray(
    "new permission before the old one went",
    0.12,
    ((CHANGE, "wrong_order", "access_granted after access_revoked since transferred", "access_granted"),),
)
SEAT_KEPT = Stray(
    "file closed with the position held",
    0.08,
    ((OFFBOARDING, "missing", "offboarded after position_vacated since terminated", "offboarded"),),
)
BANK_UNCHECKED = Stray(
    "supplier approved with its bank account unchecked",
    0.08,
    ((SUPPLIERS, "missing", "approved after bank_verified", "approved"),),
)
NOT_CLEARED = Stray(
    "agency worker started before being cleared",
    0.08,
    ((LABOUR, "wrong_order", "started after onboarded each staffing_request", "started"),),
)
NOT_CORRECTED = Stray(
    "refused change delivered as it was",
    0.2,
    ((SPREADING, "missing", "confirmed after corrected since refused", "confirmed"),),
)
BOOKED_TWICE = Stray(
    "file booked again after its totals agreed",
    0.02,
    (
        (NIGHTS, "extra", "nothing after the end", "completed"),
        (NIGHTS, "rework", "completed at most 1 since failed", "completed"),
    ),
)


class Strays:
    """Draws departures and tells them."""

    def __init__(self, seed: int, write: Write) -> None:
        self._seed = seed
        self._write = write

    def befalls(self, stray: Stray, document: str, cases: Sequence[Case], now: int) -> bool:
        """Whether a document goes this way; `cases` are those it belongs to."""
        if Random(f"strays/{self._seed}/{stray.name}/{document}").random() >= stray.share:
            return False
        for process, kind, rule, step in stray.broken:
            for case in cases:
                if case.process == process:
                    about = {"process": process, "case": case.id, "kind": kind, "rule": rule, "step": step}
                    self._write({"record": "deviation", "what": stray.name, **about, "at": now})
        return True
