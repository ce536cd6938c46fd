"""Masked: what a value looks like, never what it says."""

import pytest

from metrics.privacy.masking import masked_detail, masked_excerpt, shape


def test_a_shape_keeps_kind_and_length() -> None:
    assert shape("Zoë 4711, ward-B") == "Aaa 9999, aaaa-A"


@pytest.mark.parametrize(
    ("detail", "masked"),
    [
        ("amount: '12,5x' is no decimal", "amount: '99,9a' is no decimal"),
        ("the event's time is 'soon'", "the event's time is 'aaaa'"),
        ('"O\'Brien" is none of the words', '"A\'Aaaaa" is none of the words'),
        (r"'it\'s Jo' is no date", r"'aa\'a Aa' is no date"),
        ("time: 'cut off", "time: 'aaa aaa'"),
        ("mismatch: DE89370400440532013000 line 7", "mismatch: AA99999999999999999999 line 7"),
        ("no quotes: 3 of 5", "no quotes: 3 of 5"),
    ],
)
def test_a_sentence_loses_what_it_quotes(detail: str, masked: str) -> None:
    assert masked_detail(detail) == masked


@pytest.mark.parametrize(
    ("payload", "masked"),
    [
        (b'{"name": "Jo Ash", "ok": true, "n": [1, null]}', '{"name": "Aa Aaa", "ok": true, "n": [9, null]}'),
        (b'{"Jo Ash": 1}', '{"Aa Aaa": 9}'),
        (b'<a:Person Id="7"><b>Jo</b></a:Person>', '<a:Person Id="9"><b>Aa</b></a:Person>'),
        (b"<Person><Jo Ash", "<Aaaaaa><Aa Aaa"),
        (b'<x/><Jo Ash="1"', '<x/><Aa Ash="9"'),
        (b'<Name Jo Ash:lang="en"></Name>', '<Name Aa Aaa:aaaa="aa"></Name>'),
        (b"4711;Jo Ash;2026-01-02", "9999;Aa Aaa;9999-99-99"),
        (b"\xff\xfe" + '{"a": "Jo"}'.encode("utf-16-le"), '{"a": "Aa"}'),
        (b"\xffJo", "?Aa"),
    ],
)
def test_an_excerpt_keeps_the_names_of_parts_and_no_value(payload: bytes, masked: str) -> None:
    assert masked_excerpt(payload) == masked


def test_an_excerpt_is_short() -> None:
    assert len(masked_excerpt(b"x" * 100_000, limit=50)) == 50
