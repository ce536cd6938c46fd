"""The typed rows of the queries about conformance. Times are integer microseconds UTC."""

import msgspec


class CaseDeviation(msgspec.Struct, frozen=True):
    """`case_deviations`: a rule that the case broke, with the first event that did."""

    kind: str
    rule: str
    milestone: str
    object: str
    at_us: int
    event_id: str
    count: int


class Fitness(msgspec.Struct, frozen=True):
    """`conformance_fitness`: cases that are judged, and those that conform; of the ended ones, and of all."""

    cases: int
    conforming: int
    ended: int
    ended_conforming: int


class CommonDeviation(msgspec.Struct, frozen=True):
    """`conformance_common`: a way in which cases deviate, in how many cases, and when last."""

    kind: str
    rule: str
    milestone: str
    cases: int
    count: int
    newest_us: int
