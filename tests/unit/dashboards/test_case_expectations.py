"""What a case is expected to tell, as its page and the command show it."""

import pytest

from dashboards.case_expectations import WORDS, expectation_row, expectation_words
from metrics.queries.expectation_rows import CaseExpectation
from metrics.queries.rows import CaseHistory
from streams.cases import expectation

DUE = 1_767_614_400_000_000


def expected(status: str, due: int | None = DUE, seen: int | None = None) -> CaseExpectation:
    return CaseExpectation("account_asked_for", status, DUE - 1, due, seen, "/identity/prod", "identity_team")


def test_a_milestone_that_was_not_seen_names_who_should_have_told_it_and_its_owner() -> None:
    row = expectation_row(expected("unseen"))
    assert (row["expectation"], row["status_word"]) == ("Account asked for", "Expected and not seen")
    assert (row["told_by"], row["owner"], row["due"]) == ("/identity/prod", "Identity team", "2026-01-05 12:00")


def test_one_whose_clock_stands_still_has_no_due() -> None:
    assert expectation_row(expected("awaited", due=None))["due"] == expectation_row(expected("awaited"))["seen"]


def test_the_history_tells_when_an_exception_was_taken_back_and_by_what() -> None:
    row = CaseHistory("expected", DUE, "account_asked_for", "", "seen", "", DUE, 0, 0, "event")
    assert expectation_words(row) == "Account asked for: seen in time, as of 2026-01-05 12:00, decided by an event"


@pytest.mark.parametrize(
    "status", [expectation.AWAITED, expectation.SEEN, expectation.UNSEEN, expectation.LATE, "cancelled"]
)
def test_every_status_has_a_word(status: str) -> None:
    assert WORDS[status] == expectation_row(expected(status))["status_word"]
