"""Which alerts file holds."""

from pathlib import Path

import msgspec

from metrics.alerts.escalating import declared
from metrics.alerts.plan import Plan
from metrics.alerts.reading import SHIPPED, read_plan
from metrics.definitions.calendars import Calendars
from metrics.definitions.load import ALERTS_FILE, load
from metrics.definitions.mistakes import DefinitionsError, Mistake
from metrics.definitions.registry import Catalogue
from metrics.settings import Settings, read_settings


def alerts_file(settings: Settings) -> Path:
    """The one that is named, else the one beside the definitions, else the one shipped."""
    if settings.alerts is not None:
        return settings.alerts
    return beside(settings.definitions) or SHIPPED


def checked(path: Path, calendars: Calendars | None) -> tuple[str, tuple[Mistake, ...]]:
    """What the alerts file that goes with definitions at `path` holds, in a line; or what is wrong with it."""
    file = path if path.name == ALERTS_FILE else beside(path) or read_settings().alerts or SHIPPED
    try:
        plan = read_plan(file, calendars)
    except DefinitionsError as error:
        return "", error.mistakes
    receivers, routes = len(plan.receivers), len(plan.routes)
    return f"{file.name}: {receivers} receiver{'s' * (receivers != 1)}, {routes} route{'s' * (routes != 1)}", ()


def beside(definitions: Path | None) -> Path | None:
    """The alerts file in a directory of definitions, if there is one."""
    if definitions is None:
        return None
    found = (definitions if definitions.is_dir() else definitions.parent) / ALERTS_FILE
    return found if found.is_file() else None


def load_alerts(settings: Settings) -> tuple[Plan, Catalogue, Path]:
    """The plan, the definitions it is about, and the folder of the file. Raises as `read_plan` and `load` do."""
    catalogue = load(settings.definitions)
    calendars: Calendars | None = catalogue.calendars
    path = alerts_file(settings)
    plan = msgspec.structs.replace(read_plan(path, calendars), declared=declared(catalogue.definitions))
    if not plan.link:
        plan = msgspec.structs.replace(plan, link=f"http://127.0.0.1:{settings.dashboards_port}")
    return plan, catalogue, path.parent
