"""The tiles of Integrations: interfaces in trouble, calls, failures, retries, and what hangs on them."""

from collections.abc import Sequence

from dash import html

from dashboards.components.leaves import Leaf, leaf_values
from dashboards.components.tiles import tile
from dashboards.filling import Request
from dashboards.headline import day_change
from dashboards.interface_lanes import PATH, Interface, rate
from dashboards.interface_lists import cases_link, read_narrowed
from dashboards.reading import Reader
from dashboards.wording import NONE, change, count, percent

CARD = "interface-tiles"
SHOWN = ("trouble", "calls", "failed", "retries", "cases")


def tile_row() -> html.Div:
    """All tiles, loading."""
    return html.Div([tile(name, CARD) for name in SHOWN], className="fg-tiles fg-tiles-five")


def fill_tiles(reader: Reader, request: Request) -> list[list[str]]:
    """Values of the tiles' leaves."""
    found, address = read_narrowed(reader, request), request.scope.address
    troubled = [one for one in found if one.standing[0] != "good"]
    first = (troubled or found)[0]
    links = {"trouble": PATH + address.with_(interface=first.name).search()}
    links["cases"] = cases_link(first, address, "breached")
    table = f"{PATH}{address.search()}#interfaces-title"
    links |= dict.fromkeys(("calls", "failed", "retries"), table)
    return leaf_values(request.outputs, {**trouble_tiles(found, troubled), **call_tiles(found)}, links)


def trouble_tiles(found: Sequence[Interface], troubled: Sequence[Interface]) -> dict[str, Leaf]:
    """How many interfaces are in trouble, and what hangs on them."""
    bad = any(one.standing[0] == "bad" for one in troubled)
    worst = troubled[0] if troubled else None
    breached = worst.breached if worst else 0
    named = ", ".join(f"{one.title} ({one.standing[1].lower()})" for one in troubled[:2])
    more = f" and {count(len(troubled) - 2)} more" if len(troubled) > 2 else ""
    return {
        "trouble/value": Leaf(count(len(troubled)), "plain" if troubled else "quiet"),
        "trouble/unit": Leaf(f"of {count(len(found))} interfaces"),
        "trouble/status": Leaf("Failing" if bad else "Look", "bad" if bad else "warn")
        if troubled
        else Leaf("In order", "good"),
        "trouble/note": Leaf(named + more),
        "cases/value": Leaf(count(breached), "plain" if breached else "quiet"),
        "cases/unit": Leaf("cases"),
        "cases/status": Leaf("Breached", "bad") if breached else Leaf("None", "good"),
        "cases/note": Leaf(f"of {count(worst.cases)} that called {worst.title}" if worst else ""),
    }


def call_tiles(found: Sequence[Interface]) -> dict[str, Leaf]:
    """Calls, failures and retries against the window before."""
    flows = [one.flow for one in found if one.flow]
    calls, before = sum(flow.calls for flow in flows), sum(flow.calls_before for flow in flows)
    errors, errors_before = sum(flow.errors for flow in flows), sum(flow.errors_before for flow in flows)
    retries = sum(flow.retries for flow in flows)
    days = found[0].days
    share = errors / calls if calls else None
    against = "the day before" if days == 1 else f"the {days} days before"
    moved = day_change(calls, before) if days == 1 else f"{change(calls, before)} on {against}"
    tone = "good" if share is None or share < 0.03 else "bad" if share >= 0.1 else "warn"
    return {
        "calls/value": Leaf(count(calls)),
        "calls/unit": Leaf("in the last day" if days == 1 else f"in {days} days"),
        "calls/note": Leaf(f"{rate(calls, days)}, {moved}"),
        "failed/value": Leaf(f"{(share or 0) * 100:.1f}" if calls else NONE),
        "failed/unit": Leaf(f"% of {count(calls)} calls"),
        "failed/status": Leaf({"good": "Usual", "warn": "Raised", "bad": "High"}[tone], tone),
        "failed/note": Leaf(share_change(share, errors_before, before, against)),
        "retries/value": Leaf(count(retries), "plain" if retries else "quiet"),
        "retries/unit": Leaf("calls"),
        "retries/note": Leaf(f"{percent(retries / calls if calls else None)} of all calls"),
    }


def share_change(share: float | None, errors_before: int, before: int, against: str) -> str:
    """How the share of failed calls stands to the window before."""
    if not before or share is None:
        return f"no calls {against}" if not before else ""
    points = change(share * 100, errors_before / before * 100, " points")
    return f"same as {against}" if points == "unchanged" else f"{points} on {against}"
