"""The audit log: a chain in which nothing can be changed unseen."""

import json
import multiprocessing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.access.audit import FIRST, AuditLog, verify


def written(file: Path, lines: int = 5) -> None:
    for number in range(lines):
        AuditLog(file).note("ada", "looked", f"R-{number}", role="admin")


def test_a_log_as_it_was_written_holds(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    written(file)
    lines, head, broken = verify(file)
    assert (lines, broken) == (5, None)
    assert head == json.loads(file.read_text().splitlines()[-1])["hash"]
    assert json.loads(file.read_text().splitlines()[0])["after"] == FIRST


@settings(max_examples=60)
@given(data=st.data())
def test_a_line_that_is_changed_removed_or_put_in_is_found(data: st.DataObject, tmp_path_factory: object) -> None:
    file = tmp_path_factory.mktemp("audit") / "audit.jsonl"  # type: ignore[attr-defined]
    written(file)
    lines = file.read_text().splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 2), label="line")
    match data.draw(st.sampled_from(("changed", "removed", "doubled", "swapped"))):
        case "changed":
            entry = json.loads(lines[at])
            entry[data.draw(st.sampled_from(("who", "what", "did", "at", "role", "hash", "after")))] = "other"
            lines[at] = json.dumps(entry) + "\n"
        case "removed":
            del lines[at]
        case "doubled":
            lines.insert(at, lines[at])
        case _:
            lines[at], lines[at + 1] = lines[at + 1], lines[at]
    file.write_text("".join(lines))
    held, _, broken = verify(file)
    assert broken is not None
    assert held <= at + 1


def test_a_line_that_was_not_written_to_its_end_is_cut_off_by_the_next(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    for torn in (b'{"after":"00', b'{"torn": 1}'):
        before = len(file.read_bytes().splitlines()) if file.exists() else 0
        with file.open("ab") as opened:
            opened.write(torn)
        assert verify(file)[::2] == (before, None)
        assert len(list(AuditLog(file).entries())) == before
        written(file, 2)
        assert verify(file)[::2] == (before + 2, None)


def test_what_several_processes_write_is_one_chain(tmp_path: Path) -> None:
    file = tmp_path / "audit.jsonl"
    spawn = multiprocessing.get_context("fork")
    writers = [spawn.Process(target=written, args=(file, 20)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert verify(file)[::2] == (60, None)
