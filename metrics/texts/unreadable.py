"""A text that cannot be read as what it should be, with a code that is stored and a sentence for people."""

from typing import Final

BAD_TIME: Final = "bad_time"
TIME_OUT_OF_RANGE: Final = "time_out_of_range"
BAD_AMOUNT: Final = "bad_amount"
BAD_ROW: Final = "bad_row"
BROKEN_FILE: Final = "broken_file"


class Unreadable(Exception):
    """A message cannot be read. Never leaves its codec or reader: it becomes a dead letter there."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
