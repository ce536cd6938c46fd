"""What one event says in the ledger: a pure function of the event, so that no order of arrival matters.

A posting is known by its document, stage, line and event. What follows from all postings of a document (its newest
amount, whether it stands) is decided where they are read, from the set of them.
"""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from metrics.ledger.rules import LedgerRules, Place, Rule
from metrics.words import Event, ObjectRef

ALIAS = "alias"
LINE, DELIVERY = "line", "delivery"
PostingRow = tuple[Any, ...]


def posting_rows(rules: LedgerRules, events: Iterable[Event]) -> list[PostingRow]:
    """The rows of table `ledger_postings`, in the order of its columns."""
    by_type = rules.by_type
    return [row for event in events if event.type in by_type for row in _of_event(rules, event)]


def _of_event(rules: LedgerRules, event: Event) -> list[PostingRow]:
    """Every event of a history comes through here: it cost 7.6 us an event with a call for each place and object, now
    4.2 (20,000 events of `benchmarks.procurement`)."""
    about, objects = event.attributes, event.objects
    places = _places(rules.places, about, objects)
    labour = not rules.labour.isdisjoint([ref.type for ref in objects])
    rows: list[PostingRow] = []
    for rule in rules.by_type[event.type]:
        kind = rule.document
        document = subject_id(event, kind)
        if not document:
            continue
        money = event.amount if rule.money else None
        rows.append((
            rule.stage,
            kind,
            document,
            _text(about[LINE]) if LINE in about else "",
            event.id,
            event.origin,
            event.position,
            rule.verb,
            event.time,
            event.sequence,
            labour,
            rule.yields_to,
            *places,
            money.currency if money else "",
            money.value if money else "",
            hours_told(rule, about) if rule.hours or rule.beyond else "",
            _text(about[DELIVERY]) if DELIVERY in about else "",
            [(ref.type, ref.id) for ref in objects if ref.type != kind],
            [ref.id for ref in objects if ref.qualifier == ALIAS and ref.type == kind and ref.id != document],
            event.simulated,
            event.ingested,
            event.effective_date if rule.dated else "",
        ))  # fmt: skip
    return rows


def subject_id(event: Event, kind: str) -> str:
    """The id of the object of `kind` that the event is about: its subject, else the first that is no alias."""
    subject_type, _, subject = event.subject.partition("/")
    if subject_type == kind and subject:
        return subject
    own = [ref for ref in event.objects if ref.type == kind and ref.qualifier != ALIAS]
    return next((ref.id for ref in own if ref.qualifier == "subject"), own[0].id if own else "")


def _places(places: Iterable[Place], about: dict[str, Any], objects: Iterable[ObjectRef]) -> list[str]:
    """The value of each dimension; '' when the event does not say, or names several objects of that type."""
    named: dict[str, str] = {}
    for ref in objects:
        if ref.qualifier != ALIAS:
            kind, one = ref.type, ref.id
            named[kind] = one if named.get(kind, one) == one else ""
    told: list[str] = []
    for attributes, kind in places:
        for name in attributes:
            if name in about and (value := _text(about[name])):
                told.append(value)
                break
        else:
            told.append(named.get(kind, ""))
    return told


def hours_told(rule: Rule, about: dict[str, Any]) -> str:
    """The hours as a plain decimal; '' when the event does not say."""
    for name in rule.hours:
        hours = _decimal(about.get(name))
        if hours is not None:
            return format(hours, "f")
    if rule.beyond is None:
        return ""
    attribute, limit = rule.beyond
    worked = _decimal(about.get(attribute))
    return "" if worked is None else format(max(worked - limit, Decimal(0)), "f")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 12 else None
