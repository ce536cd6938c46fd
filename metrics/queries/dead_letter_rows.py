"""The typed rows of the queries about dead letters. Times are integer microseconds UTC."""

import msgspec


class LetterCount(msgspec.Struct, frozen=True):
    """`dead_letter_counts`: letters of one reason, source and owner; `replayable`: waiting, with their original."""

    reason: str
    source_name: str
    owner: str
    letters: int
    waiting: int
    died_again: int
    replayable: int
    today: int
    before: int


class LetterRow(msgspec.Struct, frozen=True):
    """`dead_letter_list`: one letter; `state` is new, replayed or died_again, `total` counts all pages."""

    id: str
    ingested_us: int
    reason: str
    detail: str
    source_name: str
    owner: str
    state: str
    original: str
    simulated: int
    total: int


class LetterStretch(msgspec.Struct, frozen=True):
    """`dead_letter_trend`: letters of one reason in one stretch of time; `as_of_us`: when anything was last heard."""

    begin_us: int
    reason: str
    letters: int
    as_of_us: int


class LetterDetail(msgspec.Struct, frozen=True):
    """`dead_letter_one`: a letter with its masked message; `original` is kept, expired or none."""

    id: str
    ingested_us: int
    reason: str
    detail: str
    source_name: str
    system: str
    owner: str
    topic: str
    partition: int
    offset: int
    origin: str
    position: int
    bytes: int
    excerpt: str
    header_names: list[str]
    header_values: list[str]
    state: str
    replays: int
    original: str
    sealed_until_us: int
    simulated: int


class PausedSource(msgspec.Struct, frozen=True):
    """`dead_letter_paused`: a source that is kept away, since when, by whom and why."""

    source: str
    cause: str
    detail: str
    changed_us: int
