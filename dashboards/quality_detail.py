"""One exception of data quality: what it is, who says what since when, its proof, its history and its cases."""

from collections.abc import Sequence
from typing import Any

from dash.exceptions import PreventUpdate

from dashboards.domains import Domains
from dashboards.filling import Empty, Request
from dashboards.quality_lists import file_row, none_words, read_list
from dashboards.quality_panel import Detail, panel, step_line
from dashboards.reading import Reader
from dashboards.scope import Desk, Scope
from dashboards.wording import NONE, count, duration, exact_moment, humanised, moment
from metrics.quality.finding import GUARD
from metrics.queries.data_quality_rows import (
    ProofEvent,
    QualityBreach,
    QualityFile,
    TouchedCase,
)
from metrics.queries.quality_rows import FindingEntry, ListedFinding

ANY: dict[str, Any] = {"kind": "", "domain": "", "owner": "", "objects": [], "statuses": [], "limit": 1}


def fill_detail(desk: Desk, domains: Domains, request: Request) -> list[Any]:
    """The chosen exception, or the first of the list. It never changes by itself, so a tick leaves it alone."""
    if request.ticked:
        raise PreventUpdate
    reader, scope = desk.reader, request.scope
    wanted = scope.address.finding or _first(reader, domains, scope)
    sort, _, key = wanted.partition(":")
    readers = {"finding": read_finding, "contract": read_breach, "file": read_file, "event": read_event}
    found = readers[sort](reader, domains, scope, key) if sort in readers and key else None
    if found is None:
        raise Empty("This exception is no longer there: it was withdrawn, or its time to be kept is over.")
    proofs = reader.rows("data_quality_proof", ProofEvent, events=list(found.events)) if found.events else []
    objects = found.objects or tuple(
        pair for one in proofs for pair in zip(one.object_types, one.object_ids, strict=True)
    )
    cases = _cases(reader, objects)
    return [panel(found, proofs, cases, desk, scope)]


def _first(reader: Reader, domains: Domains, scope: Scope) -> str:
    rows = read_list(reader, domains, scope, 0, 1)
    if not rows:
        raise Empty(none_words(scope.address))
    return rows[0].id


def _cases(reader: Reader, objects: Sequence[tuple[str, str]]) -> list[TouchedCase]:
    if not objects:
        return []
    types, ids = [kind for kind, _ in objects], [name for _, name in objects]
    return reader.rows("data_quality_cases", TouchedCase, types=types, ids=ids)


def read_finding(reader: Reader, domains: Domains, scope: Scope, key: str) -> Detail | None:
    """A finding with what each system said and what happened to it."""
    found = reader.rows("quality_list", ListedFinding, **ANY, ids=[key])
    if not found:
        return None
    one = found[0]
    steps = reader.rows("quality_history", FindingEntry, finding=key)
    saying = (one.said_systems, one.said_objects, one.said_values, one.said_times)
    said = [
        (domains.system_title(system), told_of, value or "kept as a fingerprint", moment(at))
        for system, told_of, value, at in zip(*saying, strict=True)
    ]
    facts = [
        *_what_it_is(one, domains),
        ("Owner", humanised(one.owner) or "No owner"),
        ("Since", exact_moment(one.opened_us)),
        ("Lasts", duration(max(0, (one.healed_us or scope.as_of) - one.opened_us))),
        ("Times open", count(one.episodes)),
        ("Comment", one.comment),
    ]
    objects = [(one.subject_type, name) for name in dict.fromkeys((one.subject_id, *one.said_objects)) if name]
    if one.kind == GUARD:
        type, _, number = one.target.partition("/")
        objects = [(type, number)]
    return Detail(
        f"{humanised(one.subject_type)} {one.subject_id}",
        one.kind,
        one.status,
        one.detail,
        facts,
        said,
        [step_line(step) for step in steps],
        tuple(one.events) or ((one.proof,) if one.proof else ()),
        tuple(objects),
        tuple(f"flowglass quality {words}" for words in (f"assign {key} OWNER", f"resolve {key} --comment 'WHY'")),
    )


def _what_it_is(one: ListedFinding, domains: Domains) -> list[tuple[str, Any]]:
    if one.kind == GUARD:
        return [("Process", domains.title(one.domain)), ("Guard", one.title), ("Severity", humanised(one.severity))]
    return [
        ("Domain", domains.title(one.domain)),
        ("Field", humanised(one.field)),
        ("Has not seen it", domains.system_title(one.target)),
    ]


def read_breach(reader: Reader, domains: Domains, scope: Scope, key: str) -> Detail | None:
    """A contract that a source breaks, with its newest event as the proof."""
    parts = key.split("|", 3)
    if len(parts) != 4:
        return None
    names = ("source", "type", "code", "member")
    found = reader.rows("data_quality_breach", QualityBreach, **dict(zip(names, parts, strict=True)))
    if not found:
        return None
    one = found[0]
    facts = [
        ("Domain", domains.title(one.domain)),
        ("Owner", domains.owners.get(one.domain, "No owner")),
        ("Source", one.source),
        ("What is wrong", humanised(one.code)),
        ("Where", one.member),
        ("Events", count(one.events)),
        ("First", exact_moment(one.first_us)),
        ("Last", exact_moment(one.last_us)),
    ]
    quiet = one.last_us < scope.as_of - 7 * 86_400_000_000
    proofs = (one.last_event,) if one.last_event else ()
    return Detail(one.type, "contract", "quiet" if quiet else "open", one.detail, facts, events=proofs)


def read_file(reader: Reader, domains: Domains, scope: Scope, key: str) -> Detail | None:
    """A nightly file with its totals."""
    found = reader.rows("data_quality_files", QualityFile, system="", content=key)
    if not found:
        return None
    row = file_row(found[0], scope.address)
    facts = [
        ("System", row["system"]),
        ("Business day", row["day"]),
        ("Totals", row["status_word"]),
        ("Came", exact_moment(found[0].seen_us)),
        ("Dead rows", count(found[0].rows_dead)),
        ("Content", found[0].content[:16]),
    ]
    totals = [
        ("Source says", row["declared"], NONE),
        ("Rows counted", row["rows"], NONE),
        ("On the bus", row["events"], row["sent_money"]),
        ("In the store", row["stored"], row["stored_money"]),
    ]
    status = "open" if found[0].faulty else "resolved"
    return Detail(found[0].name, "file", status, found[0].reason or "The file adds up.", facts, said=totals)


def read_event(reader: Reader, domains: Domains, scope: Scope, key: str) -> Detail | None:
    """A late or unlinked event: the event is its own proof."""
    found = reader.rows("data_quality_proof", ProofEvent, events=[key])
    if not found:
        return None
    one, late = found[0], scope.address.fault == "late"
    domain = domains.of_object.get(one.object_types[0], "") if one.object_types else ""
    facts = [("Domain", domains.title(domain)), ("Source", one.source), ("Time", exact_moment(one.time_us))]
    sentence = (
        "It came after a later event of its case; the case was worked out again."
        if late
        else "No case claims this event. It joins one as soon as a link to it is seen."
    )
    kind = "late" if late else "unlinked"
    return Detail(humanised(one.type), kind, "open", sentence, facts, events=(key,))
