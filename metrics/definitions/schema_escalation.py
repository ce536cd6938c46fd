"""What a person writes about escalation: who is told next when nobody has taken an alert on."""

from pydantic import Field

from metrics.definitions.schema_words import Name, Text, Written


class EscalationStepText(Written):
    """One step: so long after an alert fired, and nobody has acknowledged it, this owner is told too."""

    after: Text = Field(description="A duration such as 30m, 4h, or 1wd: working days of the calendar.")
    to: Name = Field(description="Who is told next: an owner, for whom a route of alerts.yaml names receivers.")
    calendar: Name = Field(
        default="always", description="Working time: a calendar of calendars.yaml. Left out: around the clock."
    )
