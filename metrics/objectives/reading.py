"""Reads what was decided of every objective, for whoever shows or judges it."""

from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

import msgspec

from metrics.definitions.registry import Catalogue
from metrics.ledger.rates import Rates
from metrics.objectives.standing import PACES, Objective
from metrics.queries.objective_rows import ObjectiveOutcomes

Row = TypeVar("Row", bound=msgspec.Struct)
UNCONVERTED: Final = Rates("", {}, {})


class Reader(Protocol):
    """Runs the named queries; `metrics.store.queries.Queries` in production."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: object) -> list[Row]: ...


def objectives(catalogue: Catalogue, process: str = "") -> list[Objective]:
    """The objectives of the definitions in force, of one process or of all."""
    return [
        Objective(one.process, sla.name, sla.title, sla.objective, sla.window_days, sla.owner)
        for one in catalogue.definitions
        if process in ("", one.process)
        for sla in one.slas
    ]


def read_outcomes(
    reader: Reader,
    aims: Sequence[Objective],
    as_of: int,
    *,
    history: bool = True,
    facility: str = "",
    department: str = "",
    rates: Rates = UNCONVERTED,
) -> list[ObjectiveOutcomes]:
    """The decided cases of objectives in their windows before `as_of` (microseconds).

    `history` false leaves out cases of feeds that send their history. Money is by its own currency but for what `rates`
    bring into theirs. Raises the store's errors.
    """
    if not aims:
        return []
    return reader.rows(
        "objective_outcomes",
        ObjectiveOutcomes,
        as_of=as_of,
        objectives=[one.key for one in aims],
        days=[one.window_days for one in aims],
        hours=list(PACES),
        history=int(history),
        facility=facility,
        department=department,
        **rates.parameters,
    )
