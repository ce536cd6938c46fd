"""Reads `reports.yaml`, says everything that is wrong with it at once, and compiles it."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from metrics.access.load import SHIPPED as SHIPPED_ROLES
from metrics.access.load import SPEND, read_roles
from metrics.access.model import Person, Reach, Role
from metrics.definitions.load import REPORTS_FILE, ROLES_FILE
from metrics.definitions.mistakes import Finding, unknown
from metrics.definitions.one_file import own_or_shipped, read_file
from metrics.reports.periods import Span, everywhere
from metrics.reports.schedule import WEEKDAYS, Schedule, minute_of
from metrics.reports.schema import ReportsText, ReportText
from metrics.sla.zones import load_zone
from metrics.texts.shown import humanised

SHIPPED: Final = Path(__file__).with_name(REPORTS_FILE)


class ScheduledReport(NamedTuple):
    """A report that is sent by itself. `by`: the receiver of the alerts file that sends; `reach`: what is seen."""

    name: str
    schedule: Schedule
    by: str
    to: tuple[str, ...]
    role: str
    title: str
    reach: Reach
    span: Span
    filters: Mapping[str, str]

    @property
    def seen_by(self) -> str:
        """As whom it is read, where that is not everything."""
        return reach_words(self.title, self.reach)


def reach_words(title: str, reach: Reach) -> str:
    """A role in words, with the facilities that it is bound to; '' where it reaches everything."""
    if reach.is_everything:
        return ""
    places = ", ".join(humanised(name) for name in sorted(reach.facilities or ()))
    return f"{title} ({places})" if places else title


def load_reports(
    definitions: Path | None = None, receivers: Collection[str] | None = None
) -> Mapping[str, ScheduledReport]:
    """Reports by name: of the `reports.yaml` beside the definitions, else the shipped one.

    `receivers`: the e-mail receivers of the alerts file; None: not looked at. Raises DefinitionsError.
    """
    return read_reports(own_or_shipped(definitions, SHIPPED), receivers)


def read_reports(file: Path, receivers: Collection[str] | None = None) -> Mapping[str, ScheduledReport]:
    """The reports of one file, whose roles are those beside it. Raises DefinitionsError with every mistake."""
    roles = read_roles(_roles_beside(file))
    written = read_file(file, ReportsText, lambda said: _mistaken(said, roles, receivers))
    return {name: _compiled(name, said, roles[said.role]) for name, said in written.reports.items()}


def _roles_beside(file: Path) -> Path:
    own = file.with_name(ROLES_FILE)
    return own if own.is_file() else SHIPPED_ROLES


def _mistaken(written: ReportsText, roles: Mapping[str, Role], receivers: Collection[str] | None) -> Iterator[Finding]:
    for name, said in written.reports.items():
        place = ("reports", name)
        if (said.monthly is None) == (said.weekly is None):
            yield Finding(place, "is due either `monthly` or `weekly`")
        try:
            load_zone(said.zone)
        except ValueError as error:
            yield Finding((*place, "zone"), str(error))
        if said.role not in roles:
            yield Finding((*place, "role"), unknown("role", said.role, roles))
        elif not roles[said.role].opens(SPEND):
            yield Finding((*place, "role"), f"the role '{said.role}' does not open {SPEND}, which this report is of")
        if receivers is not None and said.by not in receivers:
            yield Finding((*place, "by"), unknown("e-mail receiver", said.by, receivers))


def _compiled(name: str, said: ReportText, role: Role) -> ScheduledReport:
    zone = load_zone(said.zone)
    if said.monthly is not None:
        schedule = Schedule(minute_of(said.monthly.at), zone, day=said.monthly.day)
    else:
        assert said.weekly is not None
        schedule = Schedule(minute_of(said.weekly.at), zone, weekday=WEEKDAYS.index(said.weekly.on))
    limits = [None if one == "all" else frozenset(one) for one in (said.facilities, said.processes)]
    reach = Person(name, role, limits[0], "", limits[1]).reach
    told = said.filters.model_dump(exclude_none=True)
    filters = everywhere(booked=told.pop("process", ""), **told)
    return ScheduledReport(name, schedule, said.by, said.to, role.name, role.title, reach, said.period, filters)
