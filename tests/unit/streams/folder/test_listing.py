"""What is seen in a folder, and what is never followed."""

import os
from pathlib import Path

import pytest

from streams.folder.listing import Folder, Seen, open_regular
from streams.folder.spool import Unsettled, private_copy
from tests.unit.streams.folder.watched import Watched, orders


def look(root: Path) -> dict[str, Seen]:
    return {f"{one.system}/{one.name}": one for one in Folder(root).look()}


class Earlier(Folder):
    """A folder as it was."""

    def __init__(self, root: Path, seen: list[Seen]) -> None:
        super().__init__(root)
        self.seen = seen

    def look(self) -> list[Seen]:
        return self.seen


def test_a_symbolic_link_is_refused_and_never_read(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    secret = tmp_path / "secret.csv"
    secret.write_bytes(orders(1))
    (watched.root / "depot" / "a.csv").symlink_to(secret)
    (watched.root / "depot" / "inner").symlink_to(tmp_path)
    (watched.root / "other").symlink_to(tmp_path)
    watched.settle()
    assert watched.states() == [".: refused", "a.csv: refused", "inner: refused"]
    assert "symbolic link" in watched.entry("a.csv").reason
    assert watched.broker.messages == []


def test_a_file_that_becomes_a_link_after_it_was_seen_is_not_read(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    path = watched.put("a.csv", orders(1))
    seen = look(watched.root)["depot/a.csv"]
    assert seen.stamp is not None
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unsettled), private_copy(path, seen.stamp, watched.root, None, lambda _: None):
        pass


def test_a_directory_that_becomes_a_link_leads_nowhere(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    path = watched.put("in/a.csv", orders(1))
    seen = look(watched.root)["depot/in/a.csv"]
    assert seen.stamp is not None
    path.parent.rename(tmp_path / "elsewhere")
    path.parent.symlink_to(tmp_path / "elsewhere")
    with (
        pytest.raises(Unsettled, match="leads out"),
        private_copy(path, seen.stamp, watched.root, None, lambda _: None),
    ):
        pass


def test_a_pipe_in_place_of_a_file_is_refused_and_waits_for_nobody(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    pipe = watched.root / "depot" / "a.csv"
    os.mkfifo(pipe)
    watched.settle()
    assert watched.states() == ["a.csv: refused"]
    with pytest.raises(OSError, match="no regular file"):
        open_regular(pipe)


def test_a_file_that_cannot_be_opened_waits_and_the_others_go_on(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    path = watched.put("a.csv", orders(1))
    watched.put("b.csv", orders(2))
    watched.round()
    watched.watching.folder = Earlier(watched.root, watched.watching.folder.look())
    path.unlink()
    watched.round(later=61)
    assert watched.states() == ["a.csv: waiting", "b.csv: sent"]
    assert "cannot be read" in watched.entry("a.csv").reason


@pytest.mark.parametrize("name", ["with space.csv", "Umlaut-ä.csv", "a\nb.csv", "-rf.csv", "'; DROP.csv", "a..b.csv"])
def test_odd_names_are_names(tmp_path: Path, name: str) -> None:
    watched = Watched(tmp_path)
    watched.put(name, orders(1))
    watched.settle()
    assert watched.states() == [f"{name}: sent"]


def test_a_name_that_is_no_text_is_written_as_one(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    path = os.fsencode(watched.root / "depot") + b"/\xff.csv"
    Path(os.fsdecode(path)).write_bytes(orders(1))
    watched.settle()
    assert watched.states() == ["\\xff.csv: sent"]


def test_hidden_files_and_empty_folders_are_nothing(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.put(".a.csv.Xy12", orders(1))
    watched.put("deep/er/b.csv", orders(2))
    assert list(look(watched.root)) == ["depot/deep/er/b.csv"]
