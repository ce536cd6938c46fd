"""Dead letters for the browser tests: five sources with their own faults, a surge, replays, and a paused source."""

import hashlib
import random
from typing import Any, NamedTuple

from metrics.words import DAY, HOUR

Row = dict[str, Any]


class Sort(NamedTuple):
    """One kind of letter: how many there are, and what they look like masked."""

    count: int
    reason: str
    system: str
    source: str
    owner: str
    detail: str
    excerpt: str
    days: float = 10.0


_ORDER = (
    '{"id": 99999, "status": "aaaaaaaa_aaaaaaaa", "total": "9.999,99", "currency": {"code": "AAA"},\n'
    ' "requested-by": {"name": "Aaaaa Aaaaaaaaa", "employee-number": "999999"},\n "updated-at": "99/99/9999 99:99"}'
)
_CXML = (
    '<cXML payloadID="aaaaaaa@aaaaaaa.aaa" timestamp="9999-99-99A99:99:99-99:99"><Header><Sender>'
    "<SharedSecret>***</SharedSecret></Sender></Header>\n <Request><OrderRequest><Total>9,999.99"
)
SORTS = (
    Sort(64, "bad_time", "coupa", "/coupa/default", "procurement",
         "requisition.created, time: '99/99/9999 99:99' is not a time such as 2026-01-02T03:04:05Z", _ORDER),
    Sort(212, "bad_amount", "coupa", "/coupa/default", "procurement",
         "coupa: purchase_order.created, amount: '9.999,99' is not a decimal number in the form point", _ORDER, 0.9),
    Sort(31, "malformed_xml", "ariba", "/ariba/default", "procurement",
         "ariba: Premature end of data in tag Total line 2, line 2, column 61", _CXML),
    Sort(18, "no_message_kind", "workday", "/workday/default", "workforce", "workday: no kind of message accepts it",
         '{"businessProcess": "Aaaaaa Aaaaaaaa", "worker": {"descriptor": "Aaaaa Aaaaaaaaa", "id": "A-99999"}}'),
    Sort(9, "control_totals", "interface_engine_fixed", "/interface-engine/default", "finance",
         "interface_engine_fixed: the trailer says 999 rows, the file has 998", "A99999999AAAAAA999\nA99999999AAA"),
    Sort(26, "missing_attribute", "", "/ap-gateway/prod", "financial", "type is missing or empty",
         '{"specversion":"9.9","id":"a-99999","source":"/aa-aaaaaaa/aaaa","data":{"objects":[{"type":"aaaaaaa","id":"AAA-99"}]}}'),
    Sort(7, "bad_trace_id", "", "hub", "integration", "the trace id 'a999' is not 16 bytes, or all zeros", "(binary)"),
    Sort(40, "source_paused", "jaggaer", "/jaggaer/default", "procurement",
         "jaggaer was paused; `flowglass source resume`, `dlq replay` bring it back", "(set aside unread)", 0.4),
)  # fmt: skip
_TOPICS = {"": "flowglass.events", "hub": "otlp_spans"}


def add_letters(rows: dict[str, list[Row]], anchor: int, seed: int = 3) -> None:
    """Letters of the ten days before `anchor`, some of them replayed, some dead again, some without an original."""
    chance = random.Random(seed)
    for sort in SORTS:
        for _ in range(sort.count):
            offset = len(rows["dead_letters"])
            at = anchor - int(chance.random() * sort.days * DAY)
            rows["dead_letters"].append(_letter(sort, offset, at, chance.random()))
    for number, letter in enumerate(rows["dead_letters"]):
        if letter["reason"] == "bad_time" and number % 3 == 0:
            _replay(rows, letter, died=number % 12 == 0)
    rows["source_pauses"].append(
        {"source": "jaggaer", "version": 1, "paused": 1, "cause": "limit", "changed": anchor - 9 * HOUR,
         "detail": "612 of the last 1,000 records could not be read, the limit is 50%"}
    )  # fmt: skip


def _letter(sort: Sort, offset: int, at: int, chance: float) -> Row:
    topic = "flowglass.native" if sort.system else _TOPICS.get(sort.source, _TOPICS[""])
    kept = 0 if chance < 0.06 else at + (3 if chance < 0.15 else 3650) * DAY  # the store's wall clock decides
    native = [{"name": "fg-system", "value": sort.system}, {"name": "x-sent-by", "value": "Aaaaaa"}]
    return {
        "origin": f"{topic}/{offset % 4}@seed", "position": offset, "topic": topic, "partition": offset % 4,
        "offset": offset, "reason": sort.reason, "detail": sort.detail, "source": sort.source, "system": sort.system,
        "owner": sort.owner, "excerpt": sort.excerpt, "bytes": 400 + offset,
        "headers": native if sort.system else [{"name": "(key)", "value": "AAA-99"}],
        "replay_of": "", "simulated": 1, "sealed_until": kept, "sealed": "fgs1.s1.0.c2VhbGVk" if kept else "",
        "ingested": at,
    }  # fmt: skip


def _replay(rows: dict[str, list[Row]], letter: Row, *, died: bool) -> None:
    """The letter was sent again an hour later; `died`: and could not be read again."""
    place = f"{letter['origin']}|{letter['position']}|{letter['reason']}"
    id, at = hashlib.sha256(place.encode()).hexdigest()[:16], letter["ingested"] + HOUR
    rows["dead_letter_replays"].append(
        {"payload_hash": id, "replayed": at, "letter": id, "topic": letter["topic"], "reason": letter["reason"]}
    )
    if died:
        again = {"position": 10_000 + letter["position"], "offset": 10_000 + letter["offset"], "replay_of": id}
        rows["dead_letters"].append({**letter, **again, "ingested": at + 1_000_000})
