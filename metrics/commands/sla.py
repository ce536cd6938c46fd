"""`flowglass sla`: how each SLA stands against its objective, and what runs out next."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
import typer

from metrics.commands.opened import Reader, open_store, present, wall_clock
from metrics.commands.output import for_machines, print_json, print_line, print_table, say
from metrics.commands.rows import SlaCounts
from metrics.commands.wording import NONE, duration, left, moment, percent, status_word
from metrics.definitions.load import load
from metrics.definitions.model import SlaRule
from metrics.definitions.registry import Catalogue
from metrics.objectives.reading import objectives, read_outcomes
from metrics.objectives.standing import ObjectiveStanding, standings
from metrics.objectives.wording import likelihood, money_words, tier_words
from metrics.queries.rows import DueClock, Process
from metrics.running import find_stack
from metrics.sla.objective import Tally, attainment, budget_left, chance_on_target

DEFAULT_DAYS = 30
"""The window of an SLA whose definition is not at hand."""


class SlaReport(msgspec.Struct, frozen=True):
    """One SLA of one process; shares between 0 and 1, `budget_left` in cases (negative: too many missed)."""

    process: str
    sla: str
    owner: str
    objective: float | None
    window_days: int
    attainment: float | None
    met: int
    missed: int
    overdue: int
    at_risk: int
    running: int
    paused: int
    budget_left: int | None
    chance: float | None
    median_us: float
    p90_us: float


class Due(msgspec.Struct, frozen=True):
    """A clock of an open case that runs out soon."""

    process: str
    case_id: str
    sla: str
    status: str
    owner: str
    facility: str
    deadline_us: int
    left_us: int


def sla(
    process: Annotated[str, typer.Option("--process", help="Only this process.")] = "",
    top: Annotated[int, typer.Option("--top", min=0, max=1000, help="How many cases at risk to list.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Attainment of each SLA in its objective's window (open overdue cases count as missed), and cases at risk."""
    settings = find_stack()
    catalogue = load(settings.definitions)
    with open_store(settings) as (_, reader):
        sizes = [row for row in reader.rows("processes", Process) if process in ("", row.process)]
        if process and not sizes:
            say(f"no case of the process {process!r} is stored")
            raise typer.Exit(1)
        wall = wall_clock()
        reports = [one for row in sizes for one in read_reports(reader, row.process, catalogue, wall)]
        aims = [one for row in sizes for one in read_objectives(reader, row.process, catalogue, wall)]
        due = read_due(reader, [row.process for row in sizes], wall, top)
    simulated = any(row.simulated for row in sizes)
    if as_json:
        print_json(sla_json(reports, due, simulated) | {"objectives": msgspec.to_builtins(aims)})
    else:
        print_slas(reports, due, simulated)
        print_objectives(aims)


def read_reports(reader: Reader, process: str, catalogue: Catalogue, wall: int) -> list[SlaReport]:
    """The SLAs of one process, each in its own window, in the order of the definition."""
    rules = _rules(catalogue, process)
    as_of = present(reader, process, wall)
    found: list[SlaReport] = []
    for days in sorted({rule.window_days for rule in rules.values()} | {DEFAULT_DAYS}):
        rows = reader.rows("cli_standing", SlaCounts, process=process, as_of=as_of, days=days)
        mine = [row for row in rows if _window(rules.get(row.sla)) == days]
        found += [report(process, row, rules.get(row.sla)) for row in mine]
    order = {name: index for index, name in enumerate(rules)}
    return sorted(found, key=lambda one: (order.get(one.sla, len(order)), one.sla))


def report(process: str, row: SlaCounts, rule: SlaRule | None) -> SlaReport:
    """One SLA against its objective."""
    tally = Tally(row.met, row.missed, row.overdue)
    objective = rule.objective if rule is not None else None
    return SlaReport(
        process=process,
        sla=row.sla,
        owner=rule.owner if rule is not None else "",
        objective=objective,
        window_days=_window(rule),
        attainment=attainment(tally),
        met=row.met,
        missed=row.missed,
        overdue=row.overdue,
        at_risk=row.at_risk,
        running=row.running,
        paused=row.paused,
        budget_left=None if objective is None else budget_left(objective, tally),
        chance=None if objective is None or not tally.total else chance_on_target(objective, tally),
        median_us=row.median_us,
        p90_us=row.p90_us,
    )


def read_objectives(reader: Reader, process: str, catalogue: Catalogue, wall: int) -> list[ObjectiveStanding]:
    """How the objectives of one process stand."""
    aims = objectives(catalogue, process)
    return standings(read_outcomes(reader, aims, present(reader, process, wall)), aims)


def read_due(reader: Reader, processes: Iterable[str], wall: int, top: int) -> list[Due]:
    """The clocks at risk of all processes that run out first."""
    found: list[Due] = []
    for process in processes:
        rows = reader.rows(
            "clocks_due", DueClock, process=process, as_of=present(reader, process, wall), statuses=["at_risk"],
            facility="", department="", sla="", limit=top, offset=0,
        )  # fmt: skip
        found += [Due(process, r.case_id, r.sla, r.status, r.owner, r.facility, r.deadline_us, r.left_us) for r in rows]
    return sorted(found, key=lambda due: (due.left_us, due.process, due.case_id, due.sla))[:top]


def sla_json(reports: list[SlaReport], due: list[Due], simulated: bool) -> dict[str, Any]:
    return {
        "simulated": simulated,
        "slas": [for_machines(one) for one in reports],
        "at_risk": [for_machines(one) for one in due],
    }


def print_slas(reports: list[SlaReport], due: list[Due], simulated: bool) -> None:
    """Both lists for people."""
    if not reports:
        print_line("no SLA clock has started")
        return
    if simulated:
        print_line("[simulated data]")
    print_table(
        ("process", "SLA", "attained", "objective", "days", "met", "missed", "overdue", "budget left", "at risk",
         "on track", "median", "p90", "verdict"),
        [_line(one) for one in reports],
        right="attained, objective, days, met, missed, overdue, budget left, at risk, on track, median, p90",
    )  # fmt: skip
    print_table(
        ("process", "case", "SLA", "status", "facility", "owner", "deadline", "left"),
        [
            (one.process, one.case_id, one.sla, status_word(one.status), one.facility, one.owner,
             moment(one.deadline_us), left(one.left_us, 0))
            for one in due
        ],
        title=f"At risk ({len(due)} shown)",
    )  # fmt: skip


def print_objectives(aims: list[ObjectiveStanding]) -> None:
    """How sure each attainment is, what is left of its budget, and whether the misses are luck."""
    if not aims:
        return
    print_table(
        ("process", "SLA", "attained", "95 % sure", "budget left", "in money", "page", "ticket", "by luck"),
        [
            (one.process, one.sla, percent(one.attainment), _interval(one), f"{one.left:,} of {one.allowed:,}",
             "; ".join(map(money_words, one.money)) or NONE, *map(tier_words, one.tiers),
             likelihood(min(tier.chance for tier in one.tiers)) if any(t.firing for t in one.tiers) else NONE)
            for one in aims
        ],
        title="Objectives",
        right="attained, 95 % sure, budget left",
    )  # fmt: skip
    for one in aims:
        for tier in one.tiers:
            if not tier.can_fire:
                print_line(f"{one.process}, {one.sla}: {tier.tier} can't fire. {tier.why_not}")


def _interval(one: ObjectiveStanding) -> str:
    return f"{percent(one.interval.low)} to {percent(one.interval.high)}" if one.interval else NONE


def _line(one: SlaReport) -> tuple[str, ...]:
    return (
        one.process,
        one.sla,
        percent(one.attainment),
        percent(one.objective),
        str(one.window_days),
        str(one.met),
        str(one.missed),
        str(one.overdue),
        NONE if one.budget_left is None else str(one.budget_left),
        str(one.at_risk),
        str(one.running + one.paused),
        duration(one.median_us),
        duration(one.p90_us),
        _verdict(one),
    )


def _verdict(one: SlaReport) -> str:
    if one.objective is None or one.attainment is None:
        return NONE
    return "on target" if one.attainment >= one.objective else "below target"


def _rules(catalogue: Catalogue, process: str) -> dict[str, SlaRule]:
    definition = next((one for one in catalogue.definitions if one.process == process), None)
    return {rule.name: rule for rule in definition.slas} if definition else {}


def _window(rule: SlaRule | None) -> int:
    return rule.window_days if rule is not None else DEFAULT_DAYS
