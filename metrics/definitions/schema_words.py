"""The words of every file that a person writes: names, texts, lists that may be one thing."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from metrics.sla.durations import parse_duration

NAME = r"^[a-z][a-z0-9_]*$"

Name = Annotated[str, Field(pattern=NAME, description="Small letters, digits and _, beginning with a letter.")]
Text = Annotated[str, Field(min_length=1)]
Scalar = str | bool | int | float


def _elapsed(text: str) -> str:
    parse_duration(text)
    return text


Duration = Annotated[
    str, Field(min_length=1, description="Such as 90 min, 4h or 2d; elapsed time."), AfterValidator(_elapsed)
]


def _listed(value: object) -> object:
    """One thing stands for a list of one."""
    return [value] if isinstance(value, str | bool | int | float) else value


def _one_or_more(item: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]})


_NAMES = _one_or_more({"type": "string", "pattern": NAME})
Names = Annotated[tuple[Name, ...], BeforeValidator(_listed), Field(min_length=1), _NAMES]
NamesOrNone = Annotated[tuple[Name, ...], BeforeValidator(_listed), _NAMES]
_TEXTS = _one_or_more({"type": "string", "minLength": 1})
Activities = Annotated[tuple[Text, ...], BeforeValidator(_listed), Field(min_length=1), _TEXTS]
_SCALARS = _one_or_more({"type": ["string", "boolean", "number"]})
ActivitiesOrNone = Annotated[tuple[Text, ...], BeforeValidator(_listed), _TEXTS]
Values = Annotated[tuple[Scalar, ...], BeforeValidator(_listed), Field(min_length=1), _SCALARS]


class Written(BaseModel):
    """Base of everything that is written by hand."""

    model_config = ConfigDict(extra="forbid", frozen=True)
