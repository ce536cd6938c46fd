"""What a person writes in `domains.yaml`. Unknown words are refused; `checks.py` looks at what the words mean."""

from typing import Annotated, Literal

from pydantic import Field

from metrics.definitions.schema_words import (
    Activities,
    ActivitiesOrNone,
    Duration,
    Name,
    Names,
    NamesOrNone,
    Text,
    Written,
)

SimilarBy = Literal["exact", "number", "name"]

SourcePrefix = Annotated[
    str, Field(pattern=r"^/\S+$", description="Where the CloudEvents source begins, such as /workday.")
]


class SystemText(Written):
    """A system: its events come from sources that begin with one of these."""

    title: Text
    sources: tuple[SourcePrefix, ...] = Field(min_length=1)
    called: tuple[Text, ...] = Field(
        default=(), description="Other words for it in the attribute `system` of an event, beside its name."
    )


class TargetText(Written):
    """A system that must see the changes of a field group, and how fast."""

    within: Duration
    system: Name | None = Field(default=None, description="The system; left out: the target's own name.")
    seen: ActivitiesOrNone = Field(
        default=(), description="Event types that prove it; left out: any event of the system about the object."
    )
    counts_from: Literal["change", "effective"] = Field(
        default="change", description="effective: a change that takes effect later need not be there before."
    )


class GroupText(Written):
    """Fields that have the same system of record."""

    record: Names = Field(description="The system of record; several where each facility has its own.")
    fields: NamesOrNone = Field(default=(), description="Attributes, or types of the objects that an event names.")
    changes: Activities = Field(description="Event types of the system of record that change these fields.")
    targets: dict[Name, TargetText] = Field(default={})


class DuplicateText(Written):
    """Objects that agree in these fields are the same one under several numbers."""

    fields: Names
    similar: SimilarBy = Field(
        default="exact",
        description="exact: as written; number: letters and digits only; name: without accents, signs and legal form.",
    )


class ReferenceText(Written):
    """Objects that others name must be known; judged once any object of the type is known."""

    known_by: Activities = Field(description="Event types that make an object known.")
    within: Duration = Field(default="0s", description="How long after it was first named.")
    attributes: NamesOrNone = Field(default=(), description="Attributes of other objects' events that name one.")
    kind: Literal["unmapped", "missing_reference"] = "missing_reference"


class ObjectText(Written):
    """An object type, and what is expected of its data."""

    groups: dict[Name, GroupText] = Field(default={})
    told_by: NamesOrNone = Field(
        default=(), description="Object types whose events also tell of the one such object that they name."
    )
    same: dict[Name, dict[Text, tuple[Text, ...]]] = Field(
        default={}, description="For a field: its word, and other systems' words for the same."
    )
    duplicates: dict[Name, DuplicateText] = Field(default={})
    references: ReferenceText | None = None
    ends: ActivitiesOrNone = Field(
        default=(), description="Event types after which nothing more is expected of the object."
    )


class DomainText(Written):
    """A domain: whose data it is."""

    title: Text
    owner: Text = Field(description="Who answers for the domain's exceptions.")
    within: Duration = Field(
        default="1d", description="How long a system that is no declared target may go on with an older value."
    )
    objects: dict[Name, ObjectText] = Field(min_length=1)


class DomainsText(Written):
    """The whole file."""

    version: Literal[1]
    systems: dict[Name, SystemText] = Field(min_length=1)
    domains: dict[Name, DomainText] = Field(min_length=1)
