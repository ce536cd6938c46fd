"""What a grid that pages through the server may ask for: a bounded range of rows and one known sort."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import BadRequest


class RowsRequest(BaseModel):
    """The part of AG Grid's request that the server honours: a range of rows, clamped, and one whitelisted sort."""

    model_config = ConfigDict(extra="ignore")

    start: int = Field(ge=0, le=1_000_000, alias="startRow")
    end: int = Field(ge=0, le=1_000_000, alias="endRow")
    sorts: list[dict[str, str]] = Field(default=[], alias="sortModel")

    @property
    def limit(self) -> int:
        """How many rows are asked for, at most 200."""
        return min(max(self.end - self.start, 0), 200)

    def sort(self, allowed: Sequence[str]) -> str:
        """'column' or '-column' for the first sort, '' for none or one that is not allowed."""
        first = self.sorts[0] if self.sorts else {}
        name = first.get("colId", "")
        return "" if name not in allowed else f"-{name}" if first.get("sort") == "desc" else name


def asked_rows(request: Any) -> RowsRequest:
    """The validated request of an infinite grid; anything else is refused with 400."""
    try:
        return RowsRequest.model_validate(request)
    except ValidationError as problem:
        raise BadRequest("this is no request for rows") from problem
