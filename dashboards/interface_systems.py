"""The systems behind the interfaces: what each sent into which process, and what was wrong with it."""

from collections.abc import Sequence
from typing import Any

from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.components.grids import sized
from dashboards.domains import Domains
from dashboards.figures.topology_svg import Flow, draw_flows
from dashboards.filling import Empty, Request
from dashboards.interface_lanes import window
from dashboards.interface_lists import TICKS_BETWEEN, number_cell
from dashboards.quality_words import list_link
from dashboards.scope import Desk
from dashboards.wording import NONE, count, moment, percent
from metrics.queries.interface_rows import InterfaceSource, InterfaceSystem


def fill_systems(desk: Desk, domains: Domains, request: Request) -> list[Any]:
    """The drawing of systems and processes, and the rows of the systems."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    scope, reader = request.scope, desk.reader
    asked = {"since": window(scope), **domains.source_parameters}
    sources = reader.rows("interface_sources", InterfaceSource, **asked)
    faults = {row.system: row for row in reader.rows("interface_systems", InterfaceSystem, **asked)}
    names = sorted({row.system for row in sources} | set(faults))
    if not names:
        raise Empty("No system has sent an event in the window.")
    wanted = domains.system_of(scope.address.service)
    own = [name for name in names if wanted in ("", name)]
    rows = [
        system_row(
            name,
            [row for row in sources if row.system == name],
            faults.get(name),
            domains,
            desk,
            scope.address.call_days,
        )
        for name in own
    ]
    return [system_flows(sources, domains, desk), *sized(rows, 12)]


def system_flows(sources: Sequence[InterfaceSource], domains: Domains, desk: Desk) -> str:
    """The drawing of which system's events go into which process; '' without events."""
    titles = {row.process: desk.view(row.process).title for row in sources}
    flows = [
        Flow(
            domains.system_title(row.system),
            titles[row.process],
            f"{count(row.events)} events for {count(row.cases)} cases",
            row.events,
        )
        for row in sources
    ]
    links = {domains.system_title(row.system): list_link(Address(), system=row.system) for row in sources}
    links |= {title: "/process" + Address(process=process).search() for process, title in titles.items()}
    label = f"Events of {count(len({row.system for row in sources}))} systems into {count(len(titles))} processes"
    return draw_flows(flows, links, label) if flows else ""


def system_row(
    name: str,
    sources: Sequence[InterfaceSource],
    faults: InterfaceSystem | None,
    domains: Domains,
    desk: Desk,
    days: int,
) -> dict[str, Any]:
    """One ready-to-show row: what a system sent, into what, and what was wrong with it."""
    faults = faults or InterfaceSystem(name, [], 0, 0, 0, 0)
    into = ", ".join(f"{desk.view(row.process).title} ({count(row.events)})" for row in sources)
    bad = faults.dead or faults.breaches or faults.missed
    return {
        "key": name,
        "case": domains.system_title(name),
        "href": list_link(Address(), system=name),
        "events": count(sum(row.events for row in sources)) if sources else NONE,
        "into": into or "Sends no events to a process",
        "last": moment(max(row.last_us for row in sources)) if sources else NONE,
        "dead": number_cell(faults.dead, letters_link(faults.sources, days), "warn"),
        "breaches": number_cell(faults.breaches, list_link(Address(), fault="contract", system=name), "warn"),
        "missed": number_cell(faults.missed, list_link(Address(), fault="propagation", system=name), "warn"),
        "followed": percent(1 - faults.missed / faults.followed) if faults.followed else NONE,
        "status": "at_risk" if bad else "met",
        "status_word": "To look at" if bad else "In order",
    }


def letters_link(sources: Sequence[str], days: int) -> str:
    """The dead letters of a system: of its source, where it has one alone."""
    return "/dead-letters" + Address(source=sources[0] if len(sources) == 1 else "", period=days).search()
