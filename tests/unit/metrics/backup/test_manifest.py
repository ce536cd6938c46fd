"""What makes a backup usable, and in what order one is read."""

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from metrics.backup.manifest import BackupUnusable, Manifest, TableFile, check_files, read_manifest, write_manifest
from metrics.backup.order import reading_order
from metrics.store.tables import TABLES


def written(folder: Path, format: int = 1) -> Manifest:
    """A backup of one table with one row."""
    data = gzip.compress(b"a\t1\n")
    (folder / "t.tsv.gz").write_bytes(data)
    table = TableFile("t", "t.tsv.gz", ("x", "y"), 1, len(data), hashlib.sha256(data).hexdigest())
    manifest = Manifest(format, "1.0", "flowglass", 1, 2, (), (), (table,))
    write_manifest(folder, manifest)
    return manifest


def test_a_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    manifest = written(tmp_path)
    assert read_manifest(tmp_path) == manifest
    check_files(tmp_path, manifest)


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda path: path.unlink(), "is missing"),
        (lambda path: path.write_bytes(b""), "has 0 bytes"),
        (flipped, "another checksum"),
    ],
)
def test_a_file_that_was_harmed_is_named(tmp_path: Path, harm: Callable[[Path], None], told: str) -> None:
    manifest = written(tmp_path)
    harm(tmp_path / "t.tsv.gz")
    with pytest.raises(BackupUnusable, match=f"t.tsv.gz .*{told}"):
        check_files(tmp_path, manifest)


def test_a_folder_without_a_manifest_or_with_one_of_another_format_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupUnusable, match="is no backup"):
        read_manifest(tmp_path)
    written(tmp_path, format=2)
    with pytest.raises(BackupUnusable, match="format 2"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(BackupUnusable, match="can't be read"):
        read_manifest(tmp_path)


def test_positions_are_read_before_state_and_state_before_facts() -> None:
    order = reading_order(TABLES)
    assert sorted(order) == sorted(TABLES)
    places = [order.index(table) for table in ("checkpoints", "feeds", "objects", "cases", "case_events", "events")]
    assert places == sorted(places)
    assert order[-1] == "epochs"
    assert reading_order(["epochs", "new", "cases"]) == ["cases", "new", "epochs"]
