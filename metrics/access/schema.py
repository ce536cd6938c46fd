"""What a person writes in `roles.yaml`."""

from typing import Annotated, Literal

from pydantic import Field

from metrics.access.groups import ASK_WHOM
from metrics.definitions.schema_words import Name, Text, Written

PagePath = Annotated[str, Field(pattern=r"^/[a-z-]*$", description="A page, such as /sla.")]

Deed = Literal["close_cases", "handle_alerts", "see_queries"]
"""What a role may be let decide or see besides."""


class RoleText(Written):
    """A role: the pages it opens, the processes and facilities whose cases it sees."""

    title: Text
    pages: Literal["all"] | tuple[PagePath, ...] = Field(description="all, or the paths of pages.")
    processes: Literal["all"] | tuple[Name, ...] = Field(description="all, or the names of processes.")
    facilities: Literal["all"] | tuple[Text, ...] = Field(default="all", description="all, or facilities.")
    fields: Literal["all"] | tuple[Literal["people", "money"], ...] = Field(
        default="all", description="all, or the classes of fields that are seen: people, money; the others are masked."
    )
    may: tuple[Deed, ...] = Field(
        default=(), description="What the role does besides: close_cases; handle_alerts; see_queries, their text."
    )
    start: PagePath | None = Field(default=None, description="The page that opens first; left out: the first of pages.")
    least_group: int = Field(default=0, ge=0, le=1000, description="The least group of people told apart; 0: any.")


class GroupText(Written):
    """What people of one group of the identity provider are here; they may be bound to fewer cases than the role."""

    role: Name
    processes: Literal["all"] | tuple[Name, ...] = Field(default="all", description="all, or the names of processes.")
    facilities: Literal["all"] | tuple[Text, ...] = Field(default="all", description="all, or facilities.")


class RolesText(Written):
    """The whole file."""

    version: Literal[1]
    roles: dict[Name, RoleText] = Field(min_length=1)
    about_people: tuple[Name, ...] = Field(
        default=(), description="Processes a case of which stands for a person, for roles with a `least_group`."
    )
    groups: dict[Text, GroupText] = Field(default={}, description="Groups of the identity provider; the first counts.")
    contact: Text = Field(default=ASK_WHOM, description="Whom to ask for a role, as it ends the sentence “Ask …”.")
