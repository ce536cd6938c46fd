"""The typed rows behind explanations of figures (`metrics/queries/explain_*.sql`)."""

import msgspec


class CaseVersion(msgspec.Struct, frozen=True):
    """`explain_versions`: how many cases stand under a version of their definition; `hash` is of its content."""

    version: int
    hash: str
    cases: int
    open: int
