"""Which of two files counts: copies, corrections, and corrections that are taken back."""

import hashlib
from pathlib import Path

from tests.unit.streams.folder.watched import DEPOT, Watched, manifest, orders


def test_the_same_content_under_another_name_is_a_copy(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1))
    watched.settle()
    watched.put("b.csv", orders(1))
    watched.settle()
    assert watched.states() == ["a.csv: sent", "b.csv: copy"]
    assert watched.entry("b.csv").reason == "the same bytes as a.csv"
    assert len(watched.broker.messages) == 1


def test_a_copy_takes_the_place_of_what_its_name_held_before(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1, 2))
    watched.put("b.csv", orders(2, 3))
    watched.settle()
    watched.put("a.csv", orders(2, 3))
    watched.settle()
    assert watched.states() == ["a.csv: copy", "a.csv: superseded", "b.csv: sent"]
    assert next(one for one in watched.store.files.values() if one.state == "copy").removed == 1


def test_the_same_content_for_another_system_is_another_file(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    (watched.mappings / "depot2.yaml").write_text(DEPOT.replace("mapping: depot", "mapping: depot2"))
    watched.put("a.csv", orders(1))
    watched.put("a.csv", orders(1), "depot2")
    watched.settle()
    assert watched.states() == ["a.csv: sent", "a.csv: sent"]


def test_other_content_under_the_same_name_supersedes(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a.csv", orders(1, 2, 3))
    watched.settle()
    first = watched.entry("a.csv")
    watched.put("a.csv", orders(2, 3, 4, 5))
    watched.settle()
    old, new = watched.store.files[first.key], watched.entry("a.csv")
    assert (old.state, old.superseded_by, new.state, new.removed) == ("superseded", new.content, "sent", 1)
    asked = {"system": "depot", "old": old.content, "new": new.content, "limit": 9}
    assert [row.subject for row in watched.store.rows("folder_removed", object, **asked)] == ["purchase_order/1"]
    assert watched.store.written[-1] == ["a.csv: sent", "a.csv: superseded", "a.csv: settled"]


def test_a_correction_that_is_taken_back_brings_the_first_content_again(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    for numbers in ((1, 2), (1, 3), (1, 2)):
        watched.put("a.csv", orders(*numbers))
        watched.settle()
    assert watched.states() == ["a.csv: sent", "a.csv: superseded"]
    current = next(one for one in watched.store.files.values() if one.state == "sent")
    assert current.content == hashlib.sha256(orders(1, 2)).hexdigest()


def test_a_manifest_names_the_file_that_is_superseded(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("2026/a.csv", orders(1, 2))
    watched.settle()
    watched.put("2026/a2.csv", orders(2))
    watched.put("2026/a2.csv.manifest.json", manifest(orders(2), supersedes="a.csv"))
    watched.round()
    assert watched.states() == ["2026/a.csv: superseded", "2026/a2.csv: sent"]
    assert watched.entry("2026/a2.csv").removed == 1
    again = Watched(tmp_path, watched.store)
    again.settle()
    assert (again.states(), again.broker.messages) == (watched.states(), [])


def test_a_file_whose_correction_came_first_is_not_sent(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put("a2.csv", orders(2))
    watched.put("a2.csv.manifest.json", manifest(orders(2), supersedes="a.csv"))
    watched.round()
    assert "which never came" in watched.entry("a2.csv").reason
    watched.put("a.csv", orders(1, 2))
    watched.settle()
    assert watched.states() == ["a.csv: superseded", "a2.csv: sent"]
    assert len(watched.broker.messages) == 1
