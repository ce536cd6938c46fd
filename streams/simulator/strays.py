"""Departures from the declared way that the simulation makes on purpose: steps left out, done too late, or done anyway.

A departure is drawn for a document by the seed alone, so that drawing it moves no other dice. It is told when it is
made; the rule it breaks shows once its step happens.
"""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from streams.simulator.step import Case
from streams.simulator.truth import Write


class Stray(NamedTuple):
    """One kind of departure: its `share` of the documents it can befall, and what the catalogue says of it."""

    name: str
    share: float
    broken: tuple[tuple[str, str, str, str], ...]
    """(process, kind of deviation, rule, the step that breaks it)."""


def _stray(name: str, share: float, *broken: tuple[str, str, str, str]) -> Stray:
    return Stray(name, share, broken)


UNAPPROVED_ORDER = _stray(
    "order sent without approval", 0.012,
    ("requisition_to_pay", "missing", "po_issued after po_approved each purchase_order", "po_issued"),
)  # fmt: skip
APPROVED_AFTERWARDS = _stray(
    "order approved after it was sent", 0.012,
    ("requisition_to_pay", "wrong_order", "po_issued after po_approved each purchase_order", "po_issued"),
)  # fmt: skip
DELIVERED_ANYWAY = _stray(
    "cancelled order delivered", 0.5,
    ("requisition_to_pay", "extra", "never received after po_cancelled each purchase_order", "received"),
)  # fmt: skip
UNANSWERED = _stray(
    "exception cleared before the supplier answered", 0.12,
    (
        "requisition_to_pay", "missing",
        "exception_cleared after supplier_answered since supplier_asked each invoice", "exception_cleared",
    ),
    (
        "invoice_exception", "missing",
        "exception_cleared after supplier_answered since supplier_asked", "exception_cleared",
    ),
)  # fmt: skip
UNTRAINED = _stray(
    "worker ready without training", 0.06,
    ("employee_onboarding", "missing", "ready after training_completed", "ready"),
)  # fmt: skip
BOTH_PERMISSIONS = _stray(
    "new permission before the old one went", 0.12,
    ("employee_change", "wrong_order", "access_granted after access_revoked since transferred", "access_granted"),
)  # fmt: skip
SEAT_KEPT = _stray(
    "file closed with the position held", 0.08,
    ("employee_offboarding", "missing", "offboarded after position_vacated since terminated", "offboarded"),
)  # fmt: skip
BANK_UNCHECKED = _stray(
    "supplier approved with its bank account unchecked", 0.08,
    ("supplier_onboarding", "missing", "approved after bank_verified", "approved"),
)  # fmt: skip
NOT_CLEARED = _stray(
    "agency worker started before being cleared", 0.08,
    ("contingent_labour", "wrong_order", "started after onboarded each staffing_request", "started"),
)  # fmt: skip
NOT_CORRECTED = _stray(
    "refused change delivered as it was", 0.2,
    ("master_data_propagation", "missing", "confirmed after corrected since refused", "confirmed"),
)  # fmt: skip
BOOKED_TWICE = _stray(
    "file booked again after its totals agreed", 0.02,
    ("batch_reconciliation", "extra", "nothing after the end", "completed"),
    ("batch_reconciliation", "rework", "completed at most 1 since failed", "completed"),
)  # fmt: skip


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
