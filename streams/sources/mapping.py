"""A compiled mapping: one message and what was remembered in, canonical events and what to remember out.

``Mapping.map`` is pure: it reads no clock and keeps nothing, so that a worker can checkpoint the state like any other,
and the same message with the same state always gives the same answer.
"""

import collections.abc
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from metrics.words import DeadLetter, Event
from streams.codecs.reasons import Unreadable
from streams.sources.compare import GO, WHY, Compared, Comparison, compare
from streams.sources.conditions import Test
from streams.sources.inputs import Inputs, Read, read
from streams.sources.message import Enrichment, Fired, Ignored, Message, Outcome, Scope, Snapshot, States
from streams.sources.offers import Offers, Told
from streams.sources.reasons import NO_MESSAGE_KIND, NO_RULE, TOO_MANY_EVENTS, TOO_MANY_RECORDS
from streams.sources.rules import Making, Rule, make
from streams.sources.tracing import Trace

_NOTHING_KEPT: Final[dict[str, Snapshot]] = {}
_NOT_COMPARED: Final = Compared(GO)
_NO_OFFERS: Final[Told[Any]] = Told()
_MOST_TOLD: Final = 5
_MOST_IGNORED: Final = 1_000


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message, compiled."""

    name: str
    title: str
    syntax: str
    answers: str
    each: Callable[[Scope, Any], Any] | None
    comparison: Comparison | None
    rules: tuple[Rule, ...]
    offered: Offers[Rule]
    only_first: bool
    otherwise_ignore: bool
    pass_on: bool


@dataclass(frozen=True, slots=True)
class Ignore:
    """Messages that give no event on purpose."""

    name: str
    syntax: str
    test: Test
    why: str


@dataclass(frozen=True, slots=True)
class Mapping:
    """Everything that is known of one system's messages."""

    name: str
    title: str
    source: str
    owner: str
    inputs: Inputs
    kinds: tuple[Kind, ...]
    offers: collections.abc.Mapping[tuple[str, str], Offers[Kind]]
    """The kinds by syntax and by the enrichment that they answer (an empty text for none)."""
    ignores: tuple[Ignore, ...]
    trace: collections.abc.Mapping[str, Callable[[Scope], Trace]]
    redact: Callable[[bytes], bytes]

    def map(self, message: Message, states: States = _NOTHING_KEPT) -> Outcome:
        """What a message gives. Nothing raises for bad input: it becomes one dead letter in the outcome.

        A record that is faulty leaves the others whole, and its object's snapshot as it was.
        """
        run = _Run(self, message, states)
        try:
            run.all(read(message, self.inputs))
        except Unreadable as error:
            run.outcome = Outcome()
            run.faults = [(error.reason, error.detail)]
        if run.faults:
            run.outcome.letters.append(self._letter(message, run.faults))
        return run.outcome

    def _letter(self, message: Message, faults: list[tuple[str, str]]) -> DeadLetter:
        told = "; ".join(detail for _, detail in faults[:_MOST_TOLD])
        more = f"; and {len(faults) - _MOST_TOLD} more" if len(faults) > _MOST_TOLD else ""
        return DeadLetter(
            origin=message.origin,
            position=message.position,
            topic=message.topic,
            partition=message.partition,
            offset=message.offset,
            reason=faults[0][0],
            detail=f"{self.name}: {told}{more}",
            payload=self.redact(message.body),
            source=self.source,
            ingested=message.received,
        )


@dataclass(slots=True)
class _Run:
    """The mapping of one message."""

    mapping: Mapping
    message: Message
    states: States
    outcome: Outcome = field(default_factory=Outcome)
    faults: list[tuple[str, str]] = field(default_factory=list)
    records: int = 0

    def all(self, content: Read) -> None:
        mapping = self.mapping
        scope = Scope(self.message, content.root, self.outcome.unknown_words)
        scope.head, scope.trailer = content.head, content.trailer
        making = Making(mapping.source, mapping.trace[content.syntax], content.repaired)
        self.records = len(content.records)
        answering = self.message.cause.enrichment if self.message.cause else ""
        offers = mapping.offers.get((content.syntax, answering), _NO_OFFERS)
        if not content.records:
            self._ignored(0, "", "no_records", "the message holds no documents")
        for number, record in enumerate(content.records):
            scope.record = scope.item = record
            scope.line = content.lines[number] if content.lines else 0
            scope.known, scope.shared = {}, {}
            try:
                self._record(number, scope, offers, content.syntax, making)
            except Unreadable as error:
                if error.reason == TOO_MANY_EVENTS:
                    raise
                self._fault(error, scope, number)

    def _record(self, number: int, scope: Scope, offers: Offers[Kind], syntax: str, making: Making) -> None:
        """Offer the record to the kinds of message in their order; the first that accepts it takes it."""
        taken = False
        for kind, test in offers.to(scope):
            if test is not None and not test(scope):
                continue
            taken = True
            self._items(number, kind, scope, making)
            if not kind.pass_on:
                return
            scope.item, scope.known = scope.record, {}
        if not taken:
            self._nobody(number, scope, syntax)

    def _nobody(self, number: int, scope: Scope, syntax: str) -> None:
        for ignore in self.mapping.ignores:
            if ignore.syntax == syntax and ignore.test(scope):
                self._ignored(number, "", "ignored", f"{ignore.name}: {ignore.why}")
                return
        raise Unreadable(NO_MESSAGE_KIND, "no kind of message accepts it")

    def _items(self, number: int, kind: Kind, scope: Scope, making: Making) -> None:
        if kind.each is None:
            self._item(number, kind, scope, making)
            return
        found = kind.each(scope, scope.record)
        items = found if type(found) is list else [] if found is None else [found]
        if len(items) > self.mapping.inputs.limits.records:
            raise Unreadable(TOO_MANY_RECORDS, f"{kind.name}: for_each finds {len(items)} items")
        if not items:
            self._ignored(number, kind.name, "no_items", "for_each finds nothing")
        for place, item in enumerate(items):
            scope.item, scope.known = item, {}
            try:
                self._item(number, kind, scope, making)
            except Unreadable as error:
                if error.reason == TOO_MANY_EVENTS:
                    raise
                self._fault(error, scope, number, f"item {place}" if len(items) > 1 else "")

    def _fault(self, error: Unreadable, scope: Scope, number: int, item: str = "") -> None:
        """Note a fault with its line, or with the numbers of record and item where there are several."""
        record = f"line {scope.line}" if scope.line else f"record {number}" if self.records > 1 else ""
        place = ", ".join(filter(None, (record, item)))
        self.faults.append((error.reason, f"{place}: {error.detail}" if place else error.detail))

    def _item(self, number: int, kind: Kind, scope: Scope, making: Making) -> None:
        compared = _NOT_COMPARED
        if kind.comparison is not None:
            compared = compare(kind.comparison, kind.name, scope, self.mapping.source, self.states, self.outcome.state)
            if compared.verdict != GO:
                self._remember(compared)
                self._ignored(number, kind.name, compared.verdict, WHY[compared.verdict])
                return
        made = self._made(kind, scope, making, compared.revision)
        if not made:
            if not kind.otherwise_ignore:
                raise Unreadable(NO_RULE, f"{kind.name}: no rule applies")
            self._ignored(number, kind.name, NO_RULE, "no rule applies")
        outcome, limit = self.outcome, self.mapping.inputs.limits.events
        if len(outcome.events) + len(made) > limit:
            raise Unreadable(TOO_MANY_EVENTS, f"more than {limit} events in one message")
        for rule, event, asked in made:
            outcome.enrichments += asked
            if rule.ask_only:
                self._ignored(number, kind.name, "asked", f"{rule.name}: what it is, an answer will tell")
                continue
            outcome.events.append(event)
            outcome.fired.append(Fired(number, kind.name, rule.name))
        self._remember(compared)

    def _made(
        self, kind: Kind, scope: Scope, making: Making, revision: str
    ) -> list[tuple[Rule, Event, list[Enrichment]]]:
        """The events of every rule that applies; when one of them fails, the item gives none."""
        made = []
        for rule, test in kind.offered.to(scope):
            if test is None or test(scope):
                made.append((rule, *make(rule, scope, making, revision)))
                if kind.only_first:
                    break
        return made

    def _remember(self, compared: Compared) -> None:
        if compared.snapshot is not None:
            self.outcome.state[compared.key] = compared.snapshot

    def _ignored(self, number: int, kind: str, why: str, detail: str) -> None:
        if len(self.outcome.ignored) < _MOST_IGNORED:
            self.outcome.ignored.append(Ignored(number, kind, why, detail))
