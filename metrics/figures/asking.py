"""What publishing asks of the store. `%(name)s` is bound by the driver; nothing of it is anybody's input."""

from collections.abc import Mapping
from typing import Final

EPOCH_BITS: Final = 40
_SINCE: Final = (
    f"version + %(again)s > transform(bitShiftRight(version, {EPOCH_BITS}), %(epochs)s, %(cursors)s, toUInt64(0))"
    " AND version <= %(until)s"
)
"""Rows written since the last look, with `again` = 1 those of the last version seen once more. Versions grow within an
epoch only: another worker's epoch may write later."""

NEWEST_CASES: Final = (
    f"SELECT bitShiftRight(version, {EPOCH_BITS}) AS epoch, max(version) AS newest FROM cases GROUP BY epoch"
)
NEWEST_DOCUMENTS: Final = NEWEST_CASES.replace("FROM cases", "FROM ledger")

_CASES: Final = """
SELECT process, id, part.1 AS kind, part.2 AS name, part.3 AS at_us, facility, part.4 AS verdict, part.5 AS net_us,
       part.6 AS gross_us, '' AS currency, '' AS amount, '' AS hours, '' AS event_id,
       concat(toString(definition_version), ' ', hash) AS definition, simulated,
       CAST([], 'Array(Tuple(String, String))') AS cases
FROM (
    SELECT process, id, definition_version, facility, simulated,
           arrayJoin(arrayConcat(
               [('opened', '', first_us, 'opened', toInt64(0), toInt64(0))],
               if(outcome = '', [], [('ended', '', ended_us, outcome, toInt64(0), toInt64(0))]),
               arrayMap(c -> ('decided', c.1, assumeNotNull(c.3), c.2, toInt64(0), toInt64(0)),
                        arrayFilter(c -> isNotNull(c.3), clocks)),
               arrayMap(c -> ('stopped', c.1, assumeNotNull(c.4), '', c.5, c.6),
                        arrayFilter(c -> isNotNull(c.4), clocks))
           )) AS part
    FROM (
        SELECT toString(process) AS process, case_id AS id, definition_version, toString(facility) AS facility,
               simulated, toUnixTimestamp64Micro(first_time) AS first_us,
               toUnixTimestamp64Micro(state_since) AS ended_us,
               if(status = 'closed', toString(outcome), '') AS outcome,
               arrayMap((n, s, st, dl, net, gross) -> (
                            toString(n), toString(s),
                            toUnixTimestamp64Micro(if(s = 'breached', coalesce(dl, st), st)),
                            toUnixTimestamp64Micro(st), net, gross),
                        arrayFilter((n, s) -> s IN ('met', 'breached'), `clock.name`, `clock.status`),
                        arrayFilter((x, s) -> s IN ('met', 'breached'), `clock.status`, `clock.status`),
                        arrayFilter((x, s) -> s IN ('met', 'breached'), `clock.stopped`, `clock.status`),
                        arrayFilter((x, s) -> s IN ('met', 'breached'), `clock.deadline`, `clock.status`),
                        arrayFilter((x, s) -> s IN ('met', 'breached'), `clock.net_us`, `clock.status`),
                        arrayFilter((x, s) -> s IN ('met', 'breached'), `clock.gross_us`, `clock.status`)) AS clocks
        FROM cases FINAL
        WHERE (process, case_id) IN (SELECT process, id FROM touched)
    )
) AS counted
LEFT JOIN (SELECT toString(process) AS process, version AS definition_version, substring(hash, 1, 8) AS hash
           FROM definitions FINAL) AS texts USING (process, definition_version)"""

_DOCUMENTS: Final = """
SELECT '' AS process, concat(document_type, '/', document_id, '/', line) AS id, 'money' AS kind,
       concat(if(labour = 1, 'labour', 'spend'), '/', stage) AS name, toUnixTimestamp64Micro(time) AS at_us,
       toString(facility) AS facility, '' AS verdict, toInt64(0) AS net_us, toInt64(0) AS gross_us,
       toString(currency) AS currency, amount, hours, event_id, '' AS definition, simulated,
       arrayZip(arrayMap(p -> toString(p), case_processes), case_ids) AS cases
FROM ledger FINAL
WHERE gone = 0 AND stage NOT IN ('accrued', 'vacant')
      AND concat(document_type, '/', document_id, '/', line) IN (SELECT id FROM touched)"""

_TOUCHED_CASES: Final = f"""
SELECT toString(process) AS process, case_id AS id, max(version) AS seen
FROM cases WHERE {_SINCE} GROUP BY process, id"""
_TOUCHED_DOCUMENTS: Final = f"""
SELECT '' AS process, concat(document_type, '/', document_id, '/', line) AS id, max(version) AS seen
FROM ledger WHERE {_SINCE} GROUP BY id"""

COUNTED: Final = ("at_us", "facility", "verdict", "net_us", "gross_us", "currency", "amount", "hours", "event_id")
"""What a part says, and the event that decides it; a new definition alone changes no figure."""
_SAID: Final = (*COUNTED, "definition", "simulated")


def _moved(touched: str, fresh: str) -> str:
    new = ", ".join(f"n.{name} AS {name}" for name in _SAID)
    old = ", ".join(f"o.{name} AS old_{name}" for name in _SAID)
    stored = ", ".join(name for name in _SAID if name not in ("at_us", "facility", "verdict", "currency", "definition"))
    return f"""
WITH touched AS ({touched})
SELECT process, id, kind, name, t.seen AS seen, toUInt8(n.present) AS present,
       toUInt8(o.present AND NOT o.gone) AS stood,
       o.seen AS seen_before, n.fresh AS content, o.content AS old_content, n.cases AS cases, {new}, {old}
FROM (SELECT *, 1 AS present, cityHash64({", ".join(COUNTED)}) AS fresh FROM ({fresh})) AS n
FULL OUTER JOIN (
    SELECT toString(process) AS process, id, toString(kind) AS kind, toString(name) AS name, seen, gone,
           content, 1 AS present,
           toUnixTimestamp64Micro(at) AS at_us, toString(facility) AS facility, toString(verdict) AS verdict,
           toString(currency) AS currency, toString(definition) AS definition, {stored}
    FROM figure_parts FINAL WHERE (process, id) IN (SELECT process, id FROM touched)
) AS o USING (process, id, kind, name)
INNER JOIN touched AS t USING (process, id)
WHERE (n.present = 1 AND (o.present = 0 OR o.gone = 1 OR o.content != n.fresh OR o.definition != n.definition))
   OR (n.present = 0 AND o.gone = 0)
ORDER BY t.seen, process, id, kind, name
SETTINGS max_execution_time = 3600, max_bytes_before_external_group_by = 2000000000,
         max_bytes_before_external_sort = 2000000000"""


def _page(touched: str) -> str:
    return f"SELECT seen FROM ({touched}) ORDER BY seen LIMIT 1 OFFSET %(size)s"


PAGE_OF_CASES: Final = _page(_TOUCHED_CASES)
PAGE_OF_DOCUMENTS: Final = _page(_TOUCHED_DOCUMENTS)
"""The version up to which so many were touched; no row where there are fewer."""
MOVED_CASES: Final = _moved(_TOUCHED_CASES, _CASES)
MOVED_DOCUMENTS: Final = _moved(_TOUCHED_DOCUMENTS, _DOCUMENTS)

_SLA: Final = """toJSONString(map(
    'decided', toString(countIf(kind = 'decided')), 'met', toString(countIf(verdict = 'met')),
    'missed', toString(countIf(verdict = 'breached')), 'closures', toString(countIf(kind = 'stopped') AS ended),
    'net_median_us', if(ended = 0, '', toString(quantileExactIf(0.5)(net_us, kind = 'stopped'))),
    'net_p90_us', if(ended = 0, '', toString(quantileExactIf(0.9)(net_us, kind = 'stopped'))),
    'gross_median_us', if(ended = 0, '', toString(quantileExactIf(0.5)(gross_us, kind = 'stopped'))),
    'gross_p90_us', if(ended = 0, '', toString(quantileExactIf(0.9)(gross_us, kind = 'stopped')))))"""
_COUNTS: Final = """toJSONString(mapApply((k, v) -> (k, toString(v)), mapSort(sumMap(map(
    if(kind = 'opened', 'opened', concat('ended: ', verdict)), toUInt64(1))))))"""
_MONEY: Final = """toJSONString(map(
    'documents', toString(count()), 'untold', toString(countIf(toDecimal128OrNull(amount, 9) IS NULL)),
    'amount', toString(sum(toDecimal256(ifNull(toDecimal128OrNull(amount, 9), 0), 9))),
    'hours', toString(sum(toDecimal256(ifNull(toDecimal128OrNull(hours, 4), 0), 4)))))"""

KINDS: Final[Mapping[str, str]] = {
    "decided": "sla", "stopped": "sla", "opened": "cases", "ended": "cases", "money": "money"
}  # fmt: skip
_EXPRESSION: Final = {"sla": _SLA, "cases": _COUNTS, "money": _MONEY}


def figures_asked(figure: str) -> str:
    """The figures of one kind in the intervals that `%(slots)s` lists or `%(after)s` and `%(until)s` enclose."""
    kinds = ", ".join(f"'{kind}'" for kind, of in KINDS.items() if of == figure)
    places = "['']" if figure == "money" else "if(facility = '', [''], ['', toString(facility)])"
    currency = "toString(currency)" if figure == "money" else "''"
    slots = "('month', month)" if figure == "money" else "('day', day), ('week', week), ('month', month)"
    return f"""
SELECT '{figure}' AS figure, process, name, place AS facility, money AS currency, unit, start,
       {_EXPRESSION[figure]} AS said, max(simulated) AS simulated
FROM (
    SELECT process, kind, name, verdict, net_us, gross_us, amount, hours, simulated, money, arrayJoin(places) AS place,
           arrayJoin(slots) AS slot, slot.1 AS unit, slot.2 AS start
    FROM (
        SELECT toString(process) AS process, toString(kind) AS kind, toString(name) AS name,
               toString(verdict) AS verdict, net_us, gross_us, amount, hours, simulated, {currency} AS money,
               {places} AS places,
               toDate32(toTimeZone(at, %(zone)s)) AS date, toString(date) AS day,
               toString(date - toIntervalDay(toDayOfWeek(date) - 1)) AS week,
               toString(date - toIntervalDay(toDayOfMonth(date) - 1)) AS month, [{slots}] AS slots
        FROM figure_parts FINAL
        WHERE gone = 0 AND process = %(process)s AND kind IN ({kinds})
          AND at >= fromUnixTimestamp64Micro(%(from)s, 'UTC') AND at < fromUnixTimestamp64Micro(%(to)s, 'UTC')
    )
)
WHERE (unit, start) IN %(slots)s
   OR start > transform(unit, ['day', 'week', 'month'], %(after)s, '9')
      AND start <= transform(unit, ['day', 'week', 'month'], %(until)s, '')
GROUP BY process, name, place, money, unit, start
ORDER BY unit, start, name, place, money"""


PUBLISHED: Final = """
SELECT toString(figure) AS figure, toString(process) AS process, toString(name) AS name, toString(facility) AS facility,
       toString(currency) AS currency, toString(unit) AS unit, start, said, revision, simulated
FROM published_figures FINAL
WHERE process = %(process)s AND figure IN %(figures)s AND (unit, start) IN %(slots)s"""

SCOPES: Final = """
SELECT toString(process) AS process, toUnixTimestamp64Micro(min(at)) AS first_us FROM figure_parts FINAL
WHERE gone = 0 GROUP BY process ORDER BY process"""

MARKS: Final = "SELECT scope, toString(unit) AS unit, version, through FROM figure_marks FINAL"

UNSETTLED: Final = """
SELECT toString(process) AS process, id, toString(kind) AS kind, toString(name) AS name, causes,
       event_ids, late_us, detail,
       toUnixTimestamp64Micro(before_at) AS before_us, toString(before_facility) AS before_facility,
       toString(before_currency) AS before_currency,
       toUnixTimestamp64Micro(after_at) AS after_us, toString(after_facility) AS after_facility,
       toString(after_currency) AS after_currency, case_processes, case_ids, simulated
FROM figure_changes FINAL WHERE version > %(settled)s
ORDER BY process, id, kind, name, seen_before"""

FEEDS: Final = """
SELECT f.feed AS feed, f.phase AS phase, toUnixTimestamp64Micro(f.watermark) AS watermark_us,
       toUnixTimestamp64Micro(f.last_seen) AS last_seen_us, p.processes AS processes
FROM v_feeds AS f
LEFT JOIN (SELECT toString(feed) AS feed, groupUniqArray(toString(process)) AS processes FROM cases GROUP BY feed) AS p
       ON p.feed = f.feed
ORDER BY feed"""

BEHIND: Final = """
SELECT toUnixTimestamp64Micro(min(watermark)) AS watermark_us FROM v_checkpoints
WHERE worker = %(worker)s AND committed < high_water AND toUnixTimestamp64Micro(watermark) > 0
  AND incarnation = (SELECT argMax(incarnation, seen_at) FROM v_incarnations)
HAVING count() > 0"""

EVENTS_OF_CASES: Final = """
SELECT c.process AS process, c.case_id AS id, c.event_id AS event_id, c.type AS type, c.withdrawn AS withdrawn,
       c.version AS version,
       toUnixTimestamp64Micro(c.time) AS time_us, e.ingested_us AS ingested_us,
       toUInt8(f.event_id != '') AS superseding
FROM (SELECT toString(process) AS process, case_id, event_id, toString(type) AS type, withdrawn, version, time
      FROM case_events FINAL WHERE (process, case_id) IN %(keys)s) AS c
LEFT JOIN (
    SELECT event_id, toUnixTimestamp64Micro(min(ingested)) AS ingested_us FROM events
    WHERE event_id IN (SELECT event_id FROM case_events WHERE (process, case_id) IN %(keys)s) GROUP BY event_id
) AS e USING (event_id)
LEFT JOIN (
    SELECT DISTINCT event_id FROM file_events WHERE content IN (SELECT content FROM v_files WHERE corrects != '')
) AS f USING (event_id)"""

POSTINGS: Final = """
SELECT concat(document_type, '/', document_id, '/', line) AS id, toString(stage) AS stage,
       event_id, toString(any(verb)) AS verb, toUnixTimestamp64Micro(any(time)) AS time_us, any(sequence) AS sequence,
       toUnixTimestamp64Micro(min(ingested)) AS ingested_us, any(e.type) AS type
FROM ledger_postings
LEFT JOIN (SELECT event_id, toString(any(type)) AS type FROM events
           WHERE event_id IN (SELECT event_id FROM ledger_postings
                              WHERE concat(document_type, '/', document_id, '/', line) IN %(keys)s)
           GROUP BY event_id) AS e USING (event_id)
WHERE concat(document_type, '/', document_id, '/', line) IN %(keys)s
GROUP BY id, stage, event_id
ORDER BY id, stage, time_us, sequence, event_id"""
