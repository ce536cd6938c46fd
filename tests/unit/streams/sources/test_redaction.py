"""Secrets leave no message on its way to the dead letters, in whatever shape they stand."""

import base64
import json
from pathlib import Path
from time import process_time

import pytest

from streams.sources.message import Message
from streams.sources.redaction import redactor
from streams.sources.redaction_encoded import decoded_forms, encoded_redactor
from tests.unit.streams.sources.written import mapped, mapping, small

ROWS = {"csv": {"delimiter": ";", "lines": {"row": {"columns": ["nr", "id", "ssn", "at"]}}}}
NAMED = {"csv": {"delimiter": ";", "header_row": True}}
FIXED = {
    "fixed": {"lines": {"row": {"starts": "R", "width": 12, "columns": {"nr": "2-4", "ssn": "5-10", "at": "11-12"}}}}
}


@pytest.mark.parametrize(
    "body",
    [
        b"<a><SharedSecret>canary</SharedSecret></a>",
        b"<a><ns1:SharedSecret x='1'>canary</ns1:SharedSecret></a>",
        b"<a><SharedSecret>canary",
        b'<a SharedSecret="canary"/>',
        b'{"SharedSecret": "canary"}',
        b'{"ssn" : "can\\"canary", "b": 1}',
        b'{"ssn": "canary',
        b'{"ssn":canary}',
        b'{"ssn": {"value": "canary", "more": [{"deep": "canary"}]}, "b": 1}',
        b'{"ssn": ["canary", "} ]", "canary"], "b": 1}',
        b'{"ssn": [[["canary", {"x": "canary',
        b'{"ssn": {"ssn": "canary"}, "b": {"ssn": "canary"}}',
        "<a><SharedSecret>canary</SharedSecret></a>".encode("utf-16"),
    ],
)
def test_a_secret_is_masked_even_in_a_broken_message(body: bytes) -> None:
    masked = redactor(["ssn"])(body)
    assert b"canary" not in masked
    assert b"***" in masked


def test_what_only_looks_like_a_secret_stays() -> None:
    body = b'{"ssn_count": 3, "note": "ssn"}<SharedSecrets>x</SharedSecrets>'
    assert redactor(["ssn"])(body) == body


def test_a_masked_object_leaves_the_message_readable() -> None:
    body = json.dumps({"a": [1, {"ssn": {"x": ["}", '"', {"y": "canary"}]}}], "b": 2}).encode()
    assert json.loads(redactor(["ssn"])(body)) == {"a": [1, {"ssn": "***"}], "b": 2}


def test_thousands_of_open_brackets_are_masked_in_one_pass() -> None:
    body = b'{"ssn": [' * 100_000
    assert redactor(["ssn"])(body) == b'{"ssn": "***"'


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("base64", b'{"token": "%s", "b": 1}' % base64.b64encode(b'{"ssn": "canary"}')),
        ("base64", b'{"token": "%s' % base64.urlsafe_b64encode(b'{"a": 1, "ssn": "canary", "b": 2}')[:-7]),
        ("base64", b'"head.%s.sign"' % base64.urlsafe_b64encode(b'{"ssn": {"value": "canary"}}').rstrip(b"=")),
        ("base64", b"<t>\n%s</t>" % base64.encodebytes(b"<ssn>canary</ssn>" * 9)),
        ("base64", b"<t>\nxy%s</t>" % base64.b64encode(b'{"ssn": "canary"}')),
        ("json", json.dumps({"text": json.dumps({"ssn": {"value": "canary"}})}).encode()),
        ("json", json.dumps({"text": json.dumps({"t": json.dumps({"ssn": "canary"})})}).encode()),
        ("json", b'{"text": "{\\u0022ssn\\u0022: \\u0022canary\\u0022}"}'),
        ("json", b"<t>{&quot;ssn&quot;: &quot;canary&quot;}</t>"),
        ("xml", b"<t>&lt;n:ssn&gt;canary&lt;/n:ssn&gt;</t>"),
        ("xml", b'{"text": "<a ssn=\\"canary\\"/>"}'),
    ],
)
def test_a_secret_in_a_part_that_the_mapping_decodes_is_masked(form: str, body: bytes) -> None:
    masked = encoded_redactor(["ssn"], [form])(redactor(["ssn"])(body))
    assert b"***" in masked
    for hidden in (b"canary", base64.b64encode(b"canary")[:7], base64.b64encode(b'{"ssn": "canary"}')):
        assert hidden not in masked


@pytest.mark.parametrize(
    "body", [b"\\" * 900_000, b'"' * 900_000, b"QUFB" * 250_000, b"<" * 900_000, b'\\"ssn' * 200_000]
)
def test_the_worst_texts_are_looked_through_in_one_pass(body: bytes) -> None:
    started = process_time()
    encoded_redactor(["ssn"], ["base64", "json"])(redactor(["ssn"])(body))
    assert process_time() - started < 5


def test_base64_without_a_secret_stays() -> None:
    body = b'{"token": "%s"}' % base64.b64encode(b'{"name": "x", "ssn_count": 3}')
    assert encoded_redactor(["ssn"], ["base64", "json"])(body) == body


def test_the_decode_steps_of_a_mapping_are_found_wherever_they_stand() -> None:
    assert decoded_forms({"let": {"a": ["x", {"first": [["y", {"decode": "base64"}], {"decode": "json"}]}]}}) == {
        "base64",
        "json",
    }


def test_a_mapping_that_decodes_masks_what_it_decodes(tmp_path: Path) -> None:
    token = base64.b64encode(b'{"ssn": "canary"}').decode()
    text = small(redact=["ssn"], messages__order__let={"data": ["token", {"decode": "base64"}, {"decode": "json"}]})
    outcome = mapped(tmp_path, text, f'{{"token": "{token}"}}')
    assert outcome.letters[0].payload == b'{"token": "***"}'


@pytest.mark.parametrize(
    ("inputs", "body", "masked"),
    [
        (ROWS, "7;e;canary;never\n", "7;e;***;never\n"),
        (ROWS, '7;e;"can;""ary";never\r\n8;e;canary;x\r\n', "7;e;***;never\r\n8;e;***;x\r\n"),
        (ROWS, "7;e;1;canary;never\n", "***\n"),
        (ROWS, '7;e;"canary;never\n', "***"),
        (NAMED, "\n nr;id;ssn;at\n7;e;canary;never\n\n", "\n nr;id;ssn;at\n7;e;***;never\n\n"),
        (NAMED, 'nr;"ssn";at\n7;"can\nary";never\n', 'nr;"ssn";at\n7;***;never\n'),
        (FIXED, "R007canaryxx\nR008canaryxx", "R007******xx\nR008******xx"),
        (FIXED, "R07canaryxx\nX canary\n\n", "***\n***\n\n"),
    ],
)
def test_a_secret_column_of_a_flat_file_is_masked(tmp_path: Path, inputs: object, body: str, masked: str) -> None:
    made = mapping(tmp_path, small(inputs=inputs, redact=["ssn"]))
    for mark in (b"", b"\xef\xbb\xbf"):
        outcome = made.map(Message(mark + body.encode()))
        assert [letter.payload for letter in outcome.letters] == [mark + masked.encode()]


def test_bytes_in_another_encoding_than_declared_are_masked_and_kept(tmp_path: Path) -> None:
    outcome = mapping(tmp_path, small(inputs=ROWS, redact=["ssn"])).map(Message("7;é;canary;è\n".encode("cp1252")))
    assert outcome.letters[0].payload == "7;é;***;è\n".encode("cp1252")


def test_a_flat_file_beside_json_does_not_take_json_for_rows(tmp_path: Path) -> None:
    text = small(inputs={**ROWS, "json": {}}, redact=["ssn"])
    assert mapped(tmp_path, text, '{"nr": "a;b"}').letters[0].payload == b'{"nr": "a;b"}'


def test_a_binary_message_with_noughts_is_not_taken_for_utf_16() -> None:
    body = b"one \x00\xff\x01"
    assert redactor(())(body) == body


def test_utf_16_without_a_secret_stays_as_it_came() -> None:
    body = '{"a": 1}'.encode("utf-16")
    assert redactor(())(body) == body
