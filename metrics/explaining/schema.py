"""What a person writes in `figures/*.yaml`: the figures of one page, and the columns of its tables."""

from typing import Annotated, Literal

from pydantic import Field

from metrics.definitions.schema_words import Name, Text, Written

Clock = Literal["chosen", "gross", "events", "intake", "working", "wall"]
Late = Literal["restated", "at_once", "kept"]
Judge = Literal["process", "ledger"]
Published = Literal["sla", "cases", "money"]
FigureName = Annotated[
    str,
    Field(
        pattern=r"^[a-z]+(-[a-z]+)*(/[a-z_]+)?$",
        description="The name of a card, or card/part for a tile or one step of a funnel.",
    ),
]


class FigureText(Written):
    """One tile, chart, table or step of a funnel."""

    name: Text = Field(description="As the page calls it.")
    definition: Text = Field(description="One or two sentences in plain English: what it tells.")
    unit: Text | None = None
    rule: Text | None = Field(default=None, description="How it is computed.")
    clock: Clock | None = Field(default=None, description="Which time it is measured in or put into periods by.")
    counts: Text | None = Field(default=None, description="Which cases, documents, calls or messages count.")
    late: Late | None = Field(default=None, description="What late data does to it.")
    queries: tuple[Name, ...] = Field(default=(), description="Files of metrics/queries that give it.")
    target: Text | None = Field(
        default=None, description="What it is held against and where that comes from; `slas`: the SLAs of the process."
    )
    judged_by: Judge | Text | None = Field(
        default=None, description="Whose versions judge it: the process's definition, the ledger, or a sentence."
    )
    published: Published | None = Field(default=None, description="The kind of published figure that may be restated.")
    fixed: bool = Field(default=False, description="Whether it can be asked for as of an earlier instant.")
    columns: dict[Name, Text] = Field(default={}, description="Meanings of columns, beside those in columns.yaml.")


class PageText(Written):
    """The figures of one page."""

    version: Literal[1]
    page: Annotated[str, Field(pattern=r"^/[a-z-]*$", description="A page, such as /sla.")]
    figures: dict[FigureName, FigureText] = Field(min_length=1)


class ColumnsText(Written):
    """Columns that mean the same in every table."""

    version: Literal[1]
    columns: dict[Name, Text] = Field(min_length=1)
