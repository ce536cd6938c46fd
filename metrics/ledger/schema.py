"""What is written in `ledger.yaml`. Unknown words are refused; `rules.py` looks at what the words mean."""

from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import Field

from metrics.definitions.schema_words import Name, Text, Written

DIMENSIONS: Final = ("legal_entity", "facility", "department", "cost_center", "supplier", "category")
Dimension = Literal["legal_entity", "facility", "department", "cost_center", "supplier", "category"]
EventTypes = Annotated[tuple[str, ...], Field(description="Canonical event types about the document.")]


class DimensionText(Written):
    """Where an event tells a dimension."""

    attributes: tuple[Name, ...] = Field(min_length=1)
    object: Name | None = Field(default=None, description="The object type that is it, where an event names just one.")


class BeyondText(Written):
    """Hours above a limit: of an attribute, so many are none of them."""

    attribute: Name
    hours: Decimal = Field(ge=0)


class HoursText(Written):
    """Where an event tells hours: an attribute, else what another has beyond a limit."""

    attributes: tuple[Name, ...] = Field(min_length=1)
    beyond: BeyondText | None = None


class DocumentText(Written):
    """How documents of one type come to stand in a stage, and cease to."""

    post: EventTypes = Field(min_length=1)
    restore: EventTypes = ()
    cancel: EventTypes = ()
    money: bool = Field(default=True, description="Whether the events' amounts are the document's money here.")
    hours: HoursText | None = None
    dated: bool = Field(default=False, description="Whether a document stands on its events' effective date.")
    yields_to: Name | None = Field(
        default=None, description="Left out where a document of this type names it in the same stage."
    )


class StageText(Written):
    """A stage of money or hours."""

    title: Text
    documents: dict[Name, DocumentText] = Field(min_length=1)


class LedgerText(Written):
    """The whole file."""

    version: Literal[1]
    dimensions: dict[Dimension, DimensionText]
    labour: tuple[Name, ...] = ()
    stages: dict[Name, StageText] = Field(min_length=1)
