"""The six tiles of Operations: rows of four queries turned into texts, tones and links. Pure but for the reader."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from dashboards.address import Address
from dashboards.components.leaves import Leaf, leaf_values
from dashboards.filling import Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.shell_news import server_now
from dashboards.sla_facts import own_windows, standing
from dashboards.wording import change, count, percent
from metrics.completeness.telling import Mark, feed_standings, mark
from metrics.queries.rows import AttainmentTotals, CaseCounts, FaultCounts, UnlinkedCount

NO_CASES: Final = CaseCounts(0, 0, 0, 0, 0, 0, 0)


def fill_tiles(reader: Reader, request: Request, now: Callable[[], int] = server_now) -> list[list[str]]:
    """Values of the tiles' leaves for one scope."""
    scope = request.scope
    counts = scope.of_place(reader.rows("case_counts", CaseCounts, process=scope.size.process, as_of=scope.minute))
    cases = next(iter(counts), NO_CASES)
    clocks = read_totals(reader, scope) if scope.view.slas else []
    faults = reader.rows("fault_counts", FaultCounts)[0]
    unlinked = reader.rows("unlinked_count", UnlinkedCount)[0]
    leaves = {
        **case_tiles(cases),
        **attainment_tile(clocks, scope),
        **fault_tiles(faults, unlinked),
        **completeness(faults, unlinked),
        **lacking(mark(feed_standings(reader), now())),
    }
    return leaf_values(request.outputs, leaves, tile_links(scope.address))


def case_tiles(cases: CaseCounts) -> dict[str, Leaf]:
    """Open, breached and at-risk cases."""
    calm = Leaf("None", "good")
    return {
        "open/value": Leaf(count(cases.open)),
        "open/unit": Leaf(f"of {count(cases.cases)} cases"),
        "open/note": Leaf(f"{count(cases.opened_today)} opened, {count(cases.closed_today)} closed in the last day"),
        "breached/value": Leaf(count(cases.breached)),
        "breached/unit": Leaf("cases"),
        "breached/status": Leaf("Breached", "bad") if cases.breached else calm,
        "breached/note": Leaf(f"{count(cases.breached_today)} new in the last day"),
        "at_risk/value": Leaf(count(cases.at_risk)),
        "at_risk/unit": Leaf("cases"),
        "at_risk/status": Leaf("At risk", "warn") if cases.at_risk else calm,
        "at_risk/note": Leaf(f"{percent(cases.at_risk / cases.open if cases.open else None)} of the open ones"),
    }


def read_totals(reader: Reader, scope: Scope) -> list[AttainmentTotals]:
    """Decided clocks by SLA; each SLA's own window is that of its objective, unless the URL sets a period."""
    found = reader.rows(
        "attainment_totals",
        AttainmentTotals,
        process=scope.size.process,
        as_of=scope.minute,
        days=scope.days or 36_500,
        **own_windows(scope),
    )
    return scope.of_place(found)


def attainment_tile(slas: Sequence[AttainmentTotals], scope: Scope) -> dict[str, Leaf]:
    """Attainment of all SLAs together, how many of them are below their objective, and the period before."""
    met, met_before = sum(one.met for one in slas), sum(one.met_before for one in slas)
    decided, before = met + sum(one.breached for one in slas), met_before + sum(one.breached_before for one in slas)
    standings = [standing(one.sla, one.own_met, one.own_breached, scope) for one in slas]
    aimed = [one for one in standings if one.objective is not None and one.share is not None]
    missed = sum(one.missed for one in aimed)
    if not decided:
        why = "No clock was decided in the period" if scope.view.slas else "This process has no SLAs"
        return {"attainment/value": Leaf("–", "quiet"), "attainment/note": Leaf(why)}
    status = (
        Leaf("", "quiet")
        if not aimed
        else Leaf(f"{missed} of {len(aimed)} SLAs below target", "bad")
        if missed
        else Leaf("All on target", "good")
    )
    points = change(met / decided * 100, met_before / before * 100, " points") if before else ""
    moved = (
        "same as the period before"
        if points == "unchanged"
        else f"{points} on the period before"
        if before
        else "no earlier period"
    )
    return {
        "attainment/value": Leaf(f"{met / decided * 100:.1f}"),
        "attainment/unit": Leaf(f"% of {count(decided)} clocks"),
        "attainment/status": status,
        "attainment/note": Leaf(moved),
    }


def day_change(now: int, before: int) -> str:
    """How today stands to the day before, in words that fit no change too."""
    return f"{change(now, before)} on the day before" if now != before else "same as the day before"


def fault_tiles(faults: FaultCounts, unlinked: UnlinkedCount) -> dict[str, Leaf]:
    """Dead letters and unlinked events."""
    share = unlinked.unlinked / unlinked.events if unlinked.events else None
    return {
        "faults/value": Leaf(count(faults.dead_today)),
        "faults/unit": Leaf("messages in the last day"),
        "faults/status": Leaf("To look at", "warn") if faults.dead_today else Leaf("None", "good"),
        "faults/note": Leaf(f"{day_change(faults.dead_today, faults.dead_before)}, {count(faults.dead)} kept"),
        "unlinked/value": Leaf(count(unlinked.unlinked)),
        "unlinked/unit": Leaf("events"),
        "unlinked/status": Leaf("Unlinked", "warn") if unlinked.unlinked else Leaf("All linked", "good"),
        "unlinked/note": Leaf(f"{percent(share, 2)} of {count(unlinked.events)} events"),
    }


def completeness(faults: FaultCounts, unlinked: UnlinkedCount) -> dict[str, Leaf]:
    """The share of what was received that is behind the case figures: neither unreadable nor unlinked."""
    received = unlinked.events + faults.dead
    missing = unlinked.unlinked + faults.dead
    share = 1 - missing / received if received else 1.0
    mark = Leaf("100 %" if not missing else f"{min(share * 100, 99.9):.1f} %", "good" if share > 0.99 else "warn")
    return {f"{name}/complete": mark for name in ("open", "breached", "at_risk", "attainment")}


def lacking(feeds: Mark) -> dict[str, Leaf]:
    """What a silent or short feed does to the case figures: no number of breaches means anything without it."""
    if feeds.whole:
        return {}
    names = ("open", "breached", "at_risk", "attainment")
    some = Leaf(f"{count(feeds.complete)} of {count(feeds.feeds)} feeds", "bad")
    return {f"{name}/complete": some for name in names} | {"breached/note": Leaf(feeds.sentence, "bad")}


def tile_links(address: Address) -> Mapping[str, str]:
    """Where each tile and its completeness mark lead."""
    links = {
        "open": address.link("/cases", list="open"),
        "breached": address.link("/cases", list="breached"),
        "at_risk": address.link("/cases", list="at_risk"),
        "attainment": address.link("/sla"),
        "faults": address.link("/dead-letters", state="all", period=1),
        "unlinked": address.link("/exceptions", kind="unlinked"),
    }
    marks = {f"{name}/completeness": address.link("/data-quality") for name in links}
    return {**links, **marks}
