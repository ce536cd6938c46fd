"""The tiles and the matrix of Data quality: how many exceptions of each kind, and whose they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.components.grids import sized
from dashboards.components.leaves import Leaf, leaf_values
from dashboards.components.tiles import tile
from dashboards.domains import Domains
from dashboards.filling import Empty, Request
from dashboards.headline import day_change
from dashboards.quality_words import FINDINGS, KINDS, PATH, list_link
from dashboards.reading import Reader
from dashboards.wording import count, duration, humanised, percent
from metrics.queries.data_quality_rows import QualityLate, QualityTotal
from metrics.queries.quality_rows import HopLatency
from metrics.queries.rows import UnlinkedCount

CARD = "quality-tiles"
MATRIX = (*FINDINGS, "contract", "file")
TICKS_BETWEEN = 6


def tile_row() -> html.Div:
    """All tiles, loading."""
    names = list(KINDS)
    names.insert(len(FINDINGS), "in_time")
    return html.Div([tile(name, CARD) for name in names], className="fg-tiles")


def fill_tiles(reader: Reader, domains: Domains, request: Request) -> list[list[str]]:
    """Values of the tiles' leaves."""
    address = request.scope.address
    totals = chosen(read_totals(reader, domains, request), address)
    leaves = {key: leaf for name in MATRIX for key, leaf in kind_tile(name, totals).items()}
    late = reader.rows("data_quality_late", QualityLate)[0]
    unlinked = reader.rows("unlinked_count", UnlinkedCount)[0]
    hops = [hop for hop in reader.rows("quality_latency", HopLatency) if address.domain in ("", hop.domain)]
    leaves |= {**late_tile(late), **unlinked_tile(unlinked), **in_time_tile(hops)}
    links = {name: list_link(address, fault=name) for name in KINDS}
    return leaf_values(request.outputs, leaves, {**links, "in_time": f"{PATH}{address.search()}#quality-hops-title"})


def read_totals(reader: Reader, domains: Domains, request: Request) -> list[QualityTotal]:
    """Counts by kind, domain and owner."""
    return reader.rows("data_quality_totals", QualityTotal, as_of=request.scope.as_of, **domains.owner_parameters)


def chosen(totals: Sequence[QualityTotal], address: Address) -> list[QualityTotal]:
    """The counts that the page's domain and owner let through."""
    return [total for total in totals if address.domain in ("", total.domain) and address.owner in ("", total.owner)]


def kind_tile(name: str, totals: Sequence[QualityTotal]) -> dict[str, Leaf]:
    """One kind: what needs work, what came since yesterday, what people have taken on."""
    own = [total for total in totals if total.kind == name]
    waiting, new = sum(total.open for total in own), sum(total.today for total in own)
    taken, before = sum(total.acknowledged for total in own), sum(total.before for total in own)
    notes = [f"{count(new)} new in the last day" + (f", {day_change(new, before)}" if new or before else "")]
    notes += [f"{count(taken)} acknowledged"] if taken else []
    return {
        f"{name}/value": Leaf(count(waiting), "plain" if waiting else "quiet"),
        f"{name}/unit": Leaf({"contract": "contracts", "file": "files"}.get(name, "open")),
        f"{name}/status": Leaf("To do", KINDS[name].tone) if waiting else Leaf("None", "good"),
        f"{name}/note": Leaf(", ".join(notes)),
    }


def late_tile(late: QualityLate) -> dict[str, Leaf]:
    """Late events of the last day."""
    return {
        "late/value": Leaf(count(late.today), "plain" if late.today else "quiet"),
        "late/unit": Leaf("in the last day"),
        "late/status": Leaf("Late", "warn") if late.today else Leaf("None", "good"),
        "late/note": Leaf(f"{day_change(late.today, late.before)}, {count(late.kept)} kept"),
    }


def unlinked_tile(unlinked: UnlinkedCount) -> dict[str, Leaf]:
    """Events that no case claims."""
    share = unlinked.unlinked / unlinked.events if unlinked.events else None
    return {
        "unlinked/value": Leaf(count(unlinked.unlinked), "plain" if unlinked.unlinked else "quiet"),
        "unlinked/unit": Leaf("events"),
        "unlinked/status": Leaf("Unlinked", "warn") if unlinked.unlinked else Leaf("All linked", "good"),
        "unlinked/note": Leaf(f"{percent(share, 2)} of {count(unlinked.events)} events"),
    }


def in_time_tile(hops: Sequence[HopLatency]) -> dict[str, Leaf]:
    """The share of changes that arrived within what is accepted, over all hops."""
    decided = sum(hop.decided for hop in hops)
    missed = sum(hop.late + hop.missing for hop in hops)
    if not decided:
        return {"in_time/value": Leaf("–", "quiet"), "in_time/note": Leaf("No change has been followed yet")}
    share = 1 - missed / decided
    return {
        "in_time/value": Leaf(f"{share * 100:.1f}"),
        "in_time/unit": Leaf(f"% of {count(decided)} changes"),
        "in_time/status": Leaf("Too late", "bad" if share < 0.9 else "warn") if missed else Leaf("In time", "good"),
        "in_time/note": Leaf(f"{count(missed)} late or not arrived, over {count(len(hops))} hops"),
    }


def fill_matrix(reader: Reader, domains: Domains, request: Request) -> list[Any]:
    """Rows of the matrix: a domain and owner each, with the open exceptions of each kind."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    address, as_of = request.scope.address, request.scope.as_of
    totals = chosen(read_totals(reader, domains, request), address)
    if not totals:
        raise Empty("No exception of data quality was ever found for these filters.")
    grouped: dict[tuple[str, str], list[QualityTotal]] = {}
    for total in totals:
        grouped.setdefault((total.domain, total.owner), []).append(total)
    open_ones = {pair: own for pair, own in grouped.items() if sum(total.open for total in own)}
    if not open_ones:
        raise Empty("No exception needs work.")
    rows = [matrix_row(domain, owner, own, domains, address, as_of) for (domain, owner), own in open_ones.items()]
    return sized(rows, 8)


def matrix_row(
    domain: str, owner: str, totals: Sequence[QualityTotal], domains: Domains, address: Address, as_of: int
) -> dict[str, Any]:
    """One ready-to-show row; each number leads to its list."""
    narrowed: Mapping[str, str] = {"domain": domain, "owner": owner}
    waiting = {name: sum(total.open for total in totals if total.kind == name) for name in MATRIX}
    oldest = min((total.oldest_us for total in totals if total.open), default=None)
    cells = {
        name: {"text": count(number), "href": list_link(address, fault=name, **narrowed), "tone": "plain"}
        if number
        else {"text": "–", "tone": "quiet"}
        for name, number in waiting.items()
    }
    everything = sum(waiting.values())
    return {
        "key": f"{domain}|{owner}",
        "domain": domains.title(domain),
        "owner": humanised(owner) or "No owner",
        "all": {"text": count(everything), "href": list_link(address, fault="", **narrowed)},
        "oldest": "–" if oldest is None else duration(max(as_of - oldest, 0)),
        **cells,
    }
