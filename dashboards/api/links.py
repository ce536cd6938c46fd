"""Links: from a business object or a trace to the cases that it belongs to."""

from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dashboards.api.forms import Form
from dashboards.api.operation import Desk, Operation
from dashboards.api.paging import begins_after, page_form, page_of
from dashboards.api.parameters import Cursor, Limit
from dashboards.api.problems import Refused
from metrics.queries.api_rows import ApiLink
from metrics.queries.rows import Found

MOST_OF_TRACE: Final = 200
LINK: Final = Form(ApiLink, "Link")


class ObjectAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which object."""

    object_type: Annotated[str, Meta(description="Its type, such as purchase_order.", min_length=1)]
    object_id: Annotated[str, Meta(description="Its id.", min_length=1)]
    limit: Limit = 100
    cursor: Cursor | UnsetType = UNSET


class TraceAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which trace."""

    trace_id: Annotated[str, Meta(description="32 hexadecimal digits.", pattern="^[0-9a-f]{32}$")]


class TraceCase(msgspec.Struct, frozen=True):
    """A case that a trace touches."""

    process: str
    case_id: str


class TraceCases(msgspec.Struct, frozen=True):
    """The cases that a trace touches."""

    items: list[TraceCase]


def cases_of_object(desk: Desk, asked: ObjectAsked) -> Any:
    """One part of the cases of an object."""
    process, case_id = begins_after(asked.cursor, 2)
    rows = desk.reader.rows(
        "api_object_cases", ApiLink, object_type=asked.object_type, object_id=asked.object_id, after_process=process,
        after_case=case_id, limit=asked.limit + 1,
    )  # fmt: skip
    if not rows and isinstance(asked.cursor, UnsetType):
        raise Refused(404, f"No case is known for {asked.object_type} {asked.object_id!r}.")
    return page_of(rows, asked.limit, lambda row: (row.process, row.case_id), LINK.of)


def cases_of_trace(desk: Desk, asked: TraceAsked) -> Any:
    """The cases of a trace."""
    rows = desk.reader.rows("find", Found, text=asked.trace_id, trace=asked.trace_id)
    found = sorted({(row.process, row.case_id) for row in rows if row.kind == "trace"})
    if not found:
        raise Refused(404, f"No case is known for the trace {asked.trace_id}.")
    return TraceCases([TraceCase(*pair) for pair in found])


OPERATIONS: Final = (
    Operation("/links/objects/{object_type}/{object_id}", "listCasesOfObject", "links",
              "The cases that an object belongs to, each with the event that proves it, by process and id.", "/cases",
              ObjectAsked, page_form(LINK.type), cases_of_object, can_miss=True),
    Operation("/links/traces/{trace_id}", "listCasesOfTrace", "links",
              f"The cases that a trace touches, {MOST_OF_TRACE} at most.", "/cases", TraceAsked, TraceCases,
              cases_of_trace, can_miss=True),
)  # fmt: skip
