"""Whose business an event is: the processes, and the objects that their cases are made of.

It is said here once more, in plain words, and not read from the catalogue: truth must not lean on what it checks.
"""

from collections.abc import Mapping

from streams.simulator.step import Case, Step

ONBOARDING, CHANGE, OFFBOARDING = "employee_onboarding", "employee_change", "employee_offboarding"
SUPPLIERS, BUYING, DISPUTES = "supplier_onboarding", "requisition_to_pay", "invoice_exception"
LABOUR, SPREADING, NIGHTS = "contingent_labour", "master_data_propagation", "batch_reconciliation"

PEOPLE = frozenset({ONBOARDING, CHANGE, OFFBOARDING})
"""Processes whose cases are people."""

_PERSON = frozenset({"worker", "position", "user_account", "access_grant"})
PARTS: Mapping[str, frozenset[str]] = {
    ONBOARDING: _PERSON | {"approval_chain", "credential", "training"},
    CHANGE: _PERSON | {"approval_chain"},
    OFFBOARDING: _PERSON,
    SUPPLIERS: frozenset({"supplier", "supplier_document", "contract"}),
    BUYING: frozenset(
        {"requisition", "approval_step", "commitment", "purchase_order", "goods_receipt", "invoice", "payment"}
    ),
    DISPUTES: frozenset({"invoice", "payment"}),
    LABOUR: frozenset({"staffing_request", "contingent", "assignment", "timesheet"}),
    SPREADING: frozenset({"data_change"}),
    NIGHTS: frozenset({"batch"}),
}
"""The types of the objects that belong to a case."""


def concerns(case: Case, step: Step) -> bool:
    """Whether a step that names an object of a case is a step of it: about such an object, or reaching a milestone.

    That a course names its worker makes it no part of the worker's leaving; an order is never one of its supplier's.
    """
    about = step.objects[0].type in PARTS[case.process]
    return about or (case.process != SUPPLIERS and bool(step.reached_in(case)))
