"""A watched file may end its lines as it likes: its pieces are the rows that its mapping reads."""

import io

import pytest

from streams.folder.flat_lines import pieces
from streams.sources.flat_input import FlatFormat, read_flat

FORM = FlatFormat(False, "utf-8", ",", '"', True, (), None)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_pieces_are_the_rows_of_the_mapping_whatever_ends_a_line(ends: str) -> None:
    text = ends.join(["id,note", f'1,"two{ends}lines"', "", "2,x", "3,y"])
    found = [(piece.kind, piece.line) for piece in pieces(io.BytesIO(text.encode()), FORM)]
    rows = read_flat(text.encode(), FORM).rows
    assert found == [("head", 1), *(("row", line) for line, _ in rows)]
    assert [row["id"] for _, row in rows] == ["1", "2", "3"]


def test_repeated_and_nameless_columns_are_read_by_names_of_their_own() -> None:
    assert read_flat(b"a,,a\n1,2,3\n", FORM).rows == [(2, {"a": "1", "column 2": "2", "a (2)": "3"})]
