"""What an event says, compiled: time, money, objects and attributes of the item that a scope looks at."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError

from metrics.definitions.explain import explain
from metrics.definitions.mistakes import Place, nearest
from metrics.texts.moments import FORMATS, PRECISIONS, date_reader, needs_zone, time_reader
from metrics.texts.money import FORMS, PREFIXED, amount, decimal_reader
from metrics.words import Amount, ObjectRef
from streams.codecs.reasons import BAD_OBJECT, Unreadable
from streams.sources.conditions import Test, compile_test
from streams.sources.message import Scope
from streams.sources.readers import Reader
from streams.sources.reasons import VALUE_TOO_LONG
from streams.sources.scalars import text_of, texts_of
from streams.sources.schema import DefaultsText, ObjectText, Texts, Value
from streams.sources.values import Selectors

LONGEST_KEY: Final = 512
LONGEST_ATTRIBUTE: Final = 4_096
MOST_OBJECTS: Final = 1_000
_LARGEST: Final = 2**64
_OBJECTS: Final = "$objects"  # no named value is called so
_ZONE_NAME: Final = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")


class TimeText(BaseModel):
    """A time in its long form."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    value: Value
    format: Texts = ()
    zone: str = ""
    precision: str = ""


class AmountText(BaseModel):
    """An amount in its long form."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    value: Value
    currency: Value = None
    form: str = ""
    implied: int = 0


@dataclass(frozen=True, slots=True)
class ObjectFact:
    """A further object of an event."""

    type: str
    qualifier: str
    ids: Reader
    test: Test | None


def long_form(written: Any, model: type[BaseModel], place: Place, selectors: Selectors) -> Any:
    """The model of a time or an amount: written as a selector alone, or as a mapping with `value`."""
    given = written if isinstance(written, dict) and "value" in written else {"value": written}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        selectors.wrong += [((*place, *one.place), one.message) for one in explain(error, model)]
        return None


def zone_of(name: str, place: Place, selectors: Selectors) -> tzinfo | None:
    """The zone of a name; None for none or for one that does not exist."""
    if not name:
        return None
    try:
        if not _ZONE_NAME.fullmatch(name):
            raise ValueError
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        selectors.wrong.append((place, f"there is no time zone '{name}'; write it as Europe/Berlin or UTC"))
        return None


def compile_time(
    written: Any, place: Place, selectors: Selectors, defaults: DefaultsText, *, date: bool = False
) -> Reader | None:
    """A reader of (microseconds, precision), or of a date; of None where the time is missing.

    It looks only once an item, however many rules and facts say it in these words.
    """
    if written is None:
        return None
    words = f"{'date' if date else 'time'}: {written!r}"
    return selectors.shared(words, lambda: _time(written, place, selectors, defaults, date))


def _time(written: Any, place: Place, selectors: Selectors, defaults: DefaultsText, date: bool) -> Reader | None:
    text = long_form(written, TimeText, place, selectors)
    if text is None:
        return None
    formats, zone_name = text.format or defaults.format, text.zone or defaults.zone
    for form in formats:
        if form not in FORMATS and "%" not in form:
            hint = nearest(form, FORMATS) + " (or a strptime pattern with % in it)"
            selectors.wrong.append(((*place, "format"), f"unknown format of time '{form}'{hint}"))
            return None
    zone = zone_of(zone_name, (*place, "zone"), selectors)
    if (form := needs_zone(formats)) and not zone_name:
        selectors.wrong.append((place, f"times in the format '{form}' carry no offset: declare defaults.zone or zone"))
    precision = text.precision or defaults.precision
    if precision and precision not in PRECISIONS:
        selectors.wrong.append(((*place, "precision"), f"'{precision}' is none of {', '.join(PRECISIONS)}"))
        return None
    selector = text.value if isinstance(written, dict) and "value" in written else written
    inside = (*place, "value") if isinstance(written, dict) and "value" in written else place
    find = selectors.value(selector, inside)
    read: Callable[[str], Any] = date_reader(formats, zone) if date else time_reader(formats, zone, precision)

    def time(scope: Scope, item: Any) -> Any:
        found = text_of(find(scope, item))
        return None if found is None else read(found)

    return time


def compile_amount(written: Any, place: Place, selectors: Selectors, defaults: DefaultsText) -> Reader | None:
    """A reader of the amount, once an item like that of a time; of None where the value is missing."""
    if written is None:
        return None
    return selectors.shared(f"amount: {written!r}", lambda: _amount(written, place, selectors, defaults))


def _amount(written: Any, place: Place, selectors: Selectors, defaults: DefaultsText) -> Reader | None:
    text = long_form(written, AmountText, place, selectors)
    if text is None:
        return None
    form = text.form or defaults.money
    if form not in FORMS:
        selectors.wrong.append(((*place, "form"), f"unknown form of money '{form}'{nearest(form, FORMS)}"))
        return None
    currency = text.currency if text.currency is not None else defaults.currency
    if currency is None and form != PREFIXED:
        selectors.wrong.append((place, "the currency is missing: {value: ..., currency: ...} or defaults.currency"))
        return None
    find = selectors.value(text.value, (*place, "value"))
    unit = selectors.value("=" if currency is None else currency, (*place, "currency"))
    decimals, prefixed = decimal_reader(form, text.implied), form == PREFIXED

    def money(scope: Scope, item: Any) -> Amount | None:
        found = text_of(find(scope, item))
        return None if found is None else amount(found, text_of(unit(scope, item)), decimals, prefixed)

    return money


def compile_objects(
    written: Mapping[str, Any], places: Mapping[str, Place], selectors: Selectors, types: Mapping[str, Any]
) -> tuple[ObjectFact, ...]:
    """The further objects; `types` are the object types that exist."""
    facts: list[ObjectFact] = []
    for name, entry in written.items():
        place = places[name]
        given = entry if isinstance(entry, dict) and "id" in entry else {"id": entry}
        try:
            one = ObjectText.model_validate(given)
        except ValidationError as error:
            selectors.wrong += [((*place, *found.place), found.message) for found in explain(error, ObjectText)]
            continue
        type_ = one.type or name
        if type_ not in types:
            selectors.wrong.append((place, f"unknown object type '{type_}'{nearest(type_, types)}"))
        inside = (*place, "id") if given is entry else place
        test = None if one.when is None else compile_test(one.when, (*place, "when"), selectors)
        facts.append(ObjectFact(type_, name if one.qualifier is None else one.qualifier,
                                selectors.value(one.id, inside), test))  # fmt: skip
    return tuple(facts)


def references(subject: ObjectRef, facts: tuple[ObjectFact, ...], scope: Scope) -> tuple[ObjectRef, ...]:
    """The subject and every further object, each once. Rules of one item that share `facts` look only once."""
    known = scope.known.get(_OBJECTS)
    if known is not None and known[0] is facts and known[1][0] == subject:
        shared: tuple[ObjectRef, ...] = known[1]
        return shared
    item = scope.item
    refs = {(subject.type, subject.id): subject}
    for fact in facts:
        if fact.test is not None and not fact.test(scope):
            continue
        if (ids := fact.ids(scope, item)) is None:
            continue
        for id in texts_of(ids):
            if (key := (fact.type, id)) not in refs:
                refs[key] = ObjectRef(fact.type, checked_key(id), fact.qualifier)
    if len(refs) > MOST_OBJECTS:
        raise Unreadable(BAD_OBJECT, f"the event names {len(refs)} objects, the limit is {MOST_OBJECTS}")
    found = tuple(refs.values())
    scope.known[_OBJECTS] = (facts, found)
    return found


def checked_key(text: str) -> str:
    """A key that is not too long."""
    if len(text) > LONGEST_KEY:
        raise Unreadable(VALUE_TOO_LONG, f"a key of {len(text)} characters, the limit is {LONGEST_KEY}")
    return text


def attribute_of(found: Any) -> Any:
    """A text, a whole number, a boolean, or a list of texts; None for nothing. One element counts as itself."""
    if type(found) is str:
        return _bounded(found.strip()) or None
    if type(found) is list and len(found) == 1:
        found = found[0]
    if type(found) is bool:
        return found
    if type(found) is int:
        return found if -_LARGEST // 2 <= found < _LARGEST else str(found)
    if type(found) is list:
        return [_bounded(text) for text in texts_of(found)] or None
    text = text_of(found)
    return None if text is None else _bounded(text)


def _bounded(text: str) -> str:
    if len(text) > LONGEST_ATTRIBUTE:
        raise Unreadable(VALUE_TOO_LONG, f"a text of {len(text)} characters, the limit is {LONGEST_ATTRIBUTE}")
    return text
