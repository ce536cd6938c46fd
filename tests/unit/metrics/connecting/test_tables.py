"""What can be dropped, and what is said of what cannot."""

import pytest

from metrics.connecting.table import MOST_COLUMNS, NotATable, read_table


def refused(content: bytes) -> str:
    with pytest.raises(NotATable) as refusal:
        read_table(content, len(content))
    return str(refusal.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf \r\n", "The file is empty"),
        (b"PO,Created On\n", "has a header, but no rows"),
        (b"PK\x03\x04rest", "Save the sheet as CSV"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "packed with gzip"),
        (b"a,b\n" + b"1,2\n" * 20 + b"1,\x002\n", "NUL characters"),
        (bytes(range(1, 256)) * 4, "binary data"),
        (b"<log/>\n", "This is XML"),
        (b'[{"a": 1}]\n', "This is JSON"),
        (",".join(f"c{n}" for n in range(1000)).encode() + b"\n" + b"," * 999 + b"\n", "1,000 columns"),
        (b"x" * 300 + b",b\n1,2\n", "no header"),
    ],
    ids=["nothing", "blanks", "no rows", "xlsx", "pdf", "gzip", "nul", "bytes", "xml", "json", "wide", "long name"],
)
def test_what_is_no_table_is_refused_with_a_sentence(content: bytes, said: str) -> None:
    assert said in refused(content)


def test_a_hundred_columns_are_taken() -> None:
    line = ",".join(f"c{n}" for n in range(MOST_COLUMNS)).encode()
    content = line + b"\n" + line + b"\n"
    assert len(read_table(content, len(content)).names) == MOST_COLUMNS


@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b",", b";", b"\t", b"|"])
def test_line_ends_and_delimiters_are_found(ends: bytes, mark: bytes) -> None:
    content = ends.join((mark.join((b"a", b"b", b"c")), mark.join((b'"1' + ends + b'2"', b"NA", b"")), b""))
    table = read_table(content, len(content))
    assert table.names == ("a", "b", "c")
    assert [row.cells for row in table.rows] == [(f"1{ends.decode()}2", "NA", "")]
    assert table.rows[0].line == 3


@pytest.mark.parametrize(
    ("encoding", "found"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "cp1252"), ("utf-16", "utf-16")]
)
def test_character_sets_are_found(encoding: str, found: str) -> None:
    content = "Größe;Preis\n1;5 €\n".encode(encoding)
    table = read_table(content, len(content))
    assert (table.encoding, table.names, table.rows[0].cells) == (found, ("Größe", "Preis"), ("1", "5 €"))


def test_nameless_and_repeated_columns_get_names_of_their_own() -> None:
    assert read_table(b"a,,a,a (2)\n1,2,3,4\n", 19).names == ("a", "column 2", "a (2)", "a (2) (2)")


def test_a_cut_in_the_middle_of_a_row_or_a_letter_loses_only_that_row() -> None:
    whole = "name,wert\n" + "Grün,1\n" * 10
    for cut in range(28, len(whole.encode()) - 1):
        table = read_table(whole.encode()[:cut], len(whole.encode()))
        assert table.flaw == ""
        assert not table.whole
        assert {row.cells for row in table.rows} <= {("Grün", "1")}
    assert table.expected_rows in range(8, 12)


def test_a_row_of_another_width_is_a_flaw_with_its_line() -> None:
    table = read_table(b"a,b\n1,2\n3\n4,5\n", 99_999)
    assert table.flaw.startswith("Line 3 has 1 columns, the header has 2.")
    assert len(table.rows) == 1


def test_a_title_above_the_header_is_told_from_a_bad_row() -> None:
    assert "that is a title and no header" in read_table(b"Report of May\nPO,Total\n1,2\n", 29).flaw


def test_quotes_that_quote_nothing_are_taken_as_signs() -> None:
    table = read_table(b'item,size\n"3" pipe,2\n', 21)
    assert (table.quote, table.flaw, table.rows[0].cells) == ("", "", ('"3" pipe', "2"))


def test_a_quote_that_is_never_closed_is_a_flaw() -> None:
    content = b'a,b\n1,"2\n3,4\n5,6,7\n'
    assert "unexpected end of data" in read_table(content, len(content)).flaw
