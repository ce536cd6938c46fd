import pytest

from metrics.store.front.statement import (
    Refused,
    first_words,
    output_format,
    parse_insert,
    parse_set,
    setting_list,
    single,
)


def test_an_insert_is_cut_where_its_payload_begins() -> None:
    head = parse_insert(b"INSERT INTO db.t (`a b`, c) FORMAT Arrow\nARROW1 FORMAT x\n")
    assert head is not None
    assert head.target == "INSERT INTO db.t (`a b`, c)"
    assert head.format == "Arrow"
    assert head.size == len(b"INSERT INTO db.t (`a b`, c) FORMAT Arrow\n")


def test_settings_of_the_request_come_before_those_of_the_statement_which_win() -> None:
    head = parse_insert(b"insert into t settings max_threads=2 format Native\n")
    assert head is not None
    sql = head.from_file("/tmp/x", {"async_insert": "0"})
    assert sql == "insert into t FROM INFILE '/tmp/x' SETTINGS async_insert = '0', max_threads=2 FORMAT Native"


def test_rows_that_the_engine_takes_apart_are_read_from_the_payload_too() -> None:
    text = (
        b"INSERT INTO `t` (`a.b`) SELECT arrayMap(x -> x.1, p) FROM"
        b" input('p Array(Tuple(\\'x\\', Int8))') FORMAT JSONEachRow\n"
    )
    head = parse_insert(text + b"[1]\n")
    assert head is not None
    assert head.size == len(text)
    assert head.from_file("/tmp/x", {"max_threads": "1"}) == (
        "INSERT INTO `t` (`a.b`) SELECT arrayMap(x -> x.1, p) FROM"
        " file('/tmp/x', 'JSONEachRow', 'p Array(Tuple(\\'x\\', Int8))') SETTINGS max_threads = '1'"
    )


@pytest.mark.parametrize(
    "text",
    [
        b"INSERT INTO t VALUES (1, 'x FORMAT y\n')",
        b"INSERT INTO t SELECT 'a' FORMAT Native\n",
        b"SELECT 1 FORMAT Native\n",
    ],
)
def test_other_statements_are_not_taken_for_an_insert_with_a_payload(text: bytes) -> None:
    assert parse_insert(text) is None


def test_two_statements_in_one_request_are_refused() -> None:
    with pytest.raises(Refused, match="Multi-statements"):
        single("SELECT 1; DROP TABLE t")
    assert single("SELECT ';' ;\n") == "SELECT ';'"


def test_writing_to_a_file_is_refused_but_the_words_in_a_string_are_not() -> None:
    with pytest.raises(Refused, match="OUTFILE"):
        single("SELECT 1 INTO  OUTFILE '/tmp/x'")
    assert single("SELECT 'INTO OUTFILE'")


def test_a_setting_name_that_is_none_cannot_carry_sql() -> None:
    with pytest.raises(Refused):
        setting_list({"a = 1, readonly": "0"})
    assert setting_list({"a": "x'y"}) == "a = 'x\\'y'"


def test_set_statements_are_read_into_values() -> None:
    assert parse_set("SET max_threads = 1, log_comment='it''s', flag") == {
        "max_threads": "1",
        "log_comment": "it's",
        "flag": "1",
    }


def test_the_format_at_the_end_of_a_query_wins() -> None:
    assert output_format("SELECT 1\n FORMAT Native", "TabSeparated") == "Native"
    assert output_format("SELECT format('x')", "TabSeparated") == "TabSeparated"


def test_comments_before_the_first_word_are_skipped() -> None:
    assert first_words("-- why\n/* and how */ use db") == ("USE", "DB")
