"""The table of what was tried against it holds each test's newest rows."""

import pytest

from tests.security.page import BEGIN, END, HEAD, Row, placed, rows_of

PAGE = f"# Top\n\n{BEGIN}\n{END}\n\n## Rest\n"


def test_rows_are_put_in_by_number_and_replaced_by_those_of_a_newer_run() -> None:
    first = placed(PAGE, [Row(6, "Texts", "tests", 3, 0), Row(6, "", "texts", 1000, 0)], "all")
    both = placed(first, [Row(2, "Roles", "tests", 7, 0)], "a sample")
    again = placed(both, [Row(6, "Texts", "tests", 4, 1)], "all")
    assert again.splitlines()[4:8] == [
        *HEAD,
        "| 2 | Roles (a sample) | tests | 7 | 0 |",
        "| 6 | Texts (all) | tests | 4 | 1 |",
    ]
    assert "|  |  | texts | 1,000 | 0 |" in both
    assert (again.startswith("# Top\n"), again.endswith("\n\n## Rest\n")) == (True, True)


def test_the_table_is_printed_in_the_order_it_was_told() -> None:
    assert list(rows_of([Row(1, "One", "tests", 2, 0)])) == [*HEAD, "| 1 | One | tests | 2 | 0 |"]


def test_a_page_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no <!--"):
        placed("# Top\n", [], "all")
