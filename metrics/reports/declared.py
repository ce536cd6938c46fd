"""The reports that hold: checked against the receivers of the alerts file, and against what can be masked."""

from collections.abc import Callable, Mapping

from metrics.access.load import load_roles
from metrics.access.masks import refuse_unmasked
from metrics.alerts.plan import Plan
from metrics.definitions.mistakes import DefinitionsError
from metrics.reports.reading import ScheduledReport, load_reports
from metrics.settings import SettingError, Settings


def reports_of(settings: Settings, plan: Plan) -> Mapping[str, ScheduledReport]:
    """Reports by name. Raises DefinitionsError, and SettingError for roles whose people could not be masked."""
    senders = [name for name, one in plan.receivers.items() if one.kind == "email"]
    reports = load_reports(settings.definitions, senders)
    if not reports:
        return {}
    roles = load_roles(settings.definitions)
    refuse_unmasked((roles[name] for name in {one.role for one in reports.values()}), settings)
    return reports


def reports_or_none(settings: Settings, plan: Plan, tell: Callable[[str], None]) -> Mapping[str, ScheduledReport]:
    """Reports by name; none where they can't be read, which is told: alerts go on without them."""
    try:
        return reports_of(settings, plan)
    except (DefinitionsError, SettingError, OSError) as error:
        tell(f"{error}\nno report is sent until this is mended")
        return {}
