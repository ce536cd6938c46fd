"""What a person writes in reports.yaml. Unknown words are refused; `reading.py` looks at what the words mean."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from metrics.definitions.schema_words import Name, Text, Written
from metrics.reports.periods import Span

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
At = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="Hour and minute, as 07:30.")]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Mailbox = Annotated[str, Field(pattern=r"^[^\s@,;<>\"\x00-\x1f]+@[^\s@,;<>\"\x00-\x1f]+$", max_length=254)]
Mailboxes = Annotated[tuple[Mailbox, ...], BeforeValidator(_listed), Field(min_length=1, max_length=100)]


class MonthlyText(Written):
    """Once a month."""

    day: int = Field(ge=1, le=31, description="In shorter months the last day.")
    at: At


class WeeklyText(Written):
    """Once a week."""

    on: Weekday
    at: At


class FiltersText(Written):
    """What the report is narrowed to; ? for documents that do not tell."""

    facility: Text | None = None
    department: Text | None = None
    cost_center: Text | None = None
    supplier: Text | None = None
    legal_entity: Text | None = None
    process: Text | None = None


class ReportText(Written):
    """One report: what is in it, when it goes out, to whom, and what they may see."""

    report: Literal["spend"] = "spend"
    monthly: MonthlyText | None = None
    weekly: WeeklyText | None = None
    zone: Text = "UTC"
    by: Name = Field(description="The receiver of the alerts file whose mail server and sender are used.")
    to: Mailboxes
    role: Name = Field(description="The role of the roles file as which it is read: what the recipients may see.")
    facilities: Literal["all"] | tuple[Text, ...] = Field(default="all", description="all, or those of the reach.")
    processes: Literal["all"] | tuple[Name, ...] = Field(default="all", description="all, or those of the reach.")
    period: Span = "last_month"
    filters: FiltersText = FiltersText()


class ReportsText(Written):
    """The whole file."""

    version: Literal[1]
    reports: dict[Name, ReportText] = Field(default={})
