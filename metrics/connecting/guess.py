"""What each column of a table means, guessed from its name and its values, with the reason."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from metrics.connecting import words as known
from metrics.connecting.columns import Column, Role
from metrics.connecting.event_types import (
    asks_for_number,
    event_type_of,
    events_about,
    first_event_of,
    is_key,
    is_object,
    object_in,
)
from metrics.connecting.table import Table
from metrics.connecting.times import MOSTLY
from metrics.connecting.values import Values
from metrics.texts.names import plain, words
from metrics.vocabulary import Vocabulary

_MOST_STEPS: Final = 200
_LONG: Final = 60
_LABELS: Final = frozenset(("name", "title", "label"))
_NOT_HAPPENED: Final = frozenset(
    ("due", "valid", "expected", "planned", "required", "need", "needed", "birth", "until")
)


class Guess:
    """One guess about one table; `columns` is the answer."""

    def __init__(self, table: Table, vocabulary: Vocabulary, about: str = "") -> None:
        """`about`: further words on what the table is about, such as the name of its file."""
        self._table = table
        self._vocabulary = vocabulary
        self._about = about
        self.values = tuple(Values(table.column(place)) for place in range(len(table.names)))
        self._found: dict[int, Column] = {}

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Every column with its role."""
        self._personal()
        self._activity()
        self._times()
        self._case()
        self._money()
        for place in range(len(self._table.names)):
            if place not in self._found:
                self._rest(place)
        return tuple(self._found[place] for place in range(len(self._table.names)))

    def _take(self, place: int, role: Role, reason: str, confidence: str = "likely", **more: object) -> None:
        self._found[place] = Column(place, self._table.names[place], role, reason, confidence, **more)  # type: ignore[arg-type]

    def _open(self) -> list[int]:
        return [place for place in range(len(self._table.names)) if place not in self._found]

    def _by_name(self, wanted: Sequence[str]) -> int | None:
        """The column with the first of the wanted names that there is."""
        names = {plain(self._table.names[place]): place for place in reversed(self._open())}
        return next((names[name] for name in wanted if name in names), None)

    def _has(self, role: Role) -> bool:
        return any(column.role == role for column in self._found.values())

    def _personal(self) -> None:
        for place in self._open():
            said, values = set(words(self._table.names[place])), self.values[place]
            if what := values.are_personal:
                self._take(place, "leave", f"looks like {what}: personal data stays outside", "sure", personal=True)
            elif said & known.PERSON or ("name" in said and said & known.NAMED):
                self._take(place, "leave", "by its name personal data, which stays outside", personal=True)
            elif not values.filled:
                self._take(place, "leave", "has no values", "sure")

    def _activity(self) -> None:
        place = self._by_name((*known.ACTIVITY, *known.MORE_ACTIVITIES))
        if place is not None and self._few(place):
            self._take(place, "activity", f"its name, and {len(self.values[place].counts)} different values", "sure")
            return
        status = next((one for one in self._open() if "status" in words(self._table.names[one])), None)
        if status is not None and self._few(status) and self._repeats():
            self._take(status, "activity", "documents repeat, and their status changes from row to row", "unsure")

    def _few(self, place: int) -> bool:
        values = self.values[place]
        return 0 < len(values.counts) <= min(_MOST_STEPS, max(len(values.filled) // 2, 8)) and values.time is None

    def _repeats(self) -> bool:
        """Whether the rows are a history: the numbers of documents come more than once."""
        for place in self._open():
            values, name = self.values[place], self._table.names[place]
            if object_in(name, self._vocabulary) and is_key(name) and values.are_codes:
                return len(values.filled) >= 1.5 * len(values.counts)
        return False

    def _times(self) -> None:
        timed = [place for place in self._open() if self._is_time(place)]
        if self._has("activity"):
            self._times_of_steps(timed)
            return
        object_ = object_in(self._about, self._vocabulary) or self._first_object()
        happened = [place for place in timed if not _NOT_HAPPENED & set(words(self._table.names[place]))]
        keys = {object_in(name, self._vocabulary) for name in self._table.names if is_key(name)} | {object_}
        for reason, confidence, by_words in (("the words of its name", "likely", True), ("its name", "unsure", False)):
            for place in happened:
                name = self._table.names[place]
                meant = event_type_of(name, object_, self._vocabulary).type if by_words else ""
                meant = meant or (first_event_of(name, self._vocabulary) if not by_words else "")
                if meant and self._vocabulary.events[meant].object in keys and self._is_new(place, meant):
                    self._time(place, "time", f"times, and {reason}", confidence, of=meant)
        if not self._has("time") and happened:
            events = [event.name for event in events_about(object_, self._vocabulary)]
            first = events[0] if events else ""
            self._time(happened[0], "time", "the first column with times; say what happened then", "unsure", of=first)

    def _is_new(self, place: int, type_: str) -> bool:
        """Whether neither the column nor the type is taken."""
        return place not in self._found and all(column.of != type_ for column in self._found.values())

    def _is_time(self, place: int) -> bool:
        found = self.values[place].time
        if found is None:
            return False
        weak = found.share < MOSTLY or found.form.startswith("epoch") or found.form == "%Y%m%d"
        hints = {"time", "date", "at", "on", "when", "timestamp", "ts", "datum", "zeit", "epoch", "day"}
        return not weak or bool(hints & set(words(self._table.names[place])))

    def _first_object(self) -> str:
        named = [kind for name in self._table.names if is_key(name) and (kind := object_in(name, self._vocabulary))]
        return min(named, key=lambda kind: self._vocabulary.objects[kind].shared, default="")

    def _times_of_steps(self, timed: list[int]) -> None:
        names = {plain(self._table.names[place]): place for place in reversed(timed)}
        start = next((names[name] for name in known.START if name in names), None)
        time = next((names[name] for name in known.TIME if name in names), None)
        if time is None:
            time = next((place for place in timed if place != start), start)
        if time is not None:
            named = plain(self._table.names[time]) in known.TIME
            self._time(time, "time", "times, and its name" if named else "the first column with times")
        if start is not None and start != time:
            self._time(start, "start", "times, and its name")

    def _time(self, place: int, role: Role, reason: str, confidence: str = "likely", of: str = "") -> None:
        found = self.values[place].time
        assert found is not None
        fits = "every value fits" if found.share == 1 else f"{found.share:.0%} of the values fit"
        if found.share < MOSTLY:
            confidence = "unsure"
        elif not found.sure:
            reason, confidence = f"{reason}; day and month cannot be told apart: choose", "unsure"
        elif confidence == "likely" and found.share == 1:
            confidence = "sure"
        more = {"day": "; every clock shows midnight: days", "minute": "; no seconds: minutes"}.get(found.precision, "")
        self._take(
            place, role, f"{reason}; {fits}{more}", confidence, of=of, form=found.form, precision=found.precision
        )

    def _case(self) -> None:
        place = self._by_name(known.CASE)
        if place is not None:
            kind, reason = object_in(self._table.names[place], self._vocabulary), "its name"
            if not kind and (kind := self._kind_of_cases()):
                reason = f"its name; that it is a {kind.replace('_', ' ')}, by the steps or the file's name"
            self._take(place, "case", reason, "sure" if reason == "its name" and kind else "unsure", of=kind)
            return
        keys = [place for place in self._open() if self._is_key(place)]
        own = [place for place in keys if not self._shared(place)] or keys
        wanted = self._kind_of_cases()
        own.sort(key=lambda place: object_in(self._table.names[place], self._vocabulary) != wanted)
        if own:
            kind = object_in(self._table.names[own[0]], self._vocabulary)
            self._take(
                own[0], "case", "the first number of a document", "likely" if kind == wanted else "unsure", of=kind
            )
        else:
            codes = next(
                (one for one in self._open() if self.values[one].are_codes and is_key(self._table.names[one])), None
            )
            if codes is not None:
                self._take(codes, "case", "looks like a number; say of what", "unsure", of=wanted)

    def _kind_of_cases(self) -> str:
        """The object that most rows are about: by the times' types, the steps' words, the file's name."""
        for column in self._found.values():
            if column.role == "time" and column.of:
                return self._vocabulary.events[column.of].object
        weights: dict[str, int] = {}
        for column in self._found.values():
            if column.role == "activity":
                for value, count in self.values[column.place].counts.items():
                    kind = object_in(value, self._vocabulary)
                    if kind and not self._vocabulary.objects[kind].shared:
                        weights[kind] = weights.get(kind, 0) + count
        if weights and not object_in(self._about, self._vocabulary):
            return max(weights, key=lambda kind: weights[kind])
        return object_in(self._about, self._vocabulary)

    def _is_key(self, place: int) -> bool:
        name, values = self._table.names[place], self.values[place]
        said = set(words(name))
        other = said & (_LABELS | known.MONEY | known.NO_MONEY - {"number"}) and not is_object(name)
        if other or not object_in(name, self._vocabulary):
            return False
        if said <= known.DIMENSIONS:
            return False
        return (asks_for_number(name) or (is_object(name) and values.are_codes)) and values.mean_length <= 40

    def _shared(self, place: int) -> bool:
        return self._vocabulary.objects[object_in(self._table.names[place], self._vocabulary)].shared

    def _money(self) -> None:
        for place in self._open():
            said = set(words(self._table.names[place]))
            if self.values[place].are_currencies or said & known.CURRENCY:
                self._take(place, "currency", "three-letter currencies", "sure")
                break
        amounts = [place for place in self._open() if self._is_money(place)]
        if amounts:
            place = max(
                amounts,
                key=lambda one: "amount" in words(self._table.names[one]) or "total" in words(self._table.names[one]),
            )
            found = self.values[place].money
            assert found is not None
            note = "" if found.sure else "; thousands or decimals? choose how they are written"
            self._take(
                place, "amount", f"numbers, and its name{note}", "likely" if found.sure else "unsure", form=found.form
            )

    def _is_money(self, place: int) -> bool:
        said, found = set(words(self._table.names[place])), self.values[place].money
        if found is None or self.values[place].time is not None:
            return False
        return bool(found.symbol) or bool(said & known.MONEY and not said & known.NO_MONEY)

    def _rest(self, place: int) -> None:
        name, values = self._table.names[place], self.values[place]
        said = set(words(name))
        if plain(name) in known.ROW_NUMBERS and values.unique and not self._has("number"):
            self._take(place, "number", "its name, and every row has its own", "sure")
        elif self._is_key(place):
            self._take(place, "object", "a number, by its name", of=object_in(name, self._vocabulary))
        elif plain(name) in (*known.ACTOR, *known.MORE_ACTORS) and not self._has("actor"):
            if values.are_names:
                self._take(
                    place, "leave", "people's names stay outside; a login or a number may come in", personal=True
                )
            else:
                self._take(place, "actor", "its name")
        elif said & known.FREE_TEXT or values.mean_length > _LONG:
            self._take(place, "leave", "free text may hold anything; choose it if it does not", "likely")
        elif values.are_names and said & (known.NAMED | {"by"}):
            self._take(place, "leave", "looks like names of people", personal=True)
        else:
            self._take(place, "attribute", "comes along as it is written", "default")


def as_role(column: Column, role: Role, values: Values, vocabulary: Vocabulary, assumed: str) -> Column:
    """The column in a role that somebody chose, with what that role needs to be known guessed anew."""
    changed = replace(column, role=role, reason="chosen by you", confidence="chosen", of="", form="", precision="")
    if role in ("time", "start", "recorded"):
        found = values.time
        meant = event_type_of(column.name, assumed, vocabulary).type if role == "time" else ""
        return replace(
            changed, of=meant, form=found.form if found else "iso", precision=found.precision if found else ""
        )
    if role == "amount":
        return replace(changed, form=values.money.form if values.money else "point")
    if role in ("case", "object"):
        return replace(changed, of=object_in(column.name, vocabulary) or (assumed if role == "case" else ""))
    return changed
