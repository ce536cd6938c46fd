"""The rows of data quality: how they are written, and how they are read back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from metrics.quality.facts import NAMED, Fact, Subject, question_subject
from metrics.quality.finding import Finding, Hop, Said, Wake
from streams.engine.clickhouse_state import KEYS_A_QUERY
from streams.engine.feeds import NEVER
from streams.engine.ports import Reader
from streams.quality.judge import Verdict
from streams.quality.messages import Tide
from streams.quality.subjects import Stored

FACTS: Final = "quality_facts"
FINDINGS: Final = "quality_findings"
HOPS: Final = "quality_hops"
TRANSITIONS: Final = "quality_transitions"
WAKES: Final = "quality_wakes"
TIDES: Final = "quality_tides"

_PREFIXES_A_QUERY: Final = 200
Row = tuple[Any, ...]
RowsFor = Callable[[int], Sequence[Row]]

_encode = msgspec.json.Encoder().encode
_said = msgspec.json.Decoder(list[Mapping[str, Any]])
_wakes = msgspec.json.Decoder(tuple[tuple[int, str, str], ...])
_names = msgspec.json.Decoder(tuple[str, ...])


def rows_of(verdict: Verdict, tides: Sequence[Tide], now: int) -> dict[str, RowsFor]:
    """For each table its rows for a version, in the order in which they must be stored.

    What a flush that broke off left out is judged again, because its reason is still there: facts, which the offsets
    bring back, stand behind all that follows from them, and wakes, which only the store remembers, behind findings.
    """
    return {
        TRANSITIONS: lambda _: [(one.finding_id, one.state, one.at, one.detail, now) for one in verdict.transitions],
        HOPS: lambda version: [_hop_row(hop, withdrawn, version) for hop, withdrawn in verdict.hops],
        FINDINGS: lambda version: [
            _finding_row(finding, withdrawn, version) for finding, withdrawn in verdict.findings
        ],
        WAKES: lambda version: [(*subject, version, _text(wakes)) for subject, wakes in verdict.wakes],
        FACTS: lambda version: [_fact_row(fact, version) for fact in verdict.facts],
        TIDES: lambda version: [
            (one.partition, one.feed, version, one.phase, max(one.newest, 0), _text(one.systems)) for one in tides
        ],
    }


def _text(value: Any) -> str:
    return _encode(value).decode()


def _fact_row(fact: Fact, version: int) -> Row:
    return (
        fact.type, fact.id, fact.kind, fact.field, fact.system, fact.event_id, fact.value, version, fact.proof,
        fact.time, fact.since, fact.feed, int(fact.simulated),
    )  # fmt: skip


def _finding_row(finding: Finding, withdrawn: bool, version: int) -> Row:
    return (
        finding.type, finding.anchor, finding.id, version, int(withdrawn), finding.kind, finding.domain, finding.owner,
        finding.subject_id, finding.field, finding.target, _text([said._asdict() for said in finding.said]),
        finding.detail, finding.state, finding.opened, finding.healed, finding.episodes, finding.proof,
        int(finding.simulated), finding.severity, finding.title, _text(finding.evidence),
    )  # fmt: skip


def _hop_row(hop: Hop, withdrawn: bool, version: int) -> Row:
    return (
        hop.type, hop.id, hop.group, hop.target, hop.event_id, version, int(withdrawn), hop.domain, hop.system,
        hop.state, hop.changed, hop.due, hop.accepted, hop.seen, hop.seen_event_id, hop.feed, int(hop.simulated),
    )  # fmt: skip


class QualityStore:
    """Reads subjects back from ClickHouse; the newest row by version is read with FINAL."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def fetch(self, subjects: Sequence[Subject]) -> Mapping[Subject, Stored]:
        found: dict[Subject, Stored] = {}
        for start in range(0, len(subjects), KEYS_A_QUERY):
            keys = tuple(subjects[start : start + KEYS_A_QUERY])
            found.update((key, Stored([], [], [], ())) for key in keys)
            for fact in self._facts(keys):
                found[fact.subject].facts.append(fact)
            for finding in self._findings(keys):
                found[finding.type, finding.anchor].findings.append(finding)
            for hop in self._hops(keys):
                found[hop.type, hop.id].hops.append(hop)
            for subject, wakes in self._wakes("(subject_type, subject_id) IN %(keys)s", {"keys": keys}):
                found[subject] = found[subject]._replace(wakes=wakes)
        return found

    def named(self, type: str) -> Iterable[Subject]:
        sql = "SELECT DISTINCT subject_id FROM quality_facts WHERE subject_type = %(type)s AND kind = %(kind)s"
        return [(type, row["subject_id"]) for row in self._reader.rows(sql, {"type": type, "kind": NAMED})]

    def questions(self, about: Sequence[Subject]) -> Iterable[Subject]:
        """Found by the beginning of the key: they are about few objects, of which little is new in one flush."""
        for start in range(0, len(about), _PREFIXES_A_QUERY):
            prefixes = [question_subject(*one, "") for one in about[start : start + _PREFIXES_A_QUERY]]
            names = [f"(subject_type = %(t{n})s AND startsWith(subject_id, %(i{n})s))" for n in range(len(prefixes))]
            values = {
                f"{sign}{n}": part for n, one in enumerate(prefixes) for sign, part in zip("ti", one, strict=True)
            }
            sql = f"SELECT DISTINCT subject_type, subject_id FROM quality_facts WHERE {' OR '.join(names)}"
            yield from ((row["subject_type"], row["subject_id"]) for row in self._reader.rows(sql, values))

    def known_types(self) -> set[str]:
        """Types of which some object was made known."""
        sql = "SELECT DISTINCT subject_type FROM quality_facts WHERE kind = 'known'"
        return {row["subject_type"] for row in self._reader.rows(sql, {})}

    def is_empty(self) -> bool:
        """Whether nothing was ever stored of any subject."""
        tables = " + ".join(f"(SELECT count() FROM {table})" for table in (FACTS, FINDINGS, HOPS, WAKES))
        return not next(iter(self._reader.rows(f"SELECT {tables} AS rows", {})))["rows"]

    def pending(self) -> list[tuple[Subject, tuple[Wake, ...]]]:
        """Every subject that time alone may change."""
        return list(self._wakes("wakes != '[]'", {}))

    def open_subjects(self) -> list[Subject]:
        """Every subject with an open finding."""
        sql = """SELECT DISTINCT subject_type, anchor FROM quality_findings FINAL
                 WHERE withdrawn = 0 AND state = 'open'"""
        return [(row["subject_type"], row["anchor"]) for row in self._reader.rows(sql, {})]

    def open_findings(self) -> dict[tuple[str, str], int]:
        """(domain, kind) → open findings."""
        sql = """SELECT domain, kind, count() AS findings FROM quality_findings FINAL
                 WHERE withdrawn = 0 AND state = 'open' GROUP BY domain, kind"""
        return {(row["domain"], row["kind"]): row["findings"] for row in self._reader.rows(sql, {})}

    def tides(self) -> list[Tide]:
        """How far the readers were at the last flush."""
        sql = (
            "SELECT partition, feed, phase, toUnixTimestamp64Micro(newest) AS newest, systems FROM quality_tides FINAL"
        )
        return [
            Tide(row["partition"], row["feed"], row["phase"], row["newest"] or NEVER, _names.decode(row["systems"]))
            for row in self._reader.rows(sql, {})
        ]

    def _facts(self, keys: Sequence[Subject]) -> Iterator[Fact]:
        sql = """SELECT subject_type, subject_id, kind, field, system, event_id, value, proof, feed, simulated,
                        toUnixTimestamp64Micro(time) AS time, toUnixTimestamp64Micro(since) AS since
                 FROM quality_facts FINAL WHERE (subject_type, subject_id) IN %(keys)s"""
        for row in self._reader.rows(sql, {"keys": keys}):
            yield Fact(
                row["subject_type"], row["subject_id"], row["kind"], row["field"], row["system"], row["event_id"],
                row["value"], row["time"], row["since"], row["proof"], row["feed"], bool(row["simulated"]),
            )  # fmt: skip

    def _findings(self, keys: Sequence[Subject]) -> Iterator[Finding]:
        sql = """SELECT kind, domain, owner, subject_type, anchor, subject_id, field, target, said, detail, episodes,
                        proof, simulated, toUnixTimestamp64Micro(opened) AS opened,
                        toUnixTimestamp64Micro(healed) AS healed, severity, title, evidence
                 FROM quality_findings FINAL WHERE (subject_type, anchor) IN %(keys)s AND withdrawn = 0"""
        for row in self._reader.rows(sql, {"keys": keys}):
            said = tuple(Said(**one) for one in _said.decode(row["said"]))
            yield Finding(
                row["kind"], row["domain"], row["owner"], row["subject_type"], row["anchor"], row["subject_id"],
                row["field"], row["target"], said, row["detail"], row["opened"], row["healed"], row["episodes"],
                row["proof"], bool(row["simulated"]), row["severity"], row["title"],
                _names.decode(row["evidence"] or "[]"),
            )  # fmt: skip

    def _hops(self, keys: Sequence[Subject]) -> Iterator[Hop]:
        sql = """SELECT subject_type, subject_id, field_group, target, event_id, domain, system, state, accepted_us,
                        toUnixTimestamp64Micro(changed) AS changed, toUnixTimestamp64Micro(due) AS due,
                        toUnixTimestamp64Micro(seen) AS seen, seen_event_id, feed, simulated
                 FROM quality_hops FINAL WHERE (subject_type, subject_id) IN %(keys)s AND withdrawn = 0"""
        for row in self._reader.rows(sql, {"keys": keys}):
            yield Hop(
                row["subject_type"], row["subject_id"], row["field_group"], row["target"], row["event_id"],
                row["domain"], row["system"], row["state"], row["changed"], row["due"], row["accepted_us"], row["seen"],
                row["seen_event_id"], row["feed"], bool(row["simulated"]),
            )  # fmt: skip

    def _wakes(self, where: str, values: Mapping[str, Any]) -> Iterator[tuple[Subject, tuple[Wake, ...]]]:
        sql = f"SELECT subject_type, subject_id, wakes FROM quality_wakes FINAL WHERE {where}"
        for row in self._reader.rows(sql, values):
            wakes = tuple(Wake(*one) for one in _wakes.decode(row["wakes"]))
            yield (row["subject_type"], row["subject_id"]), wakes
