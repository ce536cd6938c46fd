import pytest
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError

from metrics.store.errors import RowsRefused, StoreFull, StoreMismatch, StoreUnavailable, classified


@pytest.mark.parametrize(
    ("code", "kind"),
    [(349, RowsRefused), (53, RowsRefused), (60, StoreMismatch), (516, StoreMismatch), (252, StoreUnavailable)],
)
def test_an_error_says_what_to_do_about_it(code: int, kind: type[Exception]) -> None:
    error = classified(DatabaseError("server response: Code: 1. text (for url http://u@h)", code=code))
    assert type(error) is kind
    assert str(error) == "Code: 1. text"


def test_what_nobody_has_classified_is_retried() -> None:
    assert type(classified(DatabaseError("odd", code=9999))) is StoreUnavailable
    assert type(classified(OperationalError("reset by peer"))) is StoreUnavailable


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (243, "Cannot reserve 1.00 MiB, not enough space."),
        (75, "Cannot write to file: , errno: 28, strerror: No space left on device"),
    ],
)
def test_a_full_disk_is_told_from_other_troubles(code: int, text: str) -> None:
    error = classified(DatabaseError(f"server response: Code: {code}. {text}", code=code))
    assert type(error) is StoreFull
    assert str(error).startswith("the store's disk is full")
