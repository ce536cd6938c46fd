"""Manifests, and those that say what they must not."""

from pathlib import Path

import pytest

from streams.folder.manifest import ManifestError, parse_manifest, target_of
from tests.unit.streams.folder.watched import Watched, orders


def test_a_manifest_is_about_the_file_it_is_called_after_unless_it_names_another() -> None:
    assert target_of("a.csv.manifest.json") == "a.csv"
    assert target_of("a.csv.done") == "a.csv"
    assert target_of(".done") == target_of("a.csv") == ""
    assert parse_manifest(b"{}", "a.csv.done").name == "a.csv"
    assert parse_manifest(b'{"name": "b.csv"}', "night.manifest.json").name == "b.csv"


def test_decimals_are_read_as_they_are_written() -> None:
    told = parse_manifest(b'{"totals": {"amount": 12480.50, "count": 3, "minus": "-0.10"}}', "a.done").totals
    assert told == {"amount": "12480.50", "count": "3", "minus": "-0.10"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "is no JSON"),
        (b"done at 03:15", "is no JSON"),
        (b'{"bytes": "12"}', "bytes"),
        (b'{"bytes": -1}', "bytes"),
        (b'{"sha256": "abc"}', "sha256"),
        (b'{"totals": {"amount": "1e9"}}', "no decimal number"),
        (b'{"totals": {"amount": NaN}}', "NaN is no number"),
        (b'{"size": 3}', "size"),
        (b"[]", "says what it cannot"),
        (b"[" * 50_000, "is no JSON"),
        (b" " * (65 << 10), "larger than"),
        (b"\xff\xfe{", "is no JSON"),
    ],
)
def test_a_manifest_that_cannot_be_read_says_why(content: bytes, sentence: str) -> None:
    with pytest.raises(ManifestError, match=sentence):
        parse_manifest(content, "a.csv.manifest.json")


@pytest.mark.parametrize("name", ["../b.csv", "/etc/passwd", "x/b.csv", "..", "x\\b.csv", "b\x00.csv"])
@pytest.mark.parametrize("member", ["name", "supersedes"])
def test_a_manifest_that_leads_elsewhere_is_refused(tmp_path: Path, name: str, member: str) -> None:
    watched = Watched(tmp_path)
    outside = tmp_path / "watched" / "b.csv"
    outside.write_bytes(orders(1))
    watched.put("a.csv", orders(2))
    watched.put(
        "a.csv.manifest.json",
        b'{"%s": "%s"}' % (member.encode(), name.replace("\\", "\\\\").replace("\0", "\\u0000").encode()),
    )
    watched.settle()
    entry = watched.entry("a.csv")
    assert (entry.state, entry.faulty, watched.broker.messages) == ("waiting", 1, [])
    assert "has a name alone" in entry.reason


def test_two_manifests_of_one_file_contradict(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1))
    watched.put("a.csv.done", b"")
    watched.put("a.csv.manifest.json", b"{}")
    watched.settle()
    assert "two manifests" in watched.entry("a.csv").reason
