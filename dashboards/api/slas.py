"""SLAs: how each stands now, and what was decided in each period."""

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dashboards.api.forms import Form
from dashboards.api.operation import Desk, Operation
from dashboards.api.parameters import Facility, Process, Since, Until, told, window
from dashboards.api.problems import Refused
from metrics.commands.opened import present
from metrics.commands.sla import SlaReport, read_reports
from metrics.queries.api_rows import ApiPeriod
from metrics.queries.rows import Process as ProcessSize

STANDARD_DAYS, MOST_DAYS = 90, 800
SLA: Final = Form(SlaReport, "Sla")
PERIOD: Final = Form(ApiPeriod, "Period")


class SlaFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which SLAs."""

    process: Process | UnsetType = UNSET


class PeriodsAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which periods of which SLA."""

    process: Process
    sla: Annotated[str, Meta(description="Name of the SLA.", min_length=1)]
    unit: Annotated[
        Literal["day", "week", "month"], Meta(description="How long a period is; weeks begin on Monday.")
    ] = "month"
    facility: Facility | UnsetType = UNSET
    since: Annotated[Since, Meta(description=f"Decided then or later; {STANDARD_DAYS} days before `until`.")] | (
        UnsetType
    ) = UNSET
    until: Annotated[Until, Meta(description="Decided before; now where it is left out.")] | UnsetType = UNSET


SLAS: Final = msgspec.defstruct(
    "SlaStandings",
    [("items", SLA.many)],
    frozen=True,
    namespace={"__doc__": "Each SLA in the window of its objective."},
)
PERIODS: Final = msgspec.defstruct(
    "SlaPeriods", [("items", PERIOD.many)], frozen=True, namespace={"__doc__": "Decided clocks by facility and period."}
)


def list_slas(desk: Desk, asked: SlaFilter) -> Any:
    """The SLAs of one process or all."""
    wanted, catalogue, wall = told(asked.process), desk.catalogue(), desk.wall()
    sizes = desk.reader.rows("processes", ProcessSize)
    processes = [row.process for row in sizes if wanted in ("", row.process)]
    return {"items": [SLA.of(one) for name in processes for one in read_reports(desk.reader, name, catalogue, wall)]}


def list_periods(desk: Desk, asked: PeriodsAsked) -> Any:
    """What was decided in each period."""
    if asked.process not in {row.process for row in desk.reader.rows("processes", ProcessSize)}:
        raise Refused(404, f"There is no process {asked.process!r}: /slas lists them.")
    now = present(desk.reader, asked.process, desk.wall())
    since, until = window(asked.since, asked.until, now + 1, STANDARD_DAYS, MOST_DAYS)
    rows = desk.reader.rows(
        "api_sla_periods", ApiPeriod, process=asked.process, sla=asked.sla, unit=asked.unit, since=since, until=until,
        facility=told(asked.facility),
    )  # fmt: skip
    return {"items": [PERIOD.of(row) for row in rows]}


OPERATIONS: Final = (
    Operation("/slas", "listSlas", "slas",
              "How each SLA stands in the window of its objective: attainment, budget, open clocks.",
              "/sla", SlaFilter, SLAS, list_slas),
    Operation("/slas/{process}/{sla}", "listSlaPeriods", "slas",
              f"Clocks of one SLA that were met and breached, by facility and period; {MOST_DAYS} days at most.",
              "/sla", PeriodsAsked, PERIODS, list_periods, can_miss=True),
)  # fmt: skip
