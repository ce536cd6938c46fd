"""What a question about a figure names: the scope it is shown in, and with which values its queries are asked there."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from metrics.commands.wording import moment

_PARAMETER: Final = re.compile(r"\{([a-z_]+):([A-Za-z0-9_()]+(?:\([A-Za-z0-9]+\))?)\}")
_NARROWED: Final = re.compile(r"^-- Narrowed where it is shown: ([a-z_, ]+)\.$", re.MULTILINE)
ALL: Final = "all"
ELSEWHERE: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("moves_milestone", "moves_branch", "moves_state", "activities", "activity_branches", "processes", "slas"),
        "as the definition of the process says",
    ),
    **dict.fromkeys(("currency", "rate_keys", "rates"), "as rates.yaml says"),
    **dict.fromkeys(
        ("domains", "owners", "prefixes", "systems", "type_domains", "types", "words"), "as domains.yaml says"
    ),
    **dict.fromkeys(("case_id", "case_ids", "ids", "id_processes", "by_ids"), "the cases in question"),
    **dict.fromkeys(("code", "content", "events", "member", "objects", "type"), "of the exception that was chosen"),
    **dict.fromkeys(("follows_source", "follows_target"), "as chosen on the map"),
    **dict.fromkeys(("objectives", "history", "hours", "simulated"), "as the objectives of the definitions say"),
    **dict.fromkeys(("limit", "offset", "sort"), "page by page, as sorted"),
    **dict.fromkeys(("figures", "units", "places", "about", "starts"), "the published figures of the page"),
    **dict.fromkeys(("feed", "odd"), "every feed, or those that are not in order"),
    **dict.fromkeys(("hourly", "zone"), "as the period and the zone of the page ask for"),
    "before": "the start of the months to compare with",
    **dict.fromkeys(("sla_names", "sla_days"), "the window of each objective, unless the page chose a period"),
    "failed": "all calls, or the failed ones",
    "interface_days": "the window in which calls are looked at",
    "now": "the newest event",
    **dict.fromkeys(("patience_us", "chain_us"), "as interfaces.yaml says"),
    "until": "the end of the hours that are put together",
    "sample": "a fixed number of traces",
    "statuses": "as the list says",
    "with_attributes": "all attributes, or those that the division of time needs",
}
"""Parameters whose values the page does not show: where they come from."""
CHOSEN: Final = "as chosen on the page"


class Target(NamedTuple):
    """An SLA of the process: what it promises, the share that must, and who says so."""

    title: str
    target: str
    calendar: str
    objective: float | None
    source: str


class Asked(NamedTuple):
    """The scope of a figure. Times in microseconds UTC; `days` 0: all time. `values`: more parameters by name."""

    process: str
    title: str
    facility: str
    department: str
    since: int
    as_of: int
    days: int
    net: bool
    targets: tuple[Target, ...] = ()
    sla: str = ""
    values: Mapping[str, str] = {}

    @property
    def known(self) -> Mapping[str, str]:
        """The values of parameters by name, as text."""
        return {
            "process": self.process,
            "facility": self.facility or ALL,
            "department": self.department or ALL,
            "sla": self.sla or ALL,
            "since": moment(self.since),
            "as_of": moment(self.as_of),
            "days": str(self.days) if self.days else ALL,
            "net": "net" if self.net else "gross",
            **self.values,
        }


def parameters(text: str) -> tuple[str, ...]:
    """The names of a query's parameters, in the order of their first place."""
    return tuple(dict.fromkeys(match[1] for match in _PARAMETER.finditer(text)))


def told(text: str, asked: Asked | None) -> list[tuple[str, str]]:
    """Each parameter of a query with its value, or where that comes from, and what its answer is narrowed by."""
    known = asked.known if asked is not None else {}
    narrowed = [name for found in _NARROWED.findall(text) for name in found.split(", ")]
    return [(name, known.get(name) or ELSEWHERE.get(name) or CHOSEN) for name in (*parameters(text), *narrowed)]
