"""Control totals: what a file's trailer and its manifest say against what the file holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import msgspec

from streams.codecs.reasons import Unreadable
from streams.folder.manifest import Manifest
from streams.folder.parts import Survey
from streams.sources.flat_input import Control, FlatFormat
from streams.sources.reasons import CONTROL_TOTALS, NO_TRAILER

_COUNT: Final = re.compile(r"\d{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Declared:
    """What is said of a file from outside its rows; None and no entry where nothing is."""

    rows: int | None
    sums: Mapping[str, Decimal]


def declared_totals(form: FlatFormat, found: Survey, manifest: Manifest | None) -> Declared:
    """What trailer and manifest say, which must not contradict each other. Raises `Unreadable`."""
    rows, sums = _of_trailer(form.control, found) if form.control else (None, {})
    if manifest is None:
        return Declared(rows, sums)
    if rows is not None and manifest.rows is not None and rows != manifest.rows:
        raise Unreadable(CONTROL_TOTALS, f"the trailer says {rows} rows, the manifest {manifest.rows}")
    for column, told in manifest.totals.items():
        if found.rows and column not in found.columns:
            known = ", ".join(sorted(found.columns))
            raise Unreadable(CONTROL_TOTALS, f"the manifest gives a total of '{column}'; the columns are {known}")
        if column in sums and sums[column] != Decimal(told):
            raise Unreadable(CONTROL_TOTALS, f"for {column} the trailer says {sums[column]}, the manifest {told}")
    all_sums = sums | {column: Decimal(told) for column, told in manifest.totals.items()}
    return Declared(manifest.rows if rows is None else rows, all_sums)


def check_totals(found: Survey, declared: Declared) -> None:
    """Raise `Unreadable` where the rows are not what was declared of them."""
    if declared.rows is not None and declared.rows != found.rows:
        raise Unreadable(CONTROL_TOTALS, f"{declared.rows} rows are declared, the file has {found.rows}")
    for column, told in declared.sums.items():
        if told != found.sums[column]:
            raise Unreadable(CONTROL_TOTALS, f"{told} is declared for {column}, the rows have {found.sums[column]}")


def as_json(figures: Mapping[str, Any]) -> str:
    """Decimals by name as a JSON text."""
    return msgspec.json.encode({name: f"{value:f}" for name, value in sorted(figures.items())}).decode()


def _of_trailer(control: Control, found: Survey) -> tuple[int | None, dict[str, Decimal]]:
    cells = found.trailer_cells
    if not cells:
        raise Unreadable(NO_TRAILER, f"{found.rows} rows and no trailer")
    rows = None
    if control.count:
        text = cells.get(control.count, "")
        if not _COUNT.fullmatch(text):
            raise Unreadable(CONTROL_TOTALS, f"the trailer says {text!r} rows, the file has {found.rows}")
        rows = int(text)
    try:
        return rows, {column: Decimal(control.decimals(cells.get(total, ""))) for column, total in control.sums}
    except Unreadable as error:
        raise Unreadable(CONTROL_TOTALS, f"the trailer's total: {error.detail}") from None
