"""What holds cases up: the interfaces that failed open cases where they wait now, how many, and whose they are."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from dash import dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.components.cards import card, plain_table, table_view
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import DAY, MINUTE, NONE, count, duration, humanised, interface_words
from metrics.queries.interface_rows import HeldCase

CARD: Final = "held"
DAYS: Final = 7
MOST_CASES, MOST_INTERFACES, MOST_OWNERS = 50_000, 8, 3
TICKS_BETWEEN = 3


class Held(NamedTuple):
    """The cases that one interface holds up; owners by how many are theirs ('' for nobody)."""

    interface: str
    cases: int
    breached: int
    at_risk: int
    owners: tuple[tuple[str, int], ...]
    longest_since: int


def held_card() -> html.Section:
    """The card, loading."""
    return card(CARD, "What holds cases up", html.Div(id="held-table"), height=120)


def read_held(reader: Reader, scope: Scope) -> list[HeldCase]:
    """The cases held up, the longest held first. All places and a whole minute are one answer for all open pages."""
    since = (scope.as_of - DAYS * DAY) // MINUTE * MINUTE
    found = reader.rows("held_cases", HeldCase, process=scope.size.process, since=since, limit=MOST_CASES)
    return [case for case in found if scope.holds(case.of_facility, case.of_department)]


def by_interface(cases: Sequence[HeldCase]) -> list[Held]:
    """The interfaces, the one that holds up most cases first; of equals the one with more breached ones."""
    names = dict.fromkeys(case.interface for case in cases)
    found = [_held(name, [case for case in cases if case.interface == name]) for name in names]
    return sorted(found, key=lambda one: (-one.cases, -one.breached, one.longest_since, one.interface))


def _held(interface: str, cases: Sequence[HeldCase]) -> Held:
    owners = sorted(Counter(case.owner for case in cases).items(), key=lambda one: (-one[1], one[0]))
    return Held(
        interface,
        len(cases),
        sum(case.sla == "breached" for case in cases),
        sum(case.sla == "at_risk" for case in cases),
        tuple(owners),
        min(case.state_since_us for case in cases),
    )


def fill_held(reader: Reader, request: Request) -> list[Any]:
    """A sentence about the first, and the table; raises Empty with good news."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    scope, cases = request.scope, read_held(reader, request.scope)
    if not cases:
        raise Empty(f"No failed call of the last {DAYS} days holds up an open case.")
    found = by_interface(cases)
    return [html.Div([html.P(sentence(found, scope), className="fg-lead"), table(found, scope)])]


def sentence(found: Sequence[Held], scope: Scope) -> str:
    """Which interface holds up most, and whose cases these are."""
    first = found[0]
    cases = "1 open case" if first.cases == 1 else f"{count(first.cases)} open cases"
    return (
        f"{interface_words(first.interface)} holds up most: {cases} of {scope.view.title}. Whose: {owner_words(first)}."
    )


def owner_words(one: Held) -> str:
    """The owners of the cases, those of most first: 'Pharmacy team (4), ICU team (2)'."""
    told = [f"{humanised(name) or 'nobody'} ({count(cases)})" for name, cases in one.owners[:MOST_OWNERS]]
    rest = sum(cases for _, cases in one.owners[MOST_OWNERS:])
    return ", ".join([*told, f"others ({count(rest)})"] if rest else told)


def table(found: Sequence[Held], scope: Scope) -> Component:
    """A row for each interface; its number opens the cases."""
    rows = [_row(one, scope) for one in found[:MOST_INTERFACES]]
    heads = ("Interface", "Cases held", "Breached", "At risk", "Whose", "Longest")
    title = "Interfaces that hold up open cases"
    return table_view(plain_table(heads, rows, title), title)


def _row(one: Held, scope: Scope) -> tuple[Any, ...]:
    page = "/integrations" + Address(interface=one.interface, period=DAYS).search()
    return (
        dcc.Link(interface_words(one.interface), href=page, className="fg-link"),
        dcc.Link(count(one.cases), href=held_link(scope.address, one.interface), className="fg-link fg-number"),
        count(one.breached) if one.breached else NONE,
        count(one.at_risk) if one.at_risk else NONE,
        owner_words(one),
        duration(max(scope.as_of - one.longest_since, 0)),
    )


def held_link(address: Address, interface: str) -> str:
    """The list of the cases that an interface holds up."""
    return address.link("/cases", list="held", interface=interface)


def held_names(reader: Reader, scope: Scope, interface: str) -> list[HeldCase]:
    """The cases that an interface holds up; all that are held where none is named."""
    return [case for case in read_held(reader, scope) if interface in ("", case.interface)]
