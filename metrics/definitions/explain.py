"""Pydantic's errors as sentences for the author of a file, with the nearest valid word."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from metrics.definitions.mistakes import Finding, Place, unknown


def explain(error: ValidationError, model: type[BaseModel]) -> list[Finding]:
    """One finding for each error of a validation by `model`."""
    return [_finding(detail, model) for detail in error.errors(include_url=False)]


def _finding(detail: ErrorDetails, model: type[BaseModel]) -> Finding:
    place: Place = tuple(step for step in detail["loc"] if step != "[key]")
    match detail["type"]:
        case "missing":
            return Finding(place[:-1], f"'{place[-1]}' is missing")
        case "extra_forbidden":
            return Finding(place, unknown("word", str(place[-1]), words_at(model, place[:-1])))
        case "string_pattern_mismatch":
            return Finding(place, f"'{detail['input']}' must be small letters, digits and _, beginning with a letter")
        case "literal_error":
            return Finding(
                place, f"'{detail['input']}' must be {detail.get('ctx', {}).get('expected', 'another word')}"
            )
        case "string_type":
            return Finding(place, f"must be text, not {_kind(detail['input'])}")
        case "model_type" | "model_attributes_type" | "dict_type":
            return Finding(place, f"must be a mapping (word: value), not {_kind(detail['input'])}")
        case "tuple_type" | "list_type":
            return Finding(place, f"must be a list, not {_kind(detail['input'])}")
        case "too_short":
            return Finding(place, "must not be empty")
    message = detail["msg"].removeprefix("Value error, ").replace("Input should", "must")
    return Finding(place, message[:1].lower() + message[1:])


def _kind(value: object) -> str:
    if value is None:
        return "nothing"
    names = {dict: "a mapping", list: "a list", str: f"the text '{value}'", bool: str(value).lower()}
    return names.get(type(value), f"the number {value}")


def words_at(model: type[BaseModel], place: Sequence[str | int]) -> Sequence[str]:
    """The words that `model` allows at a place inside it; empty where any word is allowed."""
    current: type[BaseModel] | None = model
    steps = iter(place)
    for step in steps:
        field = _fields(current).get(str(step)) if current else None
        if field is None:
            return ()
        current = _model_in(field.annotation)
        if get_origin(field.annotation) in (dict, tuple):
            next(steps, None)
    return tuple(_fields(current)) if current else ()


def _fields(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
