"""Which column of a table is the case, the activity, the time: named by the user, or guessed."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from metrics.connecting.words import ACTIVITY, ACTOR, CASE, START, TIME
from metrics.texts.names import snake_case
from streams.intake.options import IntakeError, LogOptions

_NOISE: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions of the columns; `extras` are kept as attributes, `objects` as (position, object type)."""

    case: int
    activity: int
    time: int
    start: int | None
    actor: int | None
    objects: tuple[tuple[int, str], ...]
    extras: tuple[tuple[int, str], ...]


def choose_columns(names: Sequence[str], options: LogOptions) -> Columns:
    """The columns by the options, the rest guessed; an IntakeError lists the columns when one is not found."""
    start = _named(names, options.start, "--start")
    time = _named(names, options.time, "--time")
    if start is None:
        start = _guess(names, START)
    if time is None:
        time = _guess(names, TIME)
    if time is None:
        time, start = start, None
    case = _named(names, options.case, "--case")
    activity = _named(names, options.activity, "--activity")
    chosen = Columns(
        case=_required(_guess(names, CASE) if case is None else case, "case", names),
        activity=_required(_guess(names, ACTIVITY) if activity is None else activity, "activity", names),
        time=_required(time, "time", names),
        start=None if start == time else start,
        actor=_guess(names, ACTOR),
        objects=tuple(_object_column(names, text) for text in options.objects),
        extras=(),
    )
    used = {chosen.case, chosen.activity, chosen.time, chosen.start, *(place for place, _ in chosen.objects)}
    extras = tuple((place, name) for place, name in enumerate(names) if place not in used)
    return Columns(chosen.case, chosen.activity, chosen.time, chosen.start, chosen.actor, chosen.objects, extras)


def unknown_column(name: str, option: str, names: Sequence[str], noun: str = "column") -> IntakeError:
    """The complaint about a column (attribute, object type) that is not there, with the nearest and all that are."""
    folded = {item.lower(): item for item in reversed(names)}
    near = difflib.get_close_matches(name.lower(), list(folded), n=1, cutoff=0.5)
    hint = f" Did you mean {folded[near[0]]!r}?" if near else ""
    return IntakeError(f"{option}: there is no {noun} {name!r}.{hint} The {noun}s are: {_listed(names)}.")


def _named(names: Sequence[str], name: str | None, option: str) -> int | None:
    if name is None:
        return None
    if name in names:
        return list(names).index(name)
    raise unknown_column(name, option, names)


def _guess(names: Sequence[str], wanted: Sequence[str]) -> int | None:
    plain = [_NOISE.sub("", name.lower()) for name in names]
    return next((plain.index(name) for name in wanted if name in plain), None)


def _required(place: int | None, role: str, names: Sequence[str]) -> int:
    if place is None:
        raise IntakeError(f"No column looks like the {role}: name it with --{role}. The columns are: {_listed(names)}.")
    return place


def _object_column(names: Sequence[str], text: str) -> tuple[int, str]:
    """``NAME`` or ``NAME=type``; a column whose own name has a ``=`` wins."""
    name, _, kind = (text, "", "") if text in names else text.rpartition("=") if "=" in text else (text, "", "")
    place = _named(names, name, "--object")
    assert place is not None
    return place, kind or snake_case(name)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names[:60]) + (", ..." if len(names) > 60 else "")
