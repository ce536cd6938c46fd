from metrics.store.sqltext import masked, quoted, quoted_name, split_statements


def test_a_semicolon_in_a_string_or_comment_does_not_end_a_statement() -> None:
    script = "SELECT 'a;b' -- not; here\n, \"c;d\", `e;f` /* nor; here */;\nSELECT 2"
    assert split_statements(script) == ["SELECT 'a;b' -- not; here\n, \"c;d\", `e;f` /* nor; here */", "SELECT 2"]


def test_escaped_and_doubled_quotes_stay_inside_their_string() -> None:
    assert split_statements(r"SELECT 'it\'s; one'; SELECT 'it''s; one'") == [
        r"SELECT 'it\'s; one'",
        "SELECT 'it''s; one'",
    ]


def test_comments_alone_are_no_statement() -> None:
    assert split_statements("-- only; words\n;;\n/* and; more */ ;") == []


def test_an_unclosed_string_swallows_the_rest_instead_of_splitting_it() -> None:
    assert split_statements("SELECT 'open; DROP TABLE t") == ["SELECT 'open; DROP TABLE t"]


def test_masking_keeps_every_position() -> None:
    text = "SELECT 'INTO OUTFILE' -- x\nFROM t"
    blank = masked(text)
    assert len(blank) == len(text)
    assert "OUTFILE" not in blank
    assert blank.index("FROM") == text.index("FROM")


def test_quoting_survives_quotes_and_backslashes() -> None:
    assert quoted("it's \\") == "'it\\'s \\\\'"
    assert quoted_name("a`b") == "`a\\`b`"
