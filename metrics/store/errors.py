"""What can go wrong between a program and the store, by what the caller should do about it."""

import re

from clickhouse_connect.driver.exceptions import ClickHouseError

# Error codes of ClickHouse (src/Common/ErrorCodes.cpp) that speak of the rows: sending them again can't help.
_ROW_CODES = frozenset({6, 26, 27, 32, 33, 38, 41, 53, 69, 70, 72, 117, 128, 131, 190, 321, 349, 407, 469, 686})

# ... and those that speak of the schema, the rights or the program: no row is to blame, and waiting does not help.
_MISMATCH_CODES = frozenset({10, 16, 20, 36, 46, 47, 50, 60, 62, 81, 115, 164, 184, 192, 193, 194, 457, 456, 497, 516})

# ... and those that say that one question takes more than the store gives one: time, rows, bytes or memory.
_BOUND_CODES = frozenset({158, 159, 160, 241, 307, 396})
# ... and what says that the disk is full, besides NOT_ENOUGH_SPACE: the system's own words.
_FULL_CODES, _FULL = frozenset({243}), re.compile(r"No space left on device|Disk quota exceeded", re.IGNORECASE)
# ... unless it is the memory of all together that is short: then no single question is to blame.
_OF_ALL = re.compile(r"\(total\)|User memory limit", re.IGNORECASE)


class StoreError(Exception):
    """The store did not do what was asked; the message says why. `code` is ClickHouse's error code, 0 when none."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class StoreUnavailable(StoreError):
    """Worth a retry with back-off: connection, time-out, overload, full disk, or an error nobody has classified."""


class StoreFull(StoreUnavailable):
    """There is no room left where the store keeps its data; reading goes on."""


class QuestionTooLarge(StoreUnavailable):
    """More time, rows or memory than the store gives one question: ask for less. A writer may try again, since memory
    comes back."""


class RowsRefused(StoreError):
    """At least one row can never be stored: its type, range or constraint is wrong. Halve the block to find it."""


class TooManyRefused(StoreError):
    """So many rows of one block are refused that the schema must be wrong and not the rows: stop and tell the
    operator."""


class StoreMismatch(StoreError):
    """The store's schema, rights or version are not what this program expects: stop and tell the operator."""


def classified(error: ClickHouseError) -> StoreError:
    """The error in Flowglass's terms. What is not known to be permanent counts as transient: waiting loses nothing."""
    code = int(getattr(error, "code", None) or 0)
    message = _short(str(error))
    if code in _ROW_CODES:
        return RowsRefused(message, code)
    if code in _MISMATCH_CODES:
        return StoreMismatch(message, code)
    if code in _BOUND_CODES and not _OF_ALL.search(message):
        return QuestionTooLarge(message, code)
    if code in _FULL_CODES or _FULL.search(message):
        return StoreFull(f"the store's disk is full: {message}", code)
    return StoreUnavailable(message, code)


def _short(message: str) -> str:
    """Without the driver's preface and the URL (which may carry a user name)."""
    body = message.split("server response: ", 1)[-1]
    return body.rsplit(" (for url ", 1)[0].strip()[:2000]
