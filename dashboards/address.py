"""What a page's URL says: the whole state of a page as one validated, frozen value.

`parse` takes the query string of any page, `search` gives it back with defaults left out; the two are
inverse on valid states. A value that is not allowed falls back to its default, so that an old or
tampered link opens a page instead of an error.
"""

from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

MOST_FIELDS = 60
Word = Annotated[str, Field(max_length=200)]
Share = Annotated[int, Field(ge=0, le=100)]
Days = Annotated[int, Field(ge=0, le=36_500)]
CaseList = Literal[
    "",
    "open",
    "closed",
    "breached",
    "at_risk",
    "opened_today",
    "closed_today",
    "breached_today",
    "at_risk_today",
    "recovered_today",
    "conforming",
    "astray",
    "held",
    "deviating",
]
_NO_FILTERS = ("process", "time", "metric", "activities", "paths", "id", "trace", "kind", "table", "cut")
Cut = Literal["legal_entity", "facility", "department", "cost_center", "supplier", "process"]
Untold = Literal["", "legal_entity", "facility", "department", "cost_center", "supplier", "booked"]
Stage = Annotated[str, Field(pattern=r"^[a-z_]{0,40}$")]
Metric = Literal["cases", "median", "p90", "breached"]
LATEST = 4_102_444_800_000_000  # 2100-01-01: no link is fixed later
Fault = Literal[
    "",
    "contradiction",
    "duplicate",
    "unmapped",
    "missing_reference",
    "propagation",
    "guard",
    "contract",
    "file",
    "late",
    "unlinked",
]


class Address(BaseModel):
    """The state of any page; each page reads the fields it knows.

    `period` is in days before the newest event, 0 means all time and None the page's default.
    `as_of` fixes the page at an instant (microseconds UTC); `figure` and `said` are the number that the link is for.
    `activities` and `paths` are the map's sliders in percent. `booked` is the process that documents belong to, on a
    page that shows money over all processes.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    process: Word = ""
    facility: Word = ""
    department: Word = ""
    status: Literal["", "open", "closed"] = ""
    period: Days | None = None
    time: Literal["net", "gross"] = "net"
    list: CaseList = ""
    state: Word = ""
    sla: Word = ""
    clock: Literal["", "met", "breached", "at_risk", "running", "paused", "cancelled"] = ""
    interface: Word = ""
    deviation: Word = ""
    metric: Metric = "median"
    activities: Share = 0
    paths: Share = 0
    has: Word = ""
    lacks: Word = ""
    starts: Word = ""
    ends: Word = ""
    follows: Annotated[str, Field(max_length=401)] = ""
    variant: Annotated[str, Field(pattern=r"^\d{0,20}$")] = ""
    id: Annotated[str, Field(max_length=400)] = ""
    trace: Annotated[str, Field(max_length=64)] = ""
    q: Annotated[str, Field(max_length=400)] = ""
    restated: Annotated[str, Field(max_length=900)] = ""
    kind: Literal["", "dead_letters", "unlinked", "late", "restated"] = ""
    table: Literal["", "1"] = ""
    fault: Fault = ""
    domain: Word = ""
    owner: Word = ""
    system: Word = ""
    service: Word = ""
    holder: Word = ""
    alert: Annotated[str, Field(pattern=r"^[0-9a-f]{0,16}$")] = ""
    finding: Annotated[str, Field(max_length=900)] = ""
    reason: Word = ""
    source: Word = ""
    team: Word = ""
    supplier: Word = ""
    cost_center: Word = ""
    legal_entity: Word = ""
    booked: Word = ""
    cut: Cut = "facility"
    stage: Stage = ""
    untold: Untold = ""
    fiscal: Annotated[str, Field(pattern=r"^([12]\d{3}(q[1-4])?)?$")] = ""
    as_of: Annotated[int, Field(ge=0, le=LATEST)] | None = None
    figure: Annotated[str, Field(max_length=80)] = ""
    said: Word = ""

    @property
    def call_days(self) -> int:
        """How far back calls of interfaces are looked at, in days: one, or up to seven when the period says so."""
        return min(max(self.period or 1, 1), 7)

    def until(self, newest: int) -> int:
        """What counts as now where `newest` is the newest event: that, or the earlier instant that is fixed."""
        return newest if self.as_of is None else min(self.as_of, newest)

    def with_(self, **changes: Any) -> "Address":
        """The same state with some fields changed; values are validated."""
        return Address.model_validate({**self.model_dump(), **changes})

    def search(self) -> str:
        """The query string with its '?', without fields at their defaults; '' if nothing is left."""
        fields = self.model_dump(exclude_defaults=True, exclude_none=True)
        return f"?{urlencode(fields)}" if fields else ""

    def unfiltered(self) -> str:
        """The query string without what narrows the page, '?' for nothing at all; '' when nothing narrows it."""
        kept = {name: getattr(self, name) for name in _NO_FILTERS}
        bare = Address.model_validate(kept)
        return "" if bare == self else bare.search() or "?"

    def link(self, path: str, **changes: Any) -> str:
        """A URL to another page that keeps process, filters and time switch, and sets `changes`."""
        kept = {name: getattr(self, name) for name in ("process", "facility", "department", "time")}
        return path + Address.model_validate({**kept, **changes}).search()


_FIELDS = {name: TypeAdapter(field.rebuild_annotation()) for name, field in Address.model_fields.items()}


def parse(search: str) -> Address:
    """The state in a query string (with or without '?'); what is unknown or not allowed is left at its default."""
    valid: dict[str, Any] = {}
    try:
        told = parse_qsl(search.removeprefix("?"), max_num_fields=MOST_FIELDS, keep_blank_values=True)
    except ValueError:  # more fields than any page has
        return Address()
    for name, text in told:
        adapter = _FIELDS.get(name)
        if adapter is None or "\x00" in text:
            continue
        try:
            valid[name] = adapter.validate_python(text)
        except ValidationError:
            continue
    return Address.model_validate(valid)
