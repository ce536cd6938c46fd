"""Objectives and what was decided of them, as a store would answer."""

from metrics.objectives.standing import Objective
from metrics.queries.objective_rows import ObjectiveOutcomes

AIM = Objective("requisition_to_pay", "approval", "Approval", 0.9, 28, "department_heads")
QUIET = "0000000001" * 12


def outcomes(misses: str = QUIET, *, overdue: int = 0, old: int = 0, simulated: int = 0) -> ObjectiveOutcomes:
    """`misses` as the query gives them; `old` cases miss since before the window and still wait."""
    failed = misses.count("1")
    return ObjectiveOutcomes(
        process=AIM.process,
        sla=AIM.sla,
        simulated=simulated,
        met=misses.count("0"),
        missed=failed - overdue,
        overdue=overdue + old,
        long_overdue=old,
        misses=misses,
        recent=[0, 4, 8, 12],
        recent_missed=[0, 0, 1, 12],
        currencies=["JPY", "USD"],
        money=["1001", "250.5"],
        money_missed=["40", "30.25"],
    )
