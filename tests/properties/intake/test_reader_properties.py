"""Tables written by anyone are read cell by cell as they were, and any bytes are answered with rows."""

import csv
import io
import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.texts.times import written
from metrics.words import DeadLetter, Event
from streams.intake.options import IntakeError, LogOptions
from streams.intake.reader import open_log

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\ufeff"), max_size=10)
NAMES = CELLS.filter(lambda text: text != "")
ROWS = st.lists(st.tuples(NAMES, NAMES, st.integers(-(10**15), 10**15), CELLS), min_size=1, max_size=8)
OPTIONS = LogOptions(case_type="log.0")


def read_all(name: str, content: bytes) -> list[Event | DeadLetter]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return list(open_log(path, OPTIONS))


@settings(max_examples=100, deadline=None)
@given(ROWS, st.sampled_from([",", ";", "\t"]), st.sampled_from(["\r\n", "\n", "\r"]))
def test_cells_of_a_csv_log_come_through_as_they_were_written(
    rows: list[tuple[str, str, int, str]], mark: str, end: str
) -> None:
    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=mark, lineterminator=end, quoting=csv.QUOTE_ALL)
    table.writerow(["case", "activity", "time", "note"])
    table.writerows([case, activity, written(time), note] for case, activity, time, note in rows)
    items = read_all("log.csv", text.getvalue().encode())
    assert [
        (item.objects[0].id, item.activity, item.time, item.attributes.get("note", ""))
        for item in items
        if isinstance(item, Event)
    ] == rows


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_members_of_json_lines_come_through_as_they_were_written(rows: list[tuple[str, str, int, str]]) -> None:
    lines = [json.dumps({"case": c, "activity": a, "time": written(t), "note": n}) for c, a, t, n in rows]
    items = read_all("log.jsonl", "\n".join(lines).encode())
    assert [
        (item.objects[0].id, item.activity, item.time, item.attributes["note"])
        for item in items
        if isinstance(item, Event)
    ] == rows


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["a.csv", "a.xes", "a.json", "a.jsonl", "a.log", "a.csv.gz"]), st.binary(max_size=80))
def test_any_bytes_give_items_or_an_error_that_says_what_to_do(name: str, content: bytes) -> None:
    header = b"case,activity,time\n" if name.startswith("a.csv") else b""
    complaint = "none at all, which is right for readable bytes"
    try:
        read_all(name, header + content)
    except IntakeError as error:
        complaint = str(error)
    assert len(complaint) > 20
