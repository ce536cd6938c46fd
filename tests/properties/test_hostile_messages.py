"""What attackers and broken senders send to any source: one dead letter that says why, soon, and nothing else."""

from time import process_time

import pytest

from metrics.dead_letter_advice import ADVICE
from streams.codecs import reasons as general
from streams.sources import reasons
from streams.sources.mapping import Mapping
from streams.sources.message import Message
from tests.golden.sources.playing import CASES, SYSTEMS, load, played
from tests.properties.mapping_fuzz import check

DEPTH = 100_000
MIB = 1 << 20
LONGEST_SECONDS = 5.0
BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">%s]><a>&i;</a>""" % b"".join(
    b'<!ENTITY %c "%s">' % (letter + 1, b"&%c;" % letter * 10) for letter in range(ord("a"), ord("i"))
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
HOSTILE = {
    "an entity bomb": BOMB,
    "an entity from outside": OUTSIDE,
    "five megabytes in one text": b'{"id": "' + b"x" * (5 * MIB) + b'"}',
    "five megabytes of XML": b"<a>" + b"<b>1</b>" * (5 * MIB // 8) + b"</a>",
    "five megabytes of line ends": b"\n" * (5 * MIB),
    "arrays in arrays": b"[" * DEPTH + b"]" * DEPTH,
    "objects in objects": b'{"a":' * DEPTH + b"1" + b"}" * DEPTH,
    "elements in elements": b"<a>" * DEPTH + b"</a>" * DEPTH,
    "not a number": b'{"id": NaN, "amount": Infinity}',
    "a number without end": b'{"id": ' + b"9" * 100_000 + b"}",
    "UTF-16 without a mark": '{"id": "1"}'.encode("utf-16-le"),
    "UTF-32": '{"id": "1"}'.encode("utf-32"),
    "bytes of no encoding": b'{"id": "\xff\xfe\xfd"}',
    "half a surrogate": b'{"id": "\xed\xa0\x80"}',
    "an unknown encoding": b'<?xml version="1.0" encoding="x-none"?><a>1</a>',
    "zeros": b"\0" * 1_000,
    "nothing": b"",
    "noise": bytes(range(256)) * 40,
}
KNOWN = ADVICE.keys()
EXPECTED = {
    "an entity bomb": {"xml": {reasons.XML_ENTITIES, reasons.MALFORMED_XML}},
    "an entity from outside": {"xml": {reasons.XML_ENTITIES}},
    "arrays in arrays": {"json": {general.TOO_DEEP}},
    "objects in objects": {"json": {general.TOO_DEEP, general.TOO_LARGE}},
    "elements in elements": {"xml": {general.TOO_DEEP}},
    "not a number": {"json": {general.MALFORMED_JSON}},
    "bytes of no encoding": {"json": {general.NOT_UTF8, general.MALFORMED_JSON}},
    "nothing": {"json": {general.EMPTY_VALUE}, "xml": {general.EMPTY_VALUE}},
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_hostile_message_is_one_dead_letter(system: str, what: str) -> None:
    mapping, body = load(system), HOSTILE[what]
    began = process_time()
    outcome = mapping.map(Message(body))
    assert process_time() - began < LONGEST_SECONDS
    check(outcome)
    assert outcome.events == []
    (letter,) = outcome.letters
    expected = EXPECTED.get(what, {})
    syntax = next((one for one in ("json", "xml") if one in expected and one in mapping.inputs.syntaxes), "")
    assert letter.reason in (expected[syntax] if syntax else KNOWN)
    assert b"root:" not in letter.payload


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_good_message_that_grew_beyond_the_limit_is_too_large(system: str) -> None:
    mapping, body = _good(system)
    outcome = mapping.map(Message(body + b" " * mapping.inputs.limits.bytes))
    assert [letter.reason for letter in outcome.letters] == [general.TOO_LARGE]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "cp500"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_good_message_in_another_encoding_is_read_as_what_it_is_or_not_at_all(system: str, encoding: str) -> None:
    mapping, body = _good(system)
    wanted = {event.id for event in mapping.map(Message(body)).events}
    outcome = mapping.map(Message(body.decode("utf-8", "surrogateescape").encode(encoding, "replace")))
    check(outcome)
    assert {event.id for event in outcome.events} <= wanted
    assert outcome.events or outcome.letters


def _good(system: str) -> tuple[Mapping, bytes]:
    """The first message of a system's golden cases that gives events without headers or state."""
    for case in CASES:
        if case.system == system and case.mapping == system:
            mapping, all_of_it = played(case)
            for message, outcome in all_of_it.outcomes:
                bare = mapping.map(Message(message.body))
                if outcome.events and bare.events and not bare.letters:
                    return mapping, message.body
    raise AssertionError(f"no message of {system} gives events by itself")
