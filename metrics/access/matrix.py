"""What each role sees and may do, cell by cell: pages, operations of the HTTP interface, deeds, processes, facilities,
fields, and the views that every query reads."""

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from metrics.access.masks import narrowed
from metrics.access.model import FIELDS, Reach, Role
from metrics.access.reach import CLOSED, OPEN, RULES
from metrics.access.schema import Deed

PAGES: Final = (
    "/", "/alerts", "/audit", "/case", "/cases", "/connect", "/data-quality", "/dead-letters", "/exceptions",
    "/integrations", "/process", "/sla", "/spend",
)  # fmt: skip
"""Every page of the dashboards; a test holds it to them."""
ENDPOINTS: Final[Mapping[str, str]] = {
    "/cases": "/cases",
    "/cases/{process}/{case_id}": "/case",
    "/slas": "/sla",
    "/slas/{process}/{sla}": "/sla",
    "/alerts": "/alerts",
    "/alerts/{alert_id}": "/alerts",
    "/ledger/totals": "/spend",
    "/ledger/documents": "/spend",
    "/links/objects/{object_type}/{object_id}": "/cases",
    "/links/traces/{trace_id}": "/cases",
    "/exports/ocel": "/cases",
    "/exports/xes": "/cases",
    "/exports/csv": "/cases",
    "/exports/spend": "/spend",
}
"""Every operation of the HTTP interface that tells something, and the page whose readers may ask; a test holds it."""
SUMS: Final = frozenset({"/slas", "/slas/{process}/{sla}", "/ledger/totals", "/alerts", "/exports/spend"})
"""Those that tell of no single case or document."""
DEEDS: Final[tuple[str, ...]] = get_args(Deed)
YES: Final = "yes"
NO: Final = "–"
Line = tuple[str, tuple[str, ...]]


def matrix(roles: Mapping[str, Role], processes: tuple[str, ...]) -> Iterator[Line]:
    """What there is, and for each role what it sees of it. `processes`: the names of those defined."""
    every = tuple(roles.values())
    for page in PAGES:
        yield f"page {page}", tuple(YES if role.opens(page) else NO for role in every)
    for endpoint in ENDPOINTS:
        yield f"api {endpoint}", tuple(of_endpoint(endpoint, role) for role in every)
    for deed in DEEDS:
        yield f"may {deed}", tuple(YES if deed in role.may else NO for role in every)
    for process in processes:
        yield f"process {process}", tuple(_seen(role.reach.processes, process) for role in every)
    yield "facilities", tuple(_listed(role.reach.facilities) for role in every)
    for field in FIELDS:
        yield f"field {field}", tuple("masked" if field in role.reach.hidden else YES for role in every)
    yield "least group", tuple(str(role.reach.least or "any") for role in every)
    for view in sorted(RULES):
        yield f"view {view}", tuple(of_view(view, role.reach) for role in every)


def of_endpoint(endpoint: str, role: Role) -> str:
    """What a role is answered by an operation of the HTTP interface."""
    if not role.opens(ENDPOINTS[endpoint]) or (role.reach.least and endpoint not in SUMS):
        return NO
    limited = role.reach.processes is not None or role.reach.facilities is not None
    return " ".join(["its cases" if limited else YES, *(["masked"] if role.reach.hidden else [])])


def of_view(view: str, reach: Reach) -> str:
    """What a reach sees of a view of the store."""
    if reach.is_everything:
        return YES
    rule = RULES[view]
    if rule == CLOSED or narrowed(view, rule, reach.hidden) == "0":
        return NO
    limited = rule != OPEN and (reach.processes is not None or reach.facilities is not None)
    return " ".join(["its cases" if limited else YES, *(["masked"] if reach.hidden else [])])


def _seen(names: frozenset[str] | None, name: str) -> str:
    return YES if names is None or name in names else NO


def _listed(names: frozenset[str] | None) -> str:
    return "all" if names is None else " ".join(sorted(names)) or NO
