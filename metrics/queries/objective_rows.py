"""The typed rows of the queries of objectives (`metrics/queries/objective_*.sql`)."""

from collections.abc import Sequence

import msgspec


class ObjectiveOutcomes(msgspec.Struct, frozen=True):
    """`objective_outcomes`: the decided clocks of one objective.

    `misses`: '0' and '1' in the order of decision, those of the window. Counts hold `long_overdue` ones too. Money is
    decimal text, one for each of `currencies`.
    """

    process: str
    sla: str
    simulated: int
    met: int
    missed: int
    overdue: int
    long_overdue: int
    misses: str
    recent: Sequence[int]
    recent_missed: Sequence[int]
    currencies: Sequence[str]
    money: Sequence[str]
    money_missed: Sequence[str]


class ObjectiveMiss(msgspec.Struct, frozen=True):
    """`objective_misses`: a case that missed; `amount` is a decimal text, '' for none."""

    process: str
    case_id: str
    state: str
    sla: str
    amount: str
    currency: str
