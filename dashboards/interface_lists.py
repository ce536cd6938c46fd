"""The cards of Integrations: tiles, the drawing and its list, the table of interfaces, systems and processes."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.components.grids import sized
from dashboards.domains import Domains
from dashboards.figures.topology_svg import draw_lanes, in_order
from dashboards.filling import Empty, Request
from dashboards.interface_lanes import (
    LOOKS,
    PATH,
    Interface,
    ends_words,
    lane,
    money,
    narrowed,
    rate,
    read_interfaces,
    words,
)
from dashboards.leading import lanes_sentence
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import NONE, count, duration, moment, percent

TICKS_BETWEEN = 6
MOST_LANES = 40
NO_CALLS = (
    "No call between systems has been seen. Interfaces appear here once spans with a peer or an interface arrive."
)


def read_narrowed(reader: Reader, request: Request) -> list[Interface]:
    """The interfaces of the page's system; raises Empty when there are none."""
    found = read_interfaces(reader, request.scope)
    if not found:
        raise Empty(NO_CALLS)
    own = narrowed(found, request.scope.address)
    if not own:
        raise Empty(f"No interface of {request.scope.address.service} has been called lately.")
    return own


def fill_topology(reader: Reader, domains: Domains, request: Request) -> list[Any]:
    """The drawing, the list for a phone, and the sentence above: what is in trouble and what is left out."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    found, scope = read_narrowed(reader, request), request.scope
    shown = found[:MOST_LANES]
    lanes = [lane(one, scope, domains) for one in shown]
    systems = {name for one in shown for name in (one.caller, one.called) if name}
    links = {domains.service_title(name): system_link(scope.address, name) for name in systems}
    drawing = draw_lanes(lanes, links, f"{count(len(lanes))} interfaces between {count(len(systems))} systems")
    if request.ticked:
        return [drawing, no_update, no_update]
    hidden = len(found) - len(shown)
    more = f" {count(hidden)} more interfaces are in the table below." if hidden else ""
    note = lanes_sentence(found) + more
    by_name = {one.name: one for one in shown}
    return [drawing, lane_list([by_name[each.name] for each in in_order(lanes)], scope, domains), note]


def system_link(address: Address, system: str) -> str:
    """The page narrowed to a system, or back to all when it is the chosen one."""
    wanted = "" if address.service == system else system
    return PATH + address.with_(service=wanted, interface="").search()


def lane_list(found: Sequence[Interface], scope: Scope, domains: Domains) -> Component:
    """The drawing for a narrow screen."""
    items = []
    for one in found:
        tone, word = one.standing
        here = PATH + scope.address.with_(interface=one.name).search()
        status = html.Span(word, className=f"fg-status-cell fg-status-{LOOKS[tone]}")
        ends = ends_words(one, domains, via=True)
        head = html.Div([dcc.Link(one.title, href=here, className="fg-link"), status], className="fg-map-step")
        items.append(html.Li([head, html.Ul([html.Li(ends), html.Li(words(one, scope.as_of))])]))
    return html.Ol(items)


def fill_table(reader: Reader, domains: Domains, request: Request) -> list[Any]:
    """Rows of the interfaces, those in trouble first."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    return sized([table_row(one, request.scope.address, domains) for one in read_narrowed(reader, request)], 12)


def table_row(one: Interface, address: Address, domains: Domains) -> dict[str, Any]:
    """One ready-to-show row."""
    tone, word = one.standing
    flow, here = one.flow, PATH + address.with_(interface=one.name).search()
    return {
        "key": one.name,
        "case": one.title,
        "href": here,
        "ends": ends_words(one, domains),
        "rate": rate(one.calls, one.days) if flow else NONE,
        "median": duration(flow.median_us) if flow else NONE,
        "p95": duration(flow.p95_us) if flow else NONE,
        "failed": percent(one.share),
        "retries": count(flow.retries) if flow else NONE,
        "last": moment(one.last_us),
        "cases": number_cell(one.cases, cases_link(one, address, "")),
        "breached": number_cell(one.breached, cases_link(one, address, "breached"), "bad"),
        "money": money(one.impact[:1]),
        "status": LOOKS[tone],
        "status_word": word,
        "chosen": one.name == address.interface,
    }


def number_cell(number: int, href: str, tone: str = "plain") -> dict[str, str]:
    """A number that opens its list; a dash for none."""
    return {"text": count(number), "href": href, "tone": tone} if number else {"text": NONE, "tone": "quiet"}


def cases_link(one: Interface, address: Address, which: str) -> str:
    """The cases behind an interface; where they are of several processes, the detail that tells them apart."""
    own = [row for row in one.impact if (row.breached if which else row.cases)]
    if len(own) != 1:
        return PATH + address.with_(interface=one.name).search()
    return case_list(own[0].process, one.name, address, which)


def case_list(process: str, interface: str, address: Address, which: str) -> str:
    """The list of the cases of one process behind an interface."""
    wanted = {"process": process, "interface": interface, "list": which, "period": address.period}
    return "/cases" + Address.model_validate(wanted).search()
