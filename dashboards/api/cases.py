"""Cases: those that filters let through, and everything that is known of one."""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dashboards.api.forms import Form, Moment
from dashboards.api.operation import Desk, Operation
from dashboards.api.paging import begins_after, page_form, page_of
from dashboards.api.parameters import Cursor, Facility, Limit, Process, Since, Until, microseconds, told
from dashboards.api.problems import Refused
from metrics.commands.case import read_case
from metrics.commands.wording import rfc3339
from metrics.exports.window import BEGINNING, END
from metrics.queries.api_rows import ApiCase
from metrics.queries.conformance_rows import CaseDeviation
from metrics.queries.expectation_rows import CaseExpectation
from metrics.queries.rows import CaseClock, CaseEvent, CaseHeader, CaseMilestone, CaseObject, CaseTrace

ClockStatus = Literal["running", "paused", "at_risk", "breached", "met", "cancelled"]
CASE: Final = Form(ApiCase, "Case")
HEADER: Final = Form(CaseHeader, "CaseHeader", "One case as it stands; `variant` names the order of its activities.")
MILESTONE: Final = Form(CaseMilestone, "Milestone")
CLOCK: Final = Form(
    CaseClock, "Clock", "The clock of one SLA: net time leaves out what its calendar and its pauses do not count."
)
EVENT: Final = Form(CaseEvent, "CaseEvent", "An event of the case; `objects` names what it is about.")
OBJECT: Final = Form(CaseObject, "CaseObject")
TRACE: Final = Form(CaseTrace, "Trace")
EXPECTATION: Final = Form(CaseExpectation, "Expectation")
DEVIATION: Final = Form(CaseDeviation, "Deviation")


class CaseFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which cases."""

    process: Process | UnsetType = UNSET
    facility: Facility | UnsetType = UNSET
    status: Annotated[Literal["open", "closed"], Meta(description="Whether the case has ended.")] | UnsetType = UNSET
    state: Annotated[str, Meta(description="Where the case waits now.", min_length=1)] | UnsetType = UNSET
    sla: Annotated[str, Meta(description="With a clock of this SLA.", min_length=1)] | UnsetType = UNSET
    sla_status: Annotated[ClockStatus, Meta(description="With a clock in this status.")] | UnsetType = UNSET
    since: Annotated[Since, Meta(description="Last event at this time or later.")] | UnsetType = UNSET
    until: Annotated[Until, Meta(description="Last event before this time.")] | UnsetType = UNSET
    limit: Limit = 100
    cursor: Cursor | UnsetType = UNSET


class OneCase(msgspec.Struct, frozen=True):
    """Which case."""

    process: Process
    case_id: Annotated[str, Meta(description="Id of the case; slashes in it may be sent as they are.", min_length=1)]


_PARTS: Final[list[tuple[str, Any]]] = [
    ("case", HEADER.type), ("as_of", Moment), ("milestones", MILESTONE.many), ("clocks", CLOCK.many),
    ("expected", EXPECTATION.many), ("deviations", DEVIATION.many), ("events", EVENT.many),
    ("objects", OBJECT.many), ("traces", TRACE.many),
]  # fmt: skip
CASE_FILE: Final = msgspec.defstruct(
    "CaseFile",
    _PARTS,
    frozen=True,
    namespace={"__doc__": "Everything that is known of one case, its clocks at `as_of`."},
)


def list_cases(desk: Desk, asked: CaseFilter) -> Any:
    """One part of the cases, by process and id."""
    process, case_id = begins_after(asked.cursor, 2)
    rows = desk.reader.rows(
        "api_cases", ApiCase, process=told(asked.process), facility=told(asked.facility), status=told(asked.status),
        state=told(asked.state), sla=told(asked.sla), sla_status=told(asked.sla_status),
        since=microseconds(asked.since, BEGINNING), until=microseconds(asked.until, END),
        after_process=process, after_case=case_id, limit=asked.limit + 1,
    )  # fmt: skip
    return page_of(rows, asked.limit, lambda row: (row.process, row.case_id), CASE.of)


def show_case(desk: Desk, asked: OneCase) -> Any:
    """One case with all that belongs to it."""
    if not desk.reader.rows("case_header", CaseHeader, process=asked.process, case_id=asked.case_id):
        raise Refused(404, f"There is no case {asked.case_id!r} of the process {asked.process!r}: see /cases.")
    file = read_case(desk.reader, asked.process, asked.case_id, desk.wall())
    return {
        "case": HEADER.of(file.header),
        "as_of": rfc3339(file.now_us),
        "milestones": [MILESTONE.of(row) for row in file.milestones],
        "clocks": [CLOCK.of(row) for row in file.clocks],
        "expected": [EXPECTATION.of(row) for row in file.expected],
        "deviations": [DEVIATION.of(row) for row in file.deviations],
        "events": [EVENT.of(row) for row in file.events],
        "objects": [OBJECT.of(row) for row in file.objects],
        "traces": [TRACE.of(row) for row in file.traces],
    }


OPERATIONS: Final = (
    Operation("/cases", "listCases", "cases", "Cases that the filters let through, by process and id.", "/cases",
              CaseFilter, page_form(CASE.type), list_cases),
    Operation("/cases/{process}/{case_id}", "showCase", "cases",
              "One case: milestones, clocks, expected steps, deviations, events (2,000 at most), objects and traces "
              "(500 at most). The look is noted in the audit log.", "/case", OneCase, CASE_FILE, show_case,
              can_miss=True),
)  # fmt: skip
