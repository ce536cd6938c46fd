"""What the rows of a table give by a plan: the same events as the mapping that is written of it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from metrics.connecting.columns import Column
from metrics.connecting.plan import Plan, Rule
from metrics.connecting.table import Row
from metrics.texts.moments import TimeReader, time_reader
from metrics.texts.money import amount, decimal_reader
from metrics.texts.unreadable import Unreadable
from metrics.words import Amount, ObjectRef

LONGEST_KEY, LONGEST_ATTRIBUTE = 512, 4_096
Fate = Literal["events", "left out", "dead letter"]


@dataclass(frozen=True, slots=True)
class Shown:
    """An event as it will be; the first object is what it is about."""

    rule: str
    type: str
    time: int
    precision: str
    recorded: int | None
    objects: tuple[ObjectRef, ...]
    attributes: dict[str, str]
    amount: Amount | None
    actor: str
    fact: tuple[str, ...]
    """What makes it the same event when it comes again."""


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row and what becomes of it; `why` says it where there are no events."""

    row: Row
    fate: Fate
    events: tuple[Shown, ...] = ()
    why: str = ""


@dataclass(slots=True)
class Summary:
    """All rows together. `again`: events that say what an earlier one has said already."""

    rows: int = 0
    events: int = 0
    left_out: int = 0
    dead: int = 0
    again: int = 0
    types: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Preview:
    """The first rows that are not left out, the first that die, and the sum of all."""

    first: tuple[RowShown, ...]
    dying: tuple[RowShown, ...]
    summary: Summary


def preview_of(plan: Plan, most: int = 20) -> Preview:
    """Every row tried; `most` of them kept to be shown."""
    trial = Trial(plan)
    summary = Summary()
    first: list[RowShown] = []
    dying: list[RowShown] = []
    seen: set[tuple[str, ...]] = set()
    for row in plan.draft.table.rows:
        one = trial.row(row)
        summary.rows += 1
        summary.left_out += one.fate == "left out"
        summary.dead += one.fate == "dead letter"
        for event in one.events:
            summary.events += 1
            summary.types[event.type] += 1
            summary.again += event.fact in seen
            seen.add(event.fact)
        if len(first) < most and one.fate != "left out":
            first.append(one)
        if one.fate == "dead letter" and len(dying) < most:
            dying.append(one)
    return Preview(tuple(first), tuple(dying), summary)


class Trial:
    """A plan, ready to try rows."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        zone: tzinfo = UTC if plan.draft.zone == "UTC" else ZoneInfo(plan.draft.zone)
        timed = [rule.time for rule in plan.rules] + ([plan.recorded] if plan.recorded else [])
        self._times: dict[int, TimeReader] = {
            column.place: time_reader((column.form,), zone, column.precision) for column in timed
        }
        form = plan.amount.form if plan.amount else "point"
        self._decimals: Callable[[str], str] = decimal_reader(form)
        self._known = {value for rule in plan.rules for value in rule.steps}

    def row(self, row: Row) -> RowShown:
        """What one row gives: all of its events, or none when one of them cannot be made."""
        cells, plan = row.cells, self._plan
        if plan.step is not None:
            value = cells[plan.step.place]
            if value not in self._known:
                if value in plan.left_out:
                    return RowShown(row, "left out", why=f"the step “{value}” gives no event")
                return RowShown(row, "dead letter", why="the step is empty" if not value else "the step is not known")
        try:
            events = tuple(self._event(rule, cells) for rule in plan.rules if self._fires(rule, cells))
        except Unreadable as error:
            return RowShown(row, "dead letter", why=error.detail)
        if not events:
            return RowShown(row, "left out", why="none of the times is filled in")
        return RowShown(row, "events", events)

    def _fires(self, rule: Rule, cells: tuple[str, ...]) -> bool:
        if self._plan.step is not None and cells[self._plan.step.place] not in rule.steps:
            return False
        return not rule.only_if_set or bool(cells[rule.time.place])

    def _event(self, rule: Rule, cells: tuple[str, ...]) -> Shown:
        key = _key(rule.key, cells)
        fact = tuple(_needed(column, cells) for column in rule.identity)
        time, precision = self._time(rule.time, cells, needed=True) or (0, "")
        recorded = self._time(self._plan.recorded, cells) if self._plan.recorded else None
        return Shown(
            rule=rule.name,
            type=rule.type,
            time=time,
            precision=precision,
            recorded=None if recorded is None else recorded[0],
            objects=self._objects(ObjectRef(rule.key_type, key, "subject"), cells),
            attributes=self._attributes(cells),
            amount=self._amount(cells),
            actor=cells[self._plan.actor.place] if self._plan.actor else "",
            fact=(rule.name, key, *fact),
        )

    def _time(self, column: Column, cells: tuple[str, ...], needed: bool = False) -> tuple[int, str] | None:
        text = cells[column.place]
        if not text:
            if needed:
                raise Unreadable("no_time", f"“{column.name}” is empty: the time is missing")
            return None
        try:
            return self._times[column.place](text)
        except Unreadable as error:
            raise Unreadable(error.reason, f"“{column.name}”: {error.detail}") from None

    def _objects(self, subject: ObjectRef, cells: tuple[str, ...]) -> tuple[ObjectRef, ...]:
        found = {(subject.type, subject.id): subject}
        for name, column in self._plan.objects:
            id_ = cells[column.place]
            if id_ and (column.of, id_) not in found:
                found[column.of, id_] = ObjectRef(column.of, _bounded(column, id_, LONGEST_KEY), name)
        return tuple(found.values())

    def _attributes(self, cells: tuple[str, ...]) -> dict[str, str]:
        named = ((name, column, cells[column.place]) for name, column in self._plan.attributes)
        return {name: _bounded(column, text, LONGEST_ATTRIBUTE) for name, column, text in named if text}

    def _amount(self, cells: tuple[str, ...]) -> Amount | None:
        column, plan = self._plan.amount, self._plan
        if column is None:
            return None
        text = cells[column.place]
        text = text.replace(plan.symbol, "").strip() if plan.symbol else text
        if not text:
            return None
        currency = cells[plan.currency.place] or None if plan.currency else plan.draft.currency
        try:
            return amount(text, currency, self._decimals, prefixed=False)
        except Unreadable as error:
            raise Unreadable(error.reason, f"“{column.name}”: {error.detail}") from None


def _key(column: Column, cells: tuple[str, ...]) -> str:
    return _bounded(column, _needed(column, cells), LONGEST_KEY)


def _needed(column: Column, cells: tuple[str, ...]) -> str:
    text = cells[column.place]
    if not text:
        raise Unreadable("no_key", f"“{column.name}” is empty")
    return text


def _bounded(column: Column, text: str, longest: int) -> str:
    if len(text) > longest:
        raise Unreadable("value_too_long", f"“{column.name}” holds {len(text):,} characters, the limit is {longest:,}")
    return text
