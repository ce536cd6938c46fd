"""What a person writes in `roles.yaml`."""

from typing import Annotated, Literal

from pydantic import Field

from metrics.definitions.schema_words import Name, Text, Written

PagePath = Annotated[str, Field(pattern=r"^/[a-z-]*$", description="A page, such as /sla.")]


class RoleText(Written):
    """A role: the pages it opens, the processes and facilities whose cases it sees."""

    title: Text
    pages: Literal["all"] | tuple[PagePath, ...] = Field(description="all, or the paths of pages.")
    processes: Literal["all"] | tuple[Name, ...] = Field(description="all, or the names of processes.")
    facilities: Literal["all"] | tuple[Text, ...] = Field(default="all", description="all, or facilities.")


class RolesText(Written):
    """The whole file."""

    version: Literal[1]
    roles: dict[Name, RoleText] = Field(min_length=1)
