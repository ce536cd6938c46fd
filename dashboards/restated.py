"""Published figures that changed: the list on a page, the cases behind one, and the marks on weeks."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from dash import Dash, html

from dashboards.address import Address
from dashboards.components.cards import card
from dashboards.components.grids import ROOMY, WIDE, column, grid, sized, sized_outputs, when
from dashboards.filling import Empty, Request, fill_card
from dashboards.reading import Reader
from dashboards.scope import Desk, Scope
from dashboards.wording import humanised, moment, utc
from metrics.figures.wording import because, both, interval
from metrics.queries.restatement_rows import Restatement

SHOWN: Final = 100
WORDS: Final = {"sla": "SLA", "cases": "Cases", "money": "Money"}
EVER: Final = -2_208_988_800_000_000


def restated_card(name: str) -> html.Section:
    """The card with the list, newest first, in its loading state."""
    columns = [
        column("case", "Interval", cellRenderer="FlowglassLink", minWidth=130),
        column("figure", "Figure", minWidth=170, flex=2),
        column("place", "Facility", minWidth=96, **ROOMY),
        column("was", "Was", minWidth=180, flex=2),
        column("now", "Is", minWidth=180, flex=2),
        column("because", "Because", minWidth=220, flex=3, **WIDE),
        when("noticed", "Noticed (UTC)", **ROOMY),
    ]
    found = grid(f"{name}-grid", columns, "Restated figures, newest first", height=204)
    return card(name, "Restated figures", found, height=120)


def register_restated(app: Dash, desk: Desk, name: str, figures: tuple[str, ...]) -> None:
    """The callback of the card."""
    reader = desk.reader
    fill_card(app, desk, name, sized_outputs(f"{name}-grid"), lambda request: fill_restated(reader, figures, request))


def read_restated(reader: Reader, scope: Scope, figures: tuple[str, ...], **chosen: Any) -> list[Restatement]:
    """What was restated of the shown process and facility; money is of all."""
    money = figures == ("money",)
    asked: dict[str, Any] = {
        "since": EVER, "figures": list(figures), "process": "" if money else scope.size.process,
        "about": "" if money else scope.address.sla, "units": [], "places": [] if money else [scope.address.facility],
        "starts": [], "limit": SHOWN, "offset": 0,
    }  # fmt: skip
    return reader.rows("restatement_list", Restatement, **(asked | chosen))


def fill_restated(reader: Reader, figures: tuple[str, ...], request: Request) -> list[Any]:
    """Rows and height of the list; raises Empty when nothing was restated."""
    found = read_restated(reader, request.scope, figures)
    if not found:
        raise Empty("No number of a closed interval has changed.")
    return sized([restated_row(one, request.scope) for one in found], 6)


def restated_row(one: Restatement, scope: Scope) -> dict[str, Any]:
    """One ready-to-show row; its link opens the cases."""
    was, now = both(one.figure, one.before, one.after, one.currency)
    return {
        "key": key_of(one),
        "case": interval(one.unit, one.start).capitalize(),
        "href": cases_link(one, scope.address) if one.case_ids else "",
        "figure": f"{WORDS[one.figure]}: {_name(one, scope)}" if one.name else WORDS[one.figure],
        "place": humanised(one.facility) if one.facility else "All",
        "was": was,
        "now": now,
        "because": _why(one),
        "noticed": moment(one.noticed_us),
    }


def _name(one: Restatement, scope: Scope) -> str:
    return scope.view.sla_title(one.name) if one.figure == "sla" else humanised(one.name.replace("/", ", "))


def _why(one: Restatement) -> str:
    return because(one.causes, one.cause_counts, one.late_us, "document" if one.figure == "money" else "case")


def cases_link(one: Restatement, address: Address) -> str:
    """The one case, or the list of them."""
    if len(one.case_ids) == 1:
        return "/case" + Address(process=one.case_processes[0], id=one.case_ids[0], time=address.time).search()
    return "/cases" + Address(process=one.process, restated=key_of(one), time=address.time).search()


def key_of(one: Restatement) -> str:
    """What names a restatement in an address."""
    parts = (one.figure, one.process, one.name, one.facility, one.currency, one.unit, one.start, str(one.revision))
    return "|".join(parts)


class CaseName(NamedTuple):
    process: str
    case_id: str


def restated_cases(reader: Reader, key: str) -> list[CaseName]:
    """The cases that changed the figure which `key` names; none where it names nothing."""
    parts = key.split("|")
    if len(parts) != 8:
        return []
    figure, process, name, facility, currency, unit, start, revision = parts
    found = reader.rows(
        "restatement_list", Restatement, since=EVER, figures=[figure], process=process, about=name, units=[unit],
        places=[facility], starts=[start], limit=SHOWN, offset=0,
    )  # fmt: skip
    names = [one for one in found if one.currency == currency and str(one.revision) == revision]
    return [CaseName(*case) for one in names for case in zip(one.case_processes, one.case_ids, strict=True)]


def week_marks(reader: Reader, scope: Scope) -> Mapping[tuple[str, int], str]:
    """By facility and week (microseconds UTC of its Monday): what its attainment was, is, and why."""
    chosen = [scope.address.facility] if scope.address.facility else []
    marks: dict[tuple[str, int], list[str]] = {}
    for one in read_restated(reader, scope, ("sla",), units=["week"], places=chosen):
        monday = int(utc(0).fromisoformat(f"{one.start}T00:00:00+00:00").timestamp()) * 1_000_000
        was, now = both(one.figure, one.before, one.after)
        words = f"{scope.view.sla_title(one.name)}: was {was}, is {now}, because {_why(one)}"
        marks.setdefault((one.facility, monday), []).append(words)
    return {key: "<br>".join(words[:4]) for key, words in marks.items() if key[0]}
