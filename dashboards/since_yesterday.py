"""What changed since yesterday: the last day against the same time a day before, each number with its list."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from dash import Dash, html
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.board import AMBER_ERRORS
from dashboards.components.cards import card
from dashboards.components.leaves import Leaf, leaf, leaf_outputs, leaf_values, link
from dashboards.filling import Empty, Request, fill_card
from dashboards.interface_lanes import FEW_ERRORS
from dashboards.reading import Reader
from dashboards.scope import Desk, Scope
from dashboards.wording import DAY, MINUTE, count, duration, humanised, interface_words, time_of_day
from metrics.queries.interface_rows import InterfaceFlow
from metrics.queries.rows import FaultCounts
from metrics.queries.since_yesterday_rows import DayNews, PlaceDay

CARD: Final = "yesterday"
TICKS_BETWEEN: Final = 6
NAMED: Final = 2
OF_CASES: Final = (
    ("breached", "newly breached", "newly breached"),
    ("at_risk", "newly at risk", "newly at risk"),
    ("recovered", "recovered", "recovered"),
    ("closed", "closed", "closed"),
    ("restated", "figure restated", "figures restated"),
)
OF_ALL: Final = (
    ("alerts", "new alert", "new alerts"),
    ("findings", "new exception of data quality", "new exceptions of data quality"),
    ("dead", "message that could not be read", "messages that could not be read"),
    ("worse", "interface turned bad", "interfaces turned bad"),
    ("better", "interface came back", "interfaces came back"),
)


class Turned(NamedTuple):
    """The interfaces that got into trouble in the last day, and those that got out of it."""

    worse: list[str]
    better: list[str]


def yesterday_card() -> html.Section:
    """The card in its loading state."""
    lists = [
        html.Ul([_item(name) for name, *_ in specs], className="fg-yesterday-list") for specs in (OF_CASES, OF_ALL)
    ]
    content = [html.P(leaf(CARD, "lead/sentence"), className="fg-lead"), html.Div(lists, className="fg-yesterday")]
    return card(CARD, "What changed since yesterday", html.Div(content), height=96)


def _item(name: str) -> html.Li:
    number = link(CARD, name, [leaf(CARD, f"{name}/count"), " ", leaf(CARD, f"{name}/words")])
    return html.Li([number, leaf(CARD, f"{name}/note")])


def register_yesterday(app: Dash, desk: Desk) -> None:
    """The callback of the card."""
    fill_card(app, desk, CARD, leaf_outputs(CARD), lambda request: fill_yesterday(desk.reader, request))


def fill_yesterday(reader: Reader, request: Request) -> list[list[str]]:
    """Values of the card's leaves; raises Empty while the store holds less than a day."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    scope = request.scope
    if scope.size.oldest_us > scope.as_of - DAY:
        held = duration(scope.as_of - scope.size.oldest_us)
        raise Empty(f"There is no yesterday to compare with: the store holds {held} of this process.")
    as_of = scope.as_of // MINUTE * MINUTE
    process = scope.size.process
    days = [
        day
        for day in reader.rows("since_yesterday_cases", PlaceDay, process=process, as_of=scope.minute)
        if scope.holds(day.of_facility, day.of_department)
    ]
    news = reader.rows(
        "since_yesterday_news", DayNews, as_of=scope.minute, process=process, facility=scope.address.facility
    )[0]
    dead = reader.rows("fault_counts", FaultCounts)[0].dead_today
    turned = turned_of(reader.rows("interface_flow", InterfaceFlow, since=as_of - DAY, as_of=as_of))
    leaves = {**case_leaves(days, scope), **news_leaves(news, dead), **turned_leaves(turned)}
    return leaf_values(request.outputs, {**leaves, **words(leaves)}, links(scope.address, turned))


def words(leaves: Mapping[str, Leaf]) -> dict[str, Leaf]:
    """What each number counts, for one or for several."""
    specs = (*OF_CASES, *OF_ALL)
    return {f"{name}/words": Leaf(one if leaves[f"{name}/count"].text == "1" else more) for name, one, more in specs}


def case_leaves(days: Sequence[PlaceDay], scope: Scope) -> dict[str, Leaf]:
    """The sentence, and the numbers of cases."""
    sums = {name: sum(getattr(day, name) for day in days) for name in ("breached", "at_risk", "recovered", "closed")}
    clocks = sum(day.clocks_breached for day in days)
    tones = {"breached": "bad", "at_risk": "warn"}
    return {
        "lead/sentence": Leaf(sentence(days, scope)),
        **{f"{name}/count": number(value, tones.get(name, "plain")) for name, value in sums.items()},
        "breached/note": Leaf(f"{count(clocks)} clocks" if clocks > sums["breached"] else "", "quiet"),
    }


def number(value: int, tone: str = "plain") -> Leaf:
    """A count; nothing is quiet."""
    return Leaf(count(value), tone if value else "quiet")


def news_leaves(news: DayNews, dead: int) -> dict[str, Leaf]:
    """What came up beside the cases."""
    return {
        "alerts/count": number(news.alerts, "warn"),
        "alerts/note": Leaf(f"{count(news.firing)} still firing" if news.alerts else "", "quiet"),
        "findings/count": number(news.findings),
        "dead/count": number(dead, "warn"),
        "restated/count": number(news.restated),
    }


def turned_leaves(turned: Turned) -> dict[str, Leaf]:
    """The interfaces, the first ones by name."""
    return {
        "worse/count": number(len(turned.worse), "bad"),
        "worse/note": Leaf(named(turned.worse), "quiet"),
        "better/count": number(len(turned.better), "good"),
        "better/note": Leaf(named(turned.better), "quiet"),
    }


def named(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(map(interface_words, names[:NAMED])) + (f" and {count(more)} more" if more > 0 else "")


def turned_of(flows: Sequence[InterfaceFlow]) -> Turned:
    """Interfaces that were called in both days and fail now but not before, or the other way round."""
    both = [flow for flow in flows if flow.calls and flow.calls_before]
    was = {flow.interface: in_trouble(flow.calls_before, flow.errors_before) for flow in both}
    now = {flow.interface: in_trouble(flow.calls, flow.errors) for flow in both}
    worse = [name for name in sorted(now) if now[name] and not was[name]]
    better = [name for name in sorted(now) if was[name] and not now[name]]
    return Turned(worse, better)


def in_trouble(calls: int, errors: int) -> bool:
    """Whether calls fail as Integrations has it: more than a handful, and a share that is shown in amber or red."""
    return errors >= FEW_ERRORS and errors / calls >= AMBER_ERRORS


def sentence(days: Sequence[PlaceDay], scope: Scope) -> str:
    """How many cases are breached against a day before, and where."""
    now, then, fresh = (sum(getattr(day, name) for day in days) for name in ("is_breached", "was_breached", "breached"))
    when = f"than yesterday at {time_of_day(scope.as_of - DAY)}"
    if now > then:
        return f"{cases(now - then, 'more ')} breached {when}{where(days, scope)}."
    if now < then:
        news = f"; {cases(fresh)} newly breached{where(days, scope)}" if fresh else ", and none is newly breached"
        return f"{cases(then - now, 'fewer ')} breached {when}{news}."
    if fresh:
        return f"As many cases are breached as yesterday; {cases(fresh)} newly so{where(days, scope)}."
    return "No case is newly breached since yesterday."


def cases(number_of: int, more: str = "") -> str:
    """'1 more case is', '12 cases are'."""
    return f"{count(number_of)} {more}{'case is' if number_of == 1 else 'cases are'}"


def where(days: Sequence[PlaceDay], scope: Scope) -> str:
    """The state and facility, or one of both, that holds more than half of what is newly breached; '' for none."""
    fresh = sum(day.breached for day in days)
    for by_stage, by_place in ((True, not scope.address.facility), (True, False), (False, not scope.address.facility)):
        held: Counter[tuple[str, str]] = Counter()
        for day in days:
            held[day.stage if by_stage else "", day.of_facility if by_place else ""] += day.breached
        (stage, place), best = held.most_common(1)[0] if held else (("", ""), 0)
        words = [f"in “{scope.view.state_title(stage)}”"] if stage else []
        words += [f"at {humanised(place)}"] if place else []
        if words and best * 2 > fresh:
            return f", {'most of them' if fresh > 1 else 'it is'} {' '.join(words)}"
    return ""


def links(address: Address, turned: Turned) -> dict[str, str]:
    """Where each number leads."""
    lists = ("breached", "at_risk", "recovered", "closed")
    return {name: address.link("/cases", list=f"{name}_today") for name in lists} | {
        "restated": f"/{address.search()}#restated-title",
        "alerts": address.link("/alerts", state="all"),
        "findings": address.link("/data-quality", state="all"),
        "dead": address.link("/dead-letters", state="all", period=1),
        "worse": _interfaces(address, turned.worse),
        "better": _interfaces(address, turned.better),
    }


def _interfaces(address: Address, names: Sequence[str]) -> str:
    return address.link("/integrations", interface=names[0] if len(names) == 1 else "")
