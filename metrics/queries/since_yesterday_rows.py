"""The typed rows of the queries `since_yesterday_*`: what one day changed."""

import msgspec


class PlaceDay(msgspec.Struct, frozen=True):
    """`since_yesterday_cases`: the cases of a process that are in one state at one facility and department.

    All count cases but `clocks_breached`; `is_breached` and `was_breached`: open and breached now, and a day before.
    """

    stage: str
    of_facility: str
    is_breached: int
    was_breached: int
    breached: int
    clocks_breached: int
    at_risk: int
    recovered: int
    closed: int
    of_department: str = ""


class DayNews(msgspec.Struct, frozen=True):
    """`since_yesterday_news`: what came up in the last day; `firing` are those of its alerts that fire still."""

    findings: int
    alerts: int
    firing: int
    restated: int
