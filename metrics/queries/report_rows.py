"""The typed rows of queries about reports that are sent. Times are integer microseconds since 1970 UTC."""

import msgspec


class ReportSending(msgspec.Struct, frozen=True):
    """`report_sendings`: one period's mail; `number` is the period, `state` queued, delivered or refused."""

    receiver: str
    group_key: str
    number: int
    state: str
    attempts: int
    error: str
    created_us: int
    settled_us: int | None
