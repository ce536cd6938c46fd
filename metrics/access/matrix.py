"""What each role sees, cell by cell: pages, processes, facilities, fields, and the views that every query reads."""

from collections.abc import Iterator, Mapping
from typing import Final

from metrics.access.masks import narrowed
from metrics.access.model import FIELDS, Reach, Role
from metrics.access.reach import CLOSED, OPEN, RULES

PAGES: Final = (
    "/", "/alerts", "/audit", "/case", "/cases", "/connect", "/data-quality", "/dead-letters", "/exceptions",
    "/integrations", "/process", "/sla", "/spend",
)  # fmt: skip
"""Every page of the dashboards; a test holds it to them."""
YES: Final = "yes"
NO: Final = "–"
Line = tuple[str, tuple[str, ...]]


def matrix(roles: Mapping[str, Role], processes: tuple[str, ...]) -> Iterator[Line]:
    """What there is, and for each role what it sees of it. `processes`: the names of those defined."""
    every = tuple(roles.values())
    for page in PAGES:
        yield f"page {page}", tuple(YES if role.opens(page) else NO for role in every)
    for process in processes:
        yield f"process {process}", tuple(_seen(role.reach.processes, process) for role in every)
    yield "facilities", tuple(_listed(role.reach.facilities) for role in every)
    for field in FIELDS:
        yield f"field {field}", tuple("masked" if field in role.reach.hidden else YES for role in every)
    yield "least group", tuple(str(role.reach.least or "any") for role in every)
    for view in sorted(RULES):
        yield f"view {view}", tuple(of_view(view, role.reach) for role in every)


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
