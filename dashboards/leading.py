"""The plain sentences above panels that take some reading: what stands out in them, in words. Pure."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from dashboards.figures.attainment import FEW, Standing
from dashboards.figures.map_graph import Graph
from dashboards.interface_lanes import Interface
from dashboards.wording import count, duration, humanised, percent
from metrics.delay.sums import CauseSum
from metrics.queries.rows import MapVariant, SlaAttainment, SlaWeek

Titles = Callable[[str], str]


def plural(number: int, one: str, more: str) -> str:
    """'1 case' or '12 cases'."""
    return f"{count(number)} {one if number == 1 else more}"


def map_sentence(variants: Sequence[MapVariant], graph: Graph, title: Titles) -> str:
    """How many cases the map is of, how many take the usual way, and on which shown path they wait longest."""
    cases, first = variants[0].all_cases, variants[0]
    usual = f"{percent(first.cases / cases, 0)} of them take the most frequent way"
    said = f"{plural(cases, 'case', 'cases')}; {usual}, of {plural(len(first.path), 'step', 'steps')}."
    inner = [edge for edge in graph.edges if edge.source and edge.target]
    slowest = max(inner, key=lambda edge: (edge.median_us, edge.source, edge.target), default=None)
    if slowest is None or slowest.median_us <= 0:
        return said
    path = f"{title(slowest.source)} → {title(slowest.target)}"
    half = f"half of the time it takes more than {duration(slowest.median_us)}"
    return f"{said} The longest wait on the map is {path}: {half}."


def weeks_sentence(weeks: Sequence[SlaWeek], target: float) -> str:
    """How the newest week stands to the target, and which facility is lowest in it."""
    newest = max(week.week_us for week in weeks)
    decided = {w.facility: (w.met, w.met + w.breached) for w in weeks if w.week_us == newest}
    shares = {name: met / every for name, (met, every) in decided.items() if every >= FEW}
    if not shares:
        return f"In the newest week too few clocks are decided yet to say how it stands to {percent(target, 0)}."
    below = [name for name, share in shares.items() if share < target]
    lowest = min(shares, key=lambda name: (shares[name], name))
    some = plural(len(shares), "facility", "facilities")
    verb = "is" if len(below) < 2 else "are"
    stands = f"{count(len(below)) if below else 'none'} of {some} {verb} below {percent(target, 0)}"
    return f"In the newest week {stands}; the lowest is {humanised(lowest)} with {percent(shares[lowest])}."


def lanes_sentence(found: Sequence[Interface]) -> str:
    """How many interfaces are in trouble, and the worst two by name."""
    troubled = [one for one in found if one.standing[0] != "good"]
    if not troubled:
        return f"All {plural(len(found), 'interface', 'interfaces')} are in order."
    worst = ", ".join(f"{one.title} ({one.standing[1].lower()})" for one in troubled[:2])
    more = f" and {count(len(troubled) - 2)} more" if len(troubled) > 2 else ""
    are = "is" if len(troubled) == 1 else "are"
    return f"{count(len(troubled))} of {plural(len(found), 'interface', 'interfaces')} {are} in trouble: {worst}{more}."


def budgets_sentence(rows: Sequence[SlaAttainment], standings: Sequence[Standing]) -> str:
    """How many SLAs are below their objective, and which one uses its budget up fastest."""
    aimed = [one for one in standings if one.objective is not None and one.share is not None]
    if not aimed:
        return "No SLA has an objective and a decided clock yet."
    missed = [one.title for one in aimed if one.missed]
    verb = "is" if len(missed) == 1 else "are"
    below = f"{count(len(missed))} of {plural(len(aimed), 'SLA', 'SLAs')} with an objective {verb} below it"
    said = f"{below}: {', '.join(missed[:3])}{' …' if len(missed) > 3 else ''}." if missed else f"{below}."
    burns = {one.title: burn for row, one in zip(rows, standings, strict=True) if (burn := _burn(row, one)) > 1}
    if not burns:
        return said
    fastest = max(burns, key=lambda title: (burns[title], title))
    return f"{said} {fastest} uses its budget up {burns[fastest]:.1f} times as fast as it may."


def _burn(row: SlaAttainment, one: Standing) -> float:
    """The share missed lately over the share that may be; 0 for too few clocks or no objective."""
    recent = row.met_recently + row.breached_recently
    if one.objective is None or one.objective >= 1 or recent < FEW:
        return 0.0
    return row.breached_recently / recent / (1 - one.objective)


def delays_sentence(sums: Sequence[CauseSum], title: Titles) -> str:
    """The two parts that took most of the time; `title` names a part."""
    parts: defaultdict[str, float] = defaultdict(float)
    for one in sums:
        parts[one.part] += one.share
    most = sorted(parts, key=lambda part: (-parts[part], part))[:2]
    shares = ", then ".join(f"{title(part).lower()} ({percent(parts[part], 0)})" for part in most)
    return f"The largest parts: {shares}." if most else ""
