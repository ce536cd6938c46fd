"""What a person writes under `conformance`: the ways in which a case may go, and those in which it may not."""

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from metrics.definitions.schema_words import NAME, Name, Names, Written

_NAME = {"type": "string", "pattern": NAME}
Allowed = Annotated[
    tuple[Name, ...],
    BeforeValidator(lambda said: [said] if isinstance(said, str) else said),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME}]}),
]
"""Milestones, one of them, or none at all."""

_EACH = "Judge each object of this type by itself, where a case has several; every event concerned must name it."
_SINCE = "Count afresh with each of these milestones; until the first of them nothing is asked."


class OrderText(Written):
    """A step may only come once others have."""

    step: Name = Field(description="The milestone that asks for the others.")
    after: Names = Field(description="Milestones that must have come before it, all of them.")
    since: Name | None = Field(default=None, description=_SINCE)
    each: Name | None = Field(default=None, description=_EACH)


class NeverText(Written):
    """A step that may not come: at all, or once another has."""

    step: Name
    after: Name | None = Field(default=None, description="Once this milestone has come; left out: never at all.")
    each: Name | None = Field(default=None, description=_EACH)


class RepeatText(Written):
    """A step that may come again, but not endlessly."""

    step: Name
    at_most: int = Field(ge=1, le=1_000_000, description="So often it may come; each further time is a deviation.")
    since: Name | None = Field(default=None, description="The count begins again with each of these milestones.")
    each: Name | None = Field(default=None, description=_EACH)


class ConformanceText(Written):
    """How a case should go. What is not said here is allowed."""

    order: tuple[OrderText, ...] = ()
    never: tuple[NeverText, ...] = ()
    repeats: tuple[RepeatText, ...] = ()
    after_end: Allowed | None = Field(
        default=None,
        description="Milestones that may still come once the case has ended; any other is extra, unless it reopens the "
        "case. Left out: nothing is asked of an ended case.",
    )
