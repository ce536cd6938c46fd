"""What a person writes of a guard: a question that an event puts to objects, and what the answer must be."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from metrics.definitions.schema_words import (
    Activities,
    ActivitiesOrNone,
    Duration,
    Name,
    NamesOrNone,
    Text,
    Values,
    Written,
)

Severity = Literal["info", "warning", "critical"]
ACTOR = "actor"
"""Stands for the worker who did what is asked about."""

Money = Annotated[str, Field(pattern=r"^\d{1,15}(\.\d{1,4})? [A-Z]{3}$", description="Such as 25000 USD.")]
Of = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="An object type that the event names.")]


class ConditionText(Written):
    """A status of an object: it holds from one event on, until another."""

    from_: Activities = Field(alias="from", description="Event types from which on it holds.")
    until: ActivitiesOrNone = Field(default=(), description="Event types that end it.")
    says: Name | None = Field(default=None, description="An attribute that the event must carry to count.")
    everywhere: bool = Field(
        default=False, description="Must hold in every system that ever told of it; else the last word of any counts."
    )


class StatusText(Written):
    """The status of an object that the event names, at the time of the event."""

    of: Of = Field(description="The object's type, or actor: the worker who did it.")
    known_by: ActivitiesOrNone = Field(
        default=(),
        description="Further event types that make the object known; of an unknown one nothing is asked.",
    )
    must: dict[Name, ConditionText] = Field(default={}, description="What must hold.")
    must_not: dict[Name, ConditionText] = Field(default={}, description="What must not hold.")
    heals: bool = Field(
        default=False, description="A status that comes right later closes the exception; else only people do."
    )

    @model_validator(mode="after")
    def _asks(self) -> "StatusText":
        if not self.must and not self.must_not:
            raise ValueError("nothing is asked: name what `must` or `must_not` hold")
        return self


class DiffersText(Written):
    """Who did it must be nobody who did something else on the same object."""

    of: Of = Field(description="The object that both events name.")
    from_: Activities = Field(alias="from", description="What the other did, as event types.")


class ToldLimitText(Written):
    """Where a person's limit is told: as an attribute of an event that names the worker."""

    on: Activities
    attribute: Name


class LimitText(Written):
    """What an object costs must not be above what may be decided."""

    of: Of = Field(description="The object whose amount counts.")
    amount: Activities = Field(description="Event types that tell its amount; the latest before the event counts.")
    level: Name = Field(description="The attribute of the event that says on which level it was decided.")
    limits: dict[Text, Money] = Field(
        min_length=1, description="Level: the highest amount; of other levels nothing is asked."
    )


class OwnLimitText(Written):
    """The amount of the event must not be above the limit of the worker who did it."""

    told: ToldLimitText


class FollowsText(Written):
    """Something must follow within a duration: access revoked, a half-done synchronisation completed or undone."""

    of: Of = Field(description="The object that must be told of.")
    within: Duration
    done: Activities = Field(description="Event types that do it, or undo what was begun.")
    each: NamesOrNone = Field(default=(), description="Types of objects of which each must be done, such as accounts.")
    opened: ActivitiesOrNone = Field(default=(), description="Event types by which such an object comes to be.")
    all_done: ActivitiesOrNone = Field(
        default=(), description="Event types that say so of all, where no single object is known."
    )
    cancel_on: ActivitiesOrNone = Field(default=(), description="Event types after which nothing is asked any more.")
    counts_from: Literal["event", "effective"] = "event"
    same_system: bool = Field(default=False, description="Only events of the system that the first one tells of count.")

    @model_validator(mode="after")
    def _belongs(self) -> "FollowsText":
        if (self.opened or self.all_done) and not self.each:
            raise ValueError("`opened` and `all_done` speak of the objects of `each`, which is not written")
        return self


QUESTIONS = ("status", "differs", "limit", "own_limit", "follows")


class GuardText(Written):
    """A question, when it is asked, and who answers for a wrong answer."""

    name: Name
    title: Text
    owner: Name = Field(description="Who answers for its violations.")
    severity: Severity = "warning"
    when: Activities = Field(description="Milestones or event types that ask it.")
    where: dict[Text, Values] = Field(
        default={}, description="Attributes that the event must have, each with one of the values."
    )
    status: StatusText | None = None
    differs: DiffersText | None = None
    limit: LimitText | None = None
    own_limit: OwnLimitText | None = None
    follows: FollowsText | None = None

    @model_validator(mode="after")
    def _one_question(self) -> "GuardText":
        asked = [name for name in QUESTIONS if getattr(self, name) is not None]
        if len(asked) != 1:
            said = f"both {' and '.join(asked)}" if asked else "nothing"
            raise ValueError(f"a guard asks one thing, and this one asks {said}: write one of {', '.join(QUESTIONS)}")
        return self
