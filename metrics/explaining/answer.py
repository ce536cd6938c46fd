"""An explanation of one figure, the same for pages and terminals: what is declared, and what the store adds."""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol, TypeVar

from metrics.commands.wording import moment
from metrics.completeness.telling import feed_standings, mark
from metrics.explaining.asked import Asked, Target, told
from metrics.explaining.catalogue import Figure
from metrics.explaining.words import CLOCKS, LATE, LEDGER, ONLY_NOW
from metrics.figures.wording import because, both, interval
from metrics.queries.explain_rows import CaseVersion
from metrics.queries.restatement_rows import Restatement
from metrics.store.queries import DIRECTORY, query_text

Row = TypeVar("Row")
SHOWN: Final = 5
MOST: Final = 1000
"""So many versions, restatements and SLAs are told one by one."""
EVER: Final = -2_208_988_800_000_000


class Reader(Protocol):
    """Runs the named queries."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: object) -> list[Row]: ...


class Section(NamedTuple):
    """A heading with its sentences."""

    heading: str
    sentences: tuple[str, ...]


class Query(NamedTuple):
    """One query behind a figure, its parameters with their values, and its text; '' where it is not to be seen."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    text: str


class Explanation(NamedTuple):
    """All there is to tell about a figure."""

    name: str
    title: str
    page: str
    sections: tuple[Section, ...]
    queries: tuple[Query, ...]


def declared(figure: Figure, asked: Asked | None, *, with_text: bool) -> Explanation:
    """What the catalogue says, without the store."""
    said = figure.said
    rule = [
        said.rule or "",
        f"What counts: {said.counts}" if said.counts else "",
        CLOCKS[said.clock] if said.clock else "",
        LATE[said.late] if said.late else "",
    ]
    sections = (
        _section("What it tells", said.definition, f"Unit: {said.unit}." if said.unit else ""),
        _section("How it is computed", *rule),
        _section("Target and benchmark", *_targets(figure, asked)),
        _section("Judged under", *_judge(figure)),
    )
    queries = tuple(_query(name, asked, with_text) for name in said.queries)
    return Explanation(figure.name, said.name, figure.page, tuple(one for one in sections if one.sentences), queries)


def explained(figure: Figure, reader: Reader, asked: Asked, now: int, *, with_text: bool) -> Explanation:
    """What the catalogue and the store say at `now` (the wall clock, microseconds). Raises the reader's errors."""
    found = declared(figure, asked, with_text=with_text)
    stored = (
        _section("How fresh it is", *_fresh(reader, asked, now)),
        _section("Definition versions in force", *_versions(figure, reader, asked)),
        _section("Restated", *_restated(figure, reader, asked)),
    )
    return found._replace(sections=(*found.sections, *(one for one in stored if one.sentences)))


def _section(heading: str, *sentences: str) -> Section:
    return Section(heading, tuple(one for one in sentences if one))


def _query(name: str, asked: Asked | None, with_text: bool) -> Query:
    text = query_text(DIRECTORY, name)
    return Query(name, tuple(told(text, asked)), text if with_text else "")


def _judge(figure: Figure) -> tuple[str, ...]:
    by = figure.said.judged_by
    if by == "process":
        return ("The definition of the process; every case says under which version it stands.",)
    return (LEDGER,) if by == "ledger" else (by,) if by else ()


def _targets(figure: Figure, asked: Asked | None) -> list[str]:
    if figure.said.target != "slas":
        return [figure.said.target] if figure.said.target else []
    if asked is None:
        return ["The SLAs of the process: target, objective and their source stand in its definition."]
    own = [_promise(one) for one in asked.targets[:SHOWN]]
    more = len(asked.targets) - len(own)
    return [*own, *([f"{more} more on the page SLA."] if more else [])] or ["This process has no SLAs."]


def _promise(one: Target) -> str:
    share = f", to be met by {one.objective * 100:.4g} %" if one.objective is not None else ""
    source = f" Source: {one.source.rstrip('.')}." if one.source else " No source is told."
    on = "" if one.calendar == "always" else f" of {one.calendar.replace('_', ' ')}"
    return f"{one.title}: {one.target}{on}{share}.{source}"


def _fresh(reader: Reader, asked: Asked, now: int) -> tuple[str, str]:
    as_of = f"As of {moment(asked.as_of)}: the newest event that is in it, never the clock of a computer."
    return as_of, f"Complete? {mark(feed_standings(reader), now).sentence.rstrip('.')}."


def _versions(figure: Figure, reader: Reader, asked: Asked) -> list[str]:
    if figure.said.judged_by != "process":
        return []
    found = reader.rows(
        "explain_versions", CaseVersion, process=asked.process, since=asked.since, as_of=asked.as_of,
        facility=asked.facility, department=asked.department,
    )  # fmt: skip
    if not found:
        return [f"No case of {asked.title} had an event in the period."]
    lines = [_version(one) for one in found[:SHOWN]]
    return [*lines, *([f"{len(found) - SHOWN} older ones."] if len(found) > SHOWN else [])]


def _version(one: CaseVersion) -> str:
    cases = f"{one.cases:,} case{'' if one.cases == 1 else 's'} of the period, {one.open:,} of them open"
    content = f", content {one.hash[:8]}" if one.hash else ""
    return f"Version {one.version}{content}: {cases}."


def _restated(figure: Figure, reader: Reader, asked: Asked) -> list[str]:
    kind = figure.said.published
    if kind is None:
        return []
    found, all_seen = _restatements(kind, reader, asked)
    told_ = [_changed(one) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        told_.append(f"{len(found) - SHOWN} more under “Restated figures”.")
    if not all_seen:
        told_.append("There are so many changes that older ones were not looked at here.")
    return told_ or ["No published figure of the period has changed."]


def _restatements(kind: str, reader: Reader, asked: Asked) -> tuple[Sequence[Restatement], bool]:
    """Those of the period, newest first, and whether all were looked at; money is over all processes and places."""
    money = kind == "money"
    rows = reader.rows(
        "restatement_list", Restatement, since=EVER, figures=[kind], process="" if money else asked.process,
        about="" if money else asked.sla, units=[], places=[] if money else [asked.facility], starts=[],
        limit=MOST, offset=0,
    )  # fmt: skip
    begin, end = moment(asked.since)[:7], moment(asked.as_of)[:10]
    return [one for one in rows if begin <= one.start and one.start <= end], len(rows) < MOST


def _changed(one: Restatement) -> str:
    was, now = both(one.figure, one.before, one.after, one.currency)
    why = because(one.causes, one.cause_counts, one.late_us, "document" if one.figure == "money" else "case")
    about = f" {one.name.replace('/', ', ').replace('_', ' ')}" if one.name else ""
    words = interval(one.unit, one.start)
    return (
        f"{words[:1].upper()}{words[1:]}{about}: was {was}, is {now}, because {why} (noticed {moment(one.noticed_us)})."
    )


def only_now(figure: Figure) -> str:
    """Why no link can bring a value back; '' where one can."""
    return "" if figure.said.fixed else ONLY_NOW
