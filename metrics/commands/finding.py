"""What a check of `flowglass doctor` says."""

from collections.abc import Callable, Iterable
from typing import Literal, TypeAlias

import msgspec

from metrics.settings import Settings

State = Literal["ok", "warning", "wrong"]

GROUP = "flowglass.checks"
"""Entry points of this group are checks of other packages; the names are for people."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at. `advice` says what to do; it is empty when all is well."""

    check: str
    state: State
    detail: str
    advice: str = ""


Check: TypeAlias = Callable[[Settings], Iterable[Finding]]
"""A check with the settings of the running stack. What it cannot find out it says; it raises nothing."""


def ok(check: str, detail: str) -> Finding:
    return Finding(check, "ok", detail)


def warning(check: str, detail: str, advice: str) -> Finding:
    return Finding(check, "warning", detail, advice)


def wrong(check: str, detail: str, advice: str) -> Finding:
    return Finding(check, "wrong", detail, advice)
