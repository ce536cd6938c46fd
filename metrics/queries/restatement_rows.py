"""The typed rows of what was restated (`metrics/queries/restatement_*.sql`). Times are integer microseconds."""

import msgspec


class Restatement(msgspec.Struct, frozen=True):
    """`restatement_list`: one change of a published figure. `before` and `after`: JSON objects of numbers as text.

    `facility`: '' for all. `causes` with `cause_counts`: how many cases or documents changed by each. `late_us`: how
    long after it happened the latest event was taken in. `total` counts all that were asked for.
    """

    figure: str
    process: str
    name: str
    facility: str
    currency: str
    unit: str
    start: str
    revision: int
    noticed_us: int
    before: str
    after: str
    causes: list[str]
    cause_counts: list[int]
    changes: int
    event_ids: list[str]
    case_processes: list[str]
    case_ids: list[str]
    late_us: int
    detail: str
    simulated: int
    total: int
