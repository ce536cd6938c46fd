"""What a person writes in `feeds.yaml`. Unknown words are refused; `reading.py` looks at what the words mean."""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from metrics.definitions.schema_words import Duration, Name, Text, Written
from metrics.quality.schema import SourcePrefix

_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def _wall_time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise ValueError(f"{text!r} is no time of day: write it like 06:30")
    return text


WallTime = Annotated[str, Field(description="Local time of the facility, such as 06:30."), AfterValidator(_wall_time)]


class FeedDefaultsText(Written):
    """What holds for every feed that says nothing else, declared or not."""

    owner: Text = Field(description="Who answers for a feed.")
    weeks: int = Field(default=8, ge=4, le=52, description="How many weeks are learned from.")
    rare: Duration = Field(default="13w", description="A feed is wrongly called odd about once in so long, at most.")
    settle: Duration = Field(default="15m", description="How long after an hour has ended its events may still come.")
    calendar: Name = Field(default="business_hours", description="On working days when it is closed nothing is judged.")
    facility: str = Field(default="", description="Whose zone and holidays hold; left out: the default's.")


class FeedText(Written):
    """One feed: what one system sends. What is left out is learned, or is that of `defaults`."""

    title: str = Field(default="", description="Left out: that of the system of this name in domains.yaml.")
    sources: tuple[SourcePrefix, ...] = Field(
        default=(), description="Where the CloudEvents source begins; left out: those of the system of this name."
    )
    owner: str = ""
    silence: Duration | None = Field(default=None, description="It may say nothing for so long; left out: learned.")
    settle: Duration | None = None
    calendar: Name | None = None
    facility: str | None = None
    watch: bool = Field(default=True, description="false: nothing is expected of it.")


class FileText(Written):
    """A file of a watched folder."""

    system: Text = Field(description="The folder's name below the watched one.")
    name: Text = Field(default="*", description="The file's name with its path; * stands for any letters.")


class BatchText(Written):
    """Something that comes once a day: a file of a watched folder, or a job that batch.* events tell of."""

    title: str = ""
    owner: str = ""
    file: FileText | None = None
    interface: str = Field(default="", description="The attribute `interface` of its batch.* events.")
    facilities: tuple[Text, ...] = Field(default=(), description="One for each, in its zone; left out: one for all.")
    facility: str = Field(default="", description="Whose zone and holidays hold where there is one for all.")
    calendar: Name = Field(default="always", description="It comes for each day on which this calendar is open.")
    begins: WallTime = Field(default="00:00", description="What comes earlier belongs to the day before.")
    by: WallTime = Field(description="Until when it must be through; not after `begins`: on the next day.")

    @model_validator(mode="after")
    def _told_somehow(self) -> Self:
        if (self.file is None) == (not self.interface):
            raise ValueError("a batch is known by its `file` or by its `interface`: give one of the two")
        return self


class FeedsText(Written):
    """The whole file."""

    version: Literal[1]
    defaults: FeedDefaultsText
    feeds: dict[Name, FeedText] = Field(default={})
    batches: dict[Name, BatchText] = Field(default={})
