"""The file that somebody dropped, as the browser sends it: its name, its size and its beginning.

It is held by the browser and comes along with each question; nothing of it is kept or logged here.
"""

import base64
import binascii
from functools import cache
from typing import Annotated, Any, Final, cast
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.exceptions import BadRequest

from metrics.connecting.columns import ROLES, Role
from metrics.connecting.draft import MOST_STEPS, Choices, Draft, guessed
from metrics.connecting.table import MOST_COLUMNS, read_table
from metrics.connecting.times import NAMED, PATTERNS
from metrics.connecting.words import CURRENCIES
from metrics.texts.money import FORMS, PREFIXED
from metrics.vocabulary import Vocabulary

MOST_BYTES: Final = 512 << 10
"""Of a file's beginning: base64 of it, with all choices, stays below what one request may hold."""

MONEY_FORMS: Final = tuple(form for form in FORMS if form != PREFIXED)
FORMS_OF_ALL: Final = frozenset((*NAMED, *PATTERNS, *MONEY_FORMS))

_Text = Annotated[str, Field(max_length=200)]
_Chosen = Annotated[tuple[_Text | None, ...], Field(max_length=MOST_COLUMNS)]


class Dropped(BaseModel):
    """A file's name, size in bytes, and the base64 of its first bytes."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
    name: Annotated[str, Field(max_length=1_000)]
    size: Annotated[int, Field(ge=0, le=1 << 50)]
    part: Annotated[str, Field(max_length=(MOST_BYTES + 2) // 3 * 4)]

    @property
    def content(self) -> bytes:
        """The first bytes; refused with 400 when they are no base64."""
        try:
            return base64.b64decode(self.part, validate=True)
        except (binascii.Error, ValueError) as problem:
            raise BadRequest("the file's part is no base64") from problem


class Controls(BaseModel):
    """The values of all controls: the roles in the order of the columns, the others with their ids."""

    model_config = ConfigDict(frozen=True)
    roles: _Chosen
    ofs: _Chosen
    of_ids: Annotated[tuple["ColumnPlace", ...], Field(max_length=MOST_COLUMNS)]
    forms: _Chosen
    form_ids: Annotated[tuple["ColumnPlace", ...], Field(max_length=MOST_COLUMNS)]
    steps: Annotated[tuple[_Text | None, ...], Field(max_length=MOST_STEPS)]
    places: Annotated[tuple["StepPlace", ...], Field(max_length=MOST_STEPS)]
    name: _Text = ""
    zone: _Text = "UTC"
    currency: _Text = ""


class ColumnPlace(BaseModel):
    """The id of a control that a column has beside its role."""

    model_config = ConfigDict(frozen=True)
    at: Annotated[int, Field(ge=0, lt=MOST_COLUMNS)]


class StepPlace(BaseModel):
    """The id of a step's control: which value, counted from the most frequent, of which column."""

    model_config = ConfigDict(frozen=True)
    at: Annotated[int, Field(ge=0, lt=MOST_STEPS)]
    of: Annotated[int, Field(ge=0, lt=MOST_COLUMNS)]


def dropped(data: Any) -> Dropped | None:
    """The file in a callback's data, None while there is none; anything else is refused with 400."""
    if data is None:
        return None
    try:
        return Dropped.model_validate(data)
    except ValidationError as problem:
        raise BadRequest("this is no dropped file") from problem


def first_draft(file: Dropped, vocabulary: Vocabulary) -> Draft:
    """The guess about a file. Raises NotATable."""
    content = file.content
    return guessed(read_table(content, max(file.size, len(content))), file.name, vocabulary)


def choices(first: Draft, vocabulary: Vocabulary, changed: int | None, **controls: Any) -> Choices:
    """What the controls (fields of `Controls`) say about the draft `first`; what none of ours would say is a 400."""
    try:
        given = Controls.model_validate(controls)
    except ValidationError as problem:
        raise BadRequest("these are no choices") from problem
    width = len(first.columns)
    _refuse(len(given.roles) != width, "these choices are of another table")
    _refuse(changed is not None and not 0 <= changed < width, "there is no such column")
    _refuse(any(role not in ROLES for role in given.roles), "there is no such meaning of a column")
    _refuse(
        any(of and of not in vocabulary.objects and of not in vocabulary.events for of in given.ofs), "unknown type"
    )
    _refuse(any(form and form not in FORMS_OF_ALL for form in given.forms), "there is no such form")
    _refuse(given.zone not in zones() or given.currency not in ("", *CURRENCIES), "unknown unit")
    return Choices(
        roles=cast(tuple[Role, ...], given.roles),
        ofs=_by_column(given.ofs, given.of_ids, width),
        forms=_by_column(given.forms, given.form_ids, width),
        types=_types(first, given, vocabulary),
        name=given.name,
        zone=given.zone,
        currency=given.currency,
        changed=changed,
    )


def _by_column(values: tuple[str | None, ...], ids: tuple[ColumnPlace, ...], width: int) -> tuple[str, ...]:
    found = {id_.at: value or "" for value, id_ in zip(values, ids, strict=False)}
    return tuple(found.get(place, "") for place in range(width))


def _types(first: Draft, given: Controls, vocabulary: Vocabulary) -> dict[str, str]:
    """What was chosen for each step of the column of steps as it is now."""
    place = next((place for place, role in enumerate(given.roles) if role == "activity"), None)
    found: dict[str, str] = {}
    for where, type_ in zip(given.places, given.steps, strict=False):
        _refuse(bool(type_) and type_ not in vocabulary.events, "there is no such type of event")
        steps = list(first.values[place].counts) if place is not None and where.of == place else []
        if where.at < len(steps):
            found[steps[where.at]] = type_ or ""
    return found


def _refuse(wrong: bool, why: str) -> None:
    if wrong:
        raise BadRequest(why)


@cache
def zones() -> tuple[str, ...]:
    """Every time zone, UTC first."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return ("UTC", *places)
