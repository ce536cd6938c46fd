"""The typed rows of the queries beside this file: one struct a query, fields in the order of its columns.

Durations are microseconds; without any case they are NaN or 0.
"""

import msgspec


class CaseTotals(msgspec.Struct, frozen=True):
    """`case_totals`: the cases of one load and how long they last; `started_*` from the first start."""

    cases: int
    variants: int
    median: float
    p90: float
    mean: float
    least: int
    most: int
    started_median: float
    started_p90: float
    started_mean: float
    started_least: int
    started_most: int


class Activity(msgspec.Struct, frozen=True):
    """`activities`: events of one activity, and how many of them repeat another."""

    activity: str
    events: int
    repeats: int


class Pair(msgspec.Struct, frozen=True):
    """`pairs`: from one milestone to another."""

    start: str
    stop: str
    cases: int
    median: float
    p90: float
    mean: float
    negative: int


class SpanTotals(msgspec.Struct, frozen=True):
    """`spans`: what one load's span files hold."""

    records: int
    stored: int
    traces: int
    services: int
    linked: int


class Completeness(msgspec.Struct, frozen=True):
    """`completeness`: records sent, as the end markers say, and what became of them.

    ``canonical``: events that came with an identity of their own, which a file may repeat.
    """

    sent: int
    records: int
    canonical: int
    dead_letters: int
    span_dead_letters: int
    unlinked: int


class ReadSoFar(msgspec.Struct, frozen=True):
    """`read_so_far`: the next offset to read of one partition."""

    topic: str
    partition: int
    next_offset: int


class Clocks(msgspec.Struct, frozen=True):
    """`clocks`: one SLA's clocks by how they stand."""

    sla: str
    met: int
    breached: int
    running: int
    cancelled: int
