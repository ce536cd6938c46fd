"""A table on its way to a mapping: what is guessed, what somebody chose instead, and what is still missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from metrics.connecting.columns import ONCE, TIMED, Column, Confidence, Role
from metrics.connecting.event_types import event_type_of, events_about, is_key, object_in
from metrics.connecting.guess import Guess, as_role
from metrics.connecting.table import Table
from metrics.connecting.times import fitting
from metrics.connecting.values import Values
from metrics.connecting.words import CURRENCIES, SYMBOLS
from metrics.texts.names import ascii_letters, snake_case, words
from metrics.vocabulary import Vocabulary

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,60}", re.ASCII)
MOST_STEPS: Final = 200
LEFT_OUT: Final = ""
"""The type of a step that gives no event."""


@dataclass(frozen=True, slots=True)
class Step:
    """A value of the column of steps: in how many rows, and which canonical type it gives."""

    value: str
    rows: int
    type: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody chose, in the order of the columns; `changed`: the column whose role was changed just now."""

    roles: tuple[Role, ...]
    ofs: tuple[str, ...]
    forms: tuple[str, ...]
    types: Mapping[str, str]
    name: str
    zone: str
    currency: str
    changed: int | None = None


@dataclass(frozen=True)
class Draft:
    """Everything that a mapping needs. `currency`: where no column says it; '' for none."""

    table: Table
    values: tuple[Values, ...]
    columns: tuple[Column, ...]
    steps: tuple[Step, ...]
    name: str
    zone: str = "UTC"
    currency: str = ""

    def the(self, role: Role) -> Column | None:
        """The first column with a role."""
        return next((column for column in self.columns if column.role == role), None)

    def all(self, role: Role) -> list[Column]:
        """Every column with a role."""
        return [column for column in self.columns if column.role == role]

    @property
    def is_log(self) -> bool:
        """Whether the rows are steps of cases, as “flowglass analyse” reads them."""
        return all(self.the(role) is not None for role in ("case", "activity", "time"))

    @property
    def keys(self) -> dict[str, Column]:
        """The column that holds the number of each type of object; the case's own comes first."""
        found: dict[str, Column] = {}
        for column in (*self.all("case"), *self.all("object")):
            if column.of:
                found.setdefault(column.of, column)
        return found


def guessed(table: Table, file_name: str, vocabulary: Vocabulary) -> Draft:
    """What the table itself shows."""
    stem = file_name.rpartition(".")[0] or file_name
    guess = Guess(table, vocabulary, stem)
    draft = Draft(table, guess.values, guess.columns, (), name_of(stem), currency=_currency(guess))
    return replace(draft, steps=_steps(draft, {}, vocabulary))


def chosen(first: Draft, choices: Choices, vocabulary: Vocabulary) -> Draft:
    """The guess `first` with what somebody chose instead."""
    case = next((of for role, of in zip(choices.roles, choices.ofs, strict=True) if role == "case"), "")
    columns = [_column(column, first, choices, case, vocabulary) for column in first.columns]
    if choices.changed is not None:
        taken = columns[choices.changed].role
        for column in columns:
            if column.role == taken and column.place != choices.changed and _only_one(taken, columns):
                role: Role = "object" if object_in(column.name, vocabulary) and is_key(column.name) else "attribute"
                columns[column.place] = as_role(column, role, first.values[column.place], vocabulary, case)
    name = choices.name if _NAME.fullmatch(choices.name) else first.name
    draft = replace(first, columns=tuple(columns), name=name, zone=choices.zone, currency=choices.currency)
    return replace(draft, steps=_steps(draft, choices.types, vocabulary))


def name_of(text: str) -> str:
    """A text as the name of a mapping."""
    name = snake_case(ascii_letters(text))[:60].rstrip("_")
    return name if _NAME.fullmatch(name) else "source"


def _column(column: Column, first: Draft, choices: Choices, case: str, vocabulary: Vocabulary) -> Column:
    place, role = column.place, choices.roles[column.place]
    base = column if role == column.role else as_role(column, role, first.values[place], vocabulary, case)
    if place == choices.changed:
        return base
    of = choices.ofs[place] if role in ("case", "object", "time") else ""
    form = choices.forms[place] if role in TIMED or role == "amount" else ""
    if (of, form) == (base.of, base.form):
        return base
    base = replace(base, of=of, form=form or base.form, confidence="chosen", reason="chosen by you")
    if role in TIMED and base.form:
        return replace(base, precision=fitting(base.form, first.values[place].some).precision)
    return base


def _only_one(role: Role, columns: list[Column]) -> bool:
    return role in ONCE or (role == "time" and any(column.role == "activity" for column in columns))


def _steps(draft: Draft, types: Mapping[str, str], vocabulary: Vocabulary) -> tuple[Step, ...]:
    activity, case = draft.the("activity"), draft.the("case")
    if activity is None:
        return ()
    possible = set(types_for(draft, vocabulary))
    steps = []
    for value, rows in islice(draft.values[activity.place].counts.items(), MOST_STEPS):
        meant = event_type_of(value, case.of if case else "", vocabulary)
        type_ = meant.type if meant.type in possible else LEFT_OUT
        confidence: Confidence = "likely" if type_ and meant.named else "unsure"
        if value in types and types[value] != type_ and types[value] in (*possible, LEFT_OUT):
            type_, confidence = types[value], "chosen"
        steps.append(Step(value, rows, type_, confidence))
    return tuple(steps)


def types_for(draft: Draft, vocabulary: Vocabulary) -> list[str]:
    """The canonical types that the rows can give: those about an object whose number is in a column."""
    return [event.name for kind in draft.keys for event in events_about(kind, vocabulary)]


def _currency(guess: Guess) -> str:
    """By a sign beside the amounts, or three letters in the name of their column."""
    for column in guess.columns:
        if column.role == "amount":
            found = guess.values[column.place].money
            named = next((word.upper() for word in words(column.name) if word.upper() in CURRENCIES), "")
            return named or (SYMBOLS.get(found.symbol, found.symbol) if found else "")
    return ""


def missing(draft: Draft, vocabulary: Vocabulary) -> list[str]:
    """What is still to be said before a mapping can be written, as sentences; nothing when it can."""
    found = []
    case, activity, times = draft.the("case"), draft.the("activity"), draft.all("time")
    if case is None:
        found.append("Say which column holds the number of the case or document.")
    elif not case.of:
        found.append(f"Say what “{case.name}” is the number of.")
    if not times:
        found.append("Say which column tells when it happened.")
    if activity is None and times and not any(column.of for column in times):
        found.append(f"Say what happened at “{times[0].name}”.")
    if activity is not None and case is not None and case.of and not any(step.type for step in draft.steps):
        found.append("Say for at least one step which event it is (card “Steps”).")
    found += [f"Say what “{column.name}” is the number of." for column in draft.all("object") if not column.of]
    if activity is not None and len(draft.values[activity.place].counts) > MOST_STEPS:
        found.append(f"“{activity.name}” has more than {MOST_STEPS} different values: that is no column of steps.")
    kinds = draft.keys
    found += [
        f"“{column.name}” is about another object ({vocabulary.events[column.of].object}), "
        "and no column holds its number."
        for column in (times if activity is None and kinds else ())
        if column.of and vocabulary.events[column.of].object not in kinds
    ]
    return found
