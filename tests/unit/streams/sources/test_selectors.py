"""Selectors, steps and conditions of a mapping."""

from pathlib import Path

import pytest

from streams.sources.message import Message
from tests.unit.streams.sources.written import mapped, mapping, small

# more digits than arithmetic keeps unless it is told to
NINES_SQUARED = "999999999999999999999999999998200000000000000000000000000000.81"
BODY = '{"nr": "1", "id": "e", "at": "2026-01-02T03:04:05Z", %s}'


def attribute(folder: Path, selector: object, members: str, **changes: object) -> object:
    outcome = mapped(folder, small(messages__order__attributes={"found": selector}, **changes), BODY % members)
    assert outcome.letters == []
    return outcome.events[0].attributes.get("found")


@pytest.mark.parametrize(
    ("selector", "members", "expected"),
    [
        ('"po-number"', '"po-number": "A"', "A"),
        ("a.b", '"a": {"b": 12480.50}', "12480.50"),
        ("a", '"a": 1', 1),
        ("a", '"a": false', False),
        ("a", '"a": " "', None),
        ("a", '"a": ["x", "y"]', ["x", "y"]),
        ("a", '"a": ["x"]', "x"),
        ("=EUR", '"a": 1', "EUR"),
        ("$setting.tenant", '"a": 1', "t"),
        (["a", {"decode": "json"}, 'C[0]."A Id"'], '"a": "{\\"C\\": [{\\"A Id\\": 7}]}"', 7),
        (["a", {"decode": "base64"}], '"a": "aGk"', "hi"),
        (["a", {"decode": "url"}], '"a": "x%20y+z"', "x y+z"),
        (["a", {"text": "odata"}], '"a": "O\'B) or 1 eq 1/"', "O%27%27B%29%20or%201%20eq%201%2F"),
        (["a", {"decode": "xml"}, "b/@c"], '"a": "<a><b c=\\"7\\"/></a>"', "7"),
        ({"first": ["a", "b", "=z"]}, '"b": 2', 2),
        ({"first": ["a", "c", "d", "b", "=z"]}, '"a": "", "c": [" "], "d": [], "b": 0', 0),
        ({"join": ["a", "b"], "with": "/"}, '"a": 1, "b": "x"', "1/x"),
        ({"join": ["a", "b"], "with": "/"}, '"a": 1', None),
        (["a", {"pad": 10}], '"a": "42"', "0000000042"),
        (["a", {"text": "strip_zeros"}], '"a": "0042"', "42"),
        (["a", {"text": "lower"}], '"a": ["X", "Y"]', ["x", "y"]),
        (["a", {"match": "^Employee_ID=(.+)$"}], '"a": "Employee_ID=21427"', "21427"),
        (["a", {"match": "^Other=(.+)$"}], '"a": "Employee_ID=21427"', None),
        (["a", {"replace": "/", "with": "."}], '"a": "x/y"', "x.y"),
        (["a", {"split": "-"}, "[1]"], '"a": "884120-3"', "3"),
        (["a", {"default": "none"}], '"b": 1', "none"),
        (["a", {"decimal": "point_groups"}], '"a": "1.234,50-"', "-1234.50"),
        (["a[].v", {"sum": "point"}], '"a": [{"v": "0.1"}, {"v": 0.2}]', "0.3"),
        (["a", {"product": ["q", "p"]}, {"sum": "point"}], '"a": [{"q": 3, "p": "0.1"}, {"q": 2, "p": 1.05}]', "2.40"),
        (["a", {"product": ["q", "p"]}, {"sum": "point"}], '"a": [{"q": 3, "p": "0.10"}, {"q": "2"}]', None),
        ({"product": ["q", "p"], "form": "comma"}, '"q": "1,5", "p": "0,30"', "0.450"),
        ({"product": ["q", "q"]}, '"q": "%s.1"' % ("9" * 30), NINES_SQUARED),
        ("pivot(a, 'name', 'value').GROUP_ID", '"a": [{"name": "GROUP_ID", "value": "30117"}]', "30117"),
        ('merge_all("C A").Code.new', '"C A": [{"X": 1}, {"Code": {"new": "T"}}]', "T"),
    ],
)  # fmt: skip
def test_a_selector_finds(tmp_path: Path, selector: object, members: str, expected: object) -> None:
    assert attribute(tmp_path, selector, members) == expected


@pytest.mark.parametrize(
    "empty", ["<a/>", "<a></a>", "<a>\n </a>", '<a nil="true"/>', '<a xmlns:i="urn:i" i:nil="true"/>', "<a/><a> </a>"]
)
@pytest.mark.parametrize("step", [{"first": ["a", "b"]}, ["a", {"default": "7"}]])
def test_an_empty_element_is_nothing(tmp_path: Path, empty: str, step: object) -> None:
    made = mapping(tmp_path, small(inputs={"xml": {}}, messages__order__attributes={"found": step}))
    body = f"<r><nr>1</nr><id>e</id><at>2026-01-02T03:04:05Z</at>{empty}<b>7</b></r>"
    assert made.map(Message(body.encode())).events[0].attributes["found"] == "7"


def test_an_element_with_something_in_it_is_found(tmp_path: Path) -> None:
    step = [{"first": ["a", "b"]}, "c/@d | @d"]
    made = mapping(tmp_path, small(inputs={"xml": {}}, messages__order__attributes={"found": step}))
    for full in ('<a><c d="7"/></a>', '<a d="7"/>'):
        body = f"<r><nr>1</nr><id>e</id><at>2026-01-02T03:04:05Z</at>{full}<b d='8'/></r>"
        assert made.map(Message(body.encode())).events[0].attributes["found"] == "7"


def test_a_word_that_is_not_in_a_table_takes_the_default_and_is_noted(tmp_path: Path) -> None:
    table = {"values": {"NEW": "draft"}, "default": "keep"}
    text = small(messages__order__attributes={"found": ["a", {"lookup": "t"}]}, tables={"t": table})
    outcome = mapped(tmp_path, text, BODY % '"a": "odd"')
    assert outcome.events[0].attributes["found"] == "odd"
    assert outcome.unknown_words == [("t", "odd")]


def test_names_and_headers_are_found_whatever_their_case(tmp_path: Path) -> None:
    text = small(
        messages__order__let={"x": "a", "y": ["$x", {"text": "upper"}]},
        messages__order__attributes={"found": {"join": ["$y", "$header.X-Kind", "$topic"], "with": "|"}},
    )
    outcome = mapped(tmp_path, text, BODY % '"a": "v"', headers={"x-kind": "k"}, topic="t")
    assert outcome.events[0].attributes["found"] == "V|k|t"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("a == 'x'", True),
        ("b", False),
        (["a", "b"], False),
        ({"any": ["a", "b"]}, True),
        ({"not": "b"}, True),
        ({"value": "a", "is": "x"}, True),
        ({"value": "n", "is": 1}, True),
        ({"value": "f", "is": False}, True),
        ({"value": "a", "in": ["y", "x"]}, True),
        ({"value": "b", "is": None}, True),
        ({"value": "a", "matches": "^x$"}, True),
        ({"value": "b", "set": False}, True),
        ({"value": ["a", {"text": "upper"}], "is": "X"}, True),
    ],
)
def test_a_condition_holds(tmp_path: Path, condition: object, holds: bool) -> None:
    outcome = mapped(
        tmp_path, small(messages__order__rules__created__when=condition), BODY % '"a": "x", "n": 1, "f": false, "b": ""'
    )
    assert bool(outcome.events) is holds
    assert [letter.reason for letter in outcome.letters] == ([] if holds else ["no_rule"])


def test_a_namespace_is_bound_by_its_uri_and_not_by_its_prefix(tmp_path: Path) -> None:
    changes = {"key": {"type": "purchase_order", "id": "n:nr"}, "identity": "n:nr", "time": "n:at"}
    text = small(
        inputs={"xml": {"namespaces": {"n": "urn:x"}}}, **{f"messages__order__{k}": v for k, v in changes.items()}
    )
    made = mapping(tmp_path, text)
    for prefix in ("ns3", "ns7"):
        body = '<P:o xmlns:P="urn:x"><P:nr>7</P:nr><P:at>2026-01-02</P:at></P:o>'.replace("P", prefix)
        outcome = made.map(Message(body.encode()))
        assert [event.subject for event in outcome.events] == ["purchase_order/7"]
        assert outcome.events[0].precision == "day"
