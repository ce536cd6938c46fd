"""Whatever a table holds and whatever is chosen for its columns: the mapping compiles, and gives what was previewed."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics.connecting.columns import ROLES
from metrics.connecting.draft import Choices, Draft, chosen, guessed, missing
from metrics.connecting.table import NotATable, Table, read_table
from metrics.vocabulary import load_vocabulary
from tests.unit.streams.sources.test_connected_tables import assert_same

VOCABULARY = load_vocabulary()
NAMES = st.sampled_from(
    (
        *("PO Number", "Activity", "Created On", "Total", "Currency", "User", "Invoice No"),
        *("a\nb", "a\x85\u2028b", '"q"', "=1+1", "$x", "Größe", ""),
    )
)
CELLS = st.one_of(
    st.sampled_from(
        (
            *("NA", "", " ", "2026-01-02", "03/04/2026 10:00", "1.234,50", "$1,200.00", "EUR", "created", "Approved"),
            *("W-1", "=cmd|' /C calc'!A0", "null", "0012", '"', "1770000000000", "a\r\nb"),
        )
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8),
)


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    width = draw(st.integers(1, 7))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=6))
    text = io.StringIO()
    ends = draw(st.sampled_from(["\r\n", "\n", "\r"]))
    writer = csv.writer(text, delimiter=draw(st.sampled_from(",;\t|")), lineterminator=ends)
    writer.writerows([draw(st.lists(NAMES, min_size=width, max_size=width)), *rows])
    return text.getvalue().encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])))


def read(content: bytes, size: int) -> Table | str:
    """The table, or why it is none."""
    try:
        return read_table(content, size)
    except NotATable as refusal:
        return str(refusal)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), st.data())
def test_any_choice_for_any_table_gives_what_was_previewed(content: bytes, data: st.DataObject) -> None:
    table = read(content, len(content))
    if isinstance(table, str):
        assert len(table) > 20
        return
    first = draft = guessed(table, "orders.csv", VOCABULARY)
    for _ in range(data.draw(st.integers(0, 3))):
        place = data.draw(st.integers(0, len(first.columns) - 1))
        draft = changed(first, draft, place, data.draw(st.sampled_from(ROLES)))
    if missing(draft, VOCABULARY) or draft.table.flaw:
        return
    with TemporaryDirectory() as folder:
        assert_same(draft, content, Path(folder), "orders.csv")


def changed(first: Draft, draft: Draft, place: int, role: str) -> Draft:
    """The draft after somebody chose another role for one column."""
    roles = [column.role for column in draft.columns]
    roles[place] = next(one for one in ROLES if one == role)
    ofs, forms = (tuple(getattr(column, word) for column in draft.columns) for word in ("of", "form"))
    return chosen(first, Choices(tuple(roles), ofs, forms, {}, "orders", "UTC", "EUR", place), VOCABULARY)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 1_000))
def test_any_bytes_are_a_table_or_a_sentence(content: bytes, more: int) -> None:
    table = read(content, len(content) + more)
    if isinstance(table, str):
        assert len(table) > 20
        return
    assert len(guessed(table, "any.csv", VOCABULARY).columns) == len(table.names)
