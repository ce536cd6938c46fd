"""One rule, compiled: what it says itself, and what its kind of message says where it is silent."""

from collections.abc import Mapping as Words
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from metrics.definitions.mistakes import Place, nearest, unknown
from metrics.sla.durations import parse_duration
from streams.sources.conditions import compile_conditions, compile_test
from streams.sources.context import Context
from streams.sources.facts import ObjectFact, compile_amount, compile_objects, compile_time
from streams.sources.offers import Candidate, candidate
from streams.sources.readers import Reader
from streams.sources.rules import EnrichFact, Rule, begun
from streams.sources.schema import EnrichText, Facts, KindText, RuleText
from streams.sources.step_words import nothing
from streams.sources.values import Selectors


@dataclass
class RuleCompiler:
    """Compiles the rules of one kind of message."""

    context: Context
    kind_name: str
    kind: KindText
    selectors: Selectors

    @property
    def base(self) -> Place:
        return ("messages", self.kind_name)

    def rule(self, rank: int, name: str, rule: RuleText) -> Candidate[Rule]:
        """The rule; `rank` is its place among those of the kind."""
        place = (*self.base, "rules", name)
        selectors, defaults = self.selectors, self.context.text.defaults

        def own(word: str) -> tuple[Any, Place]:
            """What the rule says, else what the kind of message says, with its place."""
            value = getattr(rule, word)
            return (value, (*place, word)) if value is not None else (getattr(self.kind, word), (*self.base, word))

        def plain(word: str) -> Reader | None:
            value, at = own(word)
            return None if value is None else selectors.value(value, at)

        key, key_at = own("key")
        self._check(rule, key, place, key_at, own("time")[0], own("identity")[0])
        when = [] if rule.when is None else compile_conditions(rule.when, (*place, "when"), selectors)
        made = Rule(
            name=name,
            kind=self.kind_name,
            begun=begun(self.context.source, name),
            rank=rank,
            type=rule.type,
            evidence=rule.evidence,
            key_type="" if key is None else key.type,
            key=selectors.value("=" if key is None else key.id, (*key_at, "id")),
            identity=plain("identity"),
            time=compile_time(*own("time"), selectors, defaults) or nothing,
            recorded=compile_time(*own("recorded"), selectors, defaults),
            effective=compile_time(*own("effective"), selectors, defaults, date=True),
            sequence=plain("sequence"),
            amount=compile_amount(*own("amount"), selectors, defaults),
            actor=plain("actor"),
            objects=self._objects(rule, place) if rule.objects else self._shared_objects,
            attributes=self._attributes(rule, place) if rule.attributes else self._shared_attributes,
            enrich=self._enrich(rule, place),
            ask_only=rule.ask_only,
        )
        return candidate(made, rule.when, when)

    def _check(self, rule: RuleText, key: Any, place: Place, key_at: Place, time: Any, identity: Any) -> None:
        """What a rule cannot be without."""
        note, vocabulary = self.context.note, self.context.vocabulary
        known = vocabulary.events.get(rule.type)
        if known is None:
            note((*place, "type"), unknown("event type", rule.type, vocabulary.events))
        elif key is not None and key.type != known.object:
            about = f"'{rule.type}' is about the type {known.object}, but the key is of {key.type}"
            note((*place, "type"), f"{about}; give the rule a key of its own")
        if key is None:
            note(place, "has no key: write `key: {type: ..., id: ...}` here or for the kind of message")
        elif key.type not in vocabulary.objects:
            note((*key_at, "type"), unknown("object type", key.type, vocabulary.objects))
        if time is None:
            note(place, "has no time: write `time` here or for the kind of message")
        if identity is None and self.kind.state is None and self.kind.answers is None:
            note(place, "needs `identity`: the native id that stays the same when the message is sent again")

    @cached_property
    def _shared_objects(self) -> tuple[ObjectFact, ...]:
        """The objects of every rule that adds none."""
        return self._objects(Facts(), self.base)

    @cached_property
    def _shared_attributes(self) -> tuple[tuple[str, Reader], ...]:
        """The attributes of every rule that adds none."""
        return self._attributes(Facts(), self.base)

    def _objects(self, rule: Facts, place: Place) -> tuple[ObjectFact, ...]:
        merged, places = laid(self.kind.objects, rule.objects, (*self.base, "objects"), (*place, "objects"))
        return compile_objects(merged, places, self.selectors, self.context.vocabulary.objects)

    def _attributes(self, rule: Facts, place: Place) -> tuple[tuple[str, Reader], ...]:
        of_all, of_kind = self.context.text.attributes, self.kind.attributes
        shared, places = laid(of_all, of_kind, ("attributes",), (*self.base, "attributes"))
        merged, own_places = laid(shared, rule.attributes, (), (*place, "attributes"))
        places.update({name: own_places[name] for name in rule.attributes})
        found = ((name, self.selectors.value(value, places[name])) for name, value in merged.items())
        return (*self._status(), *found)

    def _status(self) -> tuple[tuple[str, Reader], ...]:
        status = self.kind.status
        if status is None:
            return ()
        place = (*self.base, "status")
        native = self.selectors.value(status.value, (*place, "value"))
        found: list[tuple[str, Reader]] = [("native_status", native)]
        table = self.context.table(status.table, (*place, "table"))
        if table is not None:
            look = table.lookup
            found.append(("canonical_status", lambda scope, item: look(scope, native(scope, item))))
        if self.kind.state is not None and "status" in self.kind.state.watch:
            found.append(("previous_native_status", lambda scope, item: scope.before.get("status")))
        return tuple(found)

    def _enrich(self, rule: RuleText, place: Place) -> tuple[EnrichFact, ...]:
        merged, places = laid(self.kind.enrich, rule.enrich, (*self.base, "enrich"), (*place, "enrich"))
        if rule.ask_only and not merged:
            self.context.note(place, "has `ask_only`, but nothing to ask: write `enrich`")
        return tuple(self._question(name, one, places[name]) for name, one in merged.items())

    def _question(self, name: str, one: EnrichText, place: Place) -> EnrichFact:
        answered = {kind.answers for kind in self.context.text.messages.values()} - {None}
        if name not in answered:
            hint = nearest(name, [word for word in answered if word])
            self.context.note(place, f"no kind of message has `answers: {name}`, so nobody could read the answer{hint}")
        try:
            timeout = parse_duration(one.timeout)
        except ValueError as error:
            self.context.note((*place, "timeout"), str(error))
            timeout = 0
        test = None if one.when is None else compile_test(one.when, (*place, "when"), self.selectors)
        return EnrichFact(name, self.selectors.value(one.request, (*place, "request")), test, timeout)


def laid(
    lower: Words[str, Any], upper: Words[str, Any], lower_at: Place, upper_at: Place
) -> tuple[dict[str, Any], dict[str, Place]]:
    """`upper` laid upon `lower`, with the place of each; nothing (null) removes."""
    both = {**lower, **upper}
    places = {name: (*(upper_at if name in upper else lower_at), name) for name in both}
    return {name: value for name, value in both.items() if value is not None}, places
