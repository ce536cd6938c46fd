"""Parameters that several operations take, and how texts of a URL become checked values."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, TypeVar

import msgspec
from msgspec import Meta, UnsetType

from dashboards.api.problems import Refused
from metrics.exports.window import BEGINNING, END, parse_time
from metrics.words import DAY

Asked = TypeVar("Asked", bound=msgspec.Struct)
MOST_ROWS: Final = 1000
_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)

Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Process = Annotated[str, Meta(description="Name of a process, such as requisition_to_pay.", min_length=1)]
Facility = Annotated[str, Meta(description="Only this facility.", min_length=1)]
Since = Annotated[Time, Meta(description="From this time on (RFC 3339).")]
Until = Annotated[Time, Meta(description="Before this time (RFC 3339).")]
Limit = Annotated[int, Meta(description="How many at most.", ge=1, le=MOST_ROWS)]
Cursor = Annotated[str, Meta(description="`next` of the answer before; leave out for the first part.", min_length=1)]


def read(asked: type[Asked], placed: Mapping[str, str], told: Sequence[tuple[str, str]]) -> Asked:
    """The parameters of a URL, those in its path and those behind it. Raises Refused with what is wrong."""
    values: dict[str, Any] = dict(placed)
    for name, value in told:
        if name not in asked.__struct_fields__ or name in placed:
            known = ", ".join(field for field in asked.__struct_fields__ if field not in placed)
            raise Refused(400, f"There is no parameter {name!r} here; there are: {known or 'none'}.")
        if name in values:
            raise Refused(400, f"The parameter {name!r} is given more than once; give it once.")
        values[name] = value
    if any("\0" in value for value in values.values()):
        raise Refused(400, "A parameter holds a NUL character; leave it out.")
    try:
        return msgspec.convert(values, asked, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(400, f"The parameters are not right: {error}.".replace("$.", "")) from error


def microseconds(text: str | UnsetType, otherwise: int) -> int:
    """A time in microseconds since 1970 UTC, within what the store holds. Raises Refused."""
    if isinstance(text, UnsetType):
        return otherwise
    if not _RFC3339.fullmatch(text):
        raise Refused(400, f"{text!r} is no time such as 2026-01-02T08:00:00Z.")
    try:
        return min(max(parse_time(text.upper()), BEGINNING), END)
    except (ValueError, OverflowError) as error:
        raise Refused(400, f"{text!r} is no time such as 2026-01-02T08:00:00Z: {error}.") from error


def window(since: str | UnsetType, until: str | UnsetType, now: int, standard: int, most: int) -> tuple[int, int]:
    """From and to in microseconds; `standard` days without `since`. Raises Refused over `most` days."""
    end = microseconds(until, now)
    start = microseconds(since, end - standard * DAY)
    if start >= end:
        raise Refused(400, "since must be before until.")
    if end - start > most * DAY:
        raise Refused(400, f"The window is longer than {most} days; ask for a shorter one, and more often.")
    return start, end


def told(value: str | UnsetType) -> str:
    """The text of an optional filter; '' where it is left out."""
    return "" if isinstance(value, UnsetType) else value
