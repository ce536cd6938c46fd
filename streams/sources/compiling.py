"""A checked mapping file to closures. What is wrong in its selectors is found here, with the place of each."""

import re
from collections.abc import Callable
from typing import Any, Final

from metrics.definitions.mistakes import Place, nearest
from streams.sources.compare import Comparison
from streams.sources.compile_inputs import compile_inputs
from streams.sources.compile_rules import RuleCompiler
from streams.sources.conditions import always, compile_test
from streams.sources.context import Context
from streams.sources.facts import Read, compile_time
from streams.sources.mapping import Ignore, Kind, Mapping
from streams.sources.message import Scope
from streams.sources.redaction import redactor
from streams.sources.rules import RANKS
from streams.sources.schema import KindText, StateText, WatchText
from streams.sources.tracing import DEFAULT, Trace, compile_trace
from streams.sources.values import Selectors

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")

Watched = tuple[tuple[str, Read], ...]


def compile_mapping(context: Context) -> Mapping:
    """The mapping; only of use while nothing is wrong in the context."""
    text = context.text
    context.money_form(text.defaults.money, ("defaults", "money"))
    return Mapping(
        name=text.mapping,
        title=text.title,
        source=_source(context),
        owner=text.owner,
        inputs=compile_inputs(context),
        kinds=tuple(_kind(context, name, kind) for name, kind in text.messages.items() if not kind.abstract),
        ignores=tuple(_ignore(context, name) for name in text.ignore),
        trace={syntax: _trace(context, syntax) for syntax in context.syntaxes},
        redact=redactor(text.redact),
    )


def _source(context: Context) -> str:
    def fill(match: re.Match[str]) -> str:
        if match[1] not in context.settings:
            hint = nearest(match[1], context.settings) or "; write it under settings"
            context.note(("source",), f"there is no setting '{match[1]}'{hint}")
        return context.settings.get(match[1], "")

    return _PLACEHOLDER.sub(fill, context.text.source)


def _trace(context: Context, syntax: str) -> Callable[[Scope], Trace]:
    written = DEFAULT if context.text.trace is None else context.text.trace
    usable = [(index, _bare(one)) for index, one in enumerate(written) if _is_for(one, syntax)]
    return compile_trace(usable, ("trace",), context.selectors(syntax))


def _is_for(entry: Any, syntax: str) -> bool:
    """Whether a carrier is for messages of a syntax: all are, unless they say `syntax`."""
    return not isinstance(entry, dict) or entry.get("syntax", syntax) == syntax


def _bare(entry: Any) -> Any:
    return {word: value for word, value in entry.items() if word != "syntax"} if isinstance(entry, dict) else entry


def _ignore(context: Context, name: str) -> Ignore:
    one = context.text.ignore[name]
    syntax: str = one.syntax or context.first_syntax
    test = compile_test(one.when, ("ignore", name, "when"), context.selectors(syntax))
    return Ignore(name, syntax, test, one.why)


def _kind(context: Context, name: str, kind: KindText) -> Kind:
    place: Place = ("messages", name)
    syntax: str = kind.syntax or context.first_syntax
    if syntax not in context.syntaxes:
        context.note((*place, "syntax"), f"'{syntax}' is not under inputs; there: {', '.join(context.syntaxes)}")
    if not kind.rules:
        context.note(place, "has no rules")
    if len(kind.rules) > RANKS:
        context.note((*place, "rules"), f"more than {RANKS} rules; split the kind of message")
    selectors = context.selectors(syntax, frozenset(kind.state.watch) if kind.state else frozenset())
    selectors.name_all(kind.let, (*place, "let"))
    rules = RuleCompiler(context, name, kind, selectors)
    return Kind(
        name=name,
        title=kind.title,
        syntax=syntax,
        accept=always if kind.accept is None else compile_test(kind.accept, (*place, "accept"), selectors),
        answers=kind.answers or "",
        each=None if kind.for_each is None else selectors.value(kind.for_each, (*place, "for_each")),
        comparison=None if kind.state is None else _comparison(context, name, kind, kind.state, selectors),
        rules=tuple(rules.rule(rank, *one) for rank, one in enumerate(kind.rules.items())),
        only_first=kind.fire == "first",
        otherwise_ignore=kind.otherwise == "ignore" if kind.otherwise else kind.state is not None,
        pass_on=kind.pass_on,
    )


def _comparison(context: Context, name: str, kind: KindText, state: StateText, selectors: Selectors) -> Comparison:
    place: Place = ("messages", name)
    inside = (*place, "state")
    now, before = _watch(context, state, (*inside, "watch"), selectors)
    if before and len(before) != len(now):
        context.note((*inside, "watch"), "either every field has `before`, or none")
    if state.order is None and kind.identity is None and any(rule.identity is None for rule in kind.rules.values()):
        context.note(inside, "needs `order` (a field that grows with every change), or `identity`")
    if kind.key is None and not before:
        context.note(place, "a kind of message with `state` needs `key`: it is what is remembered")
    return Comparison(
        name=_root(context, name),
        key_type="" if kind.key is None else kind.key.type,
        key=selectors.on_item("=" if kind.key is None else kind.key.id, (*place, "key", "id")),
        watch=now,
        before=before,
        order=_order(context, state, inside, selectors),
        order_kind=state.order.kind if state.order else "",
        baseline=state.first_seen == "baseline",
    )


def _root(context: Context, name: str) -> str:
    """Under which kind objects are remembered: that at the end of the chain of `like`.

    An abstract kind without `state` of its own ends the chain before it: kinds that only share its facts are about
    unrelated documents.
    """
    kinds = context.text.messages
    while (like := kinds[name].like) is not None and not (kinds[like].abstract and kinds[like].state is None):
        name = like
    return name


def _order(context: Context, state: StateText, place: Place, selectors: Selectors) -> Callable[[Scope], Any] | None:
    if state.order is None:
        return None
    by = (*place, "order", "by")
    if state.order.kind == "time":
        return compile_time(state.order.by, by, selectors, context.text.defaults)
    return selectors.on_item(state.order.by, by)


def _watch(context: Context, state: StateText, place: Place, selectors: Selectors) -> tuple[Watched, Watched]:
    now: list[tuple[str, Read]] = []
    before: list[tuple[str, Read]] = []
    for name, value in state.watch.items():
        inside = (*place, name)
        if not (isinstance(value, dict) and "now" in value):
            now.append((name, selectors.on_item(value, inside)))
            continue
        for word in value:
            if word not in WatchText.model_fields:
                context.note((*inside, word), f"unknown word '{word}'; known: now, before")
        now.append((name, selectors.on_item(value["now"], (*inside, "now"))))
        if value.get("before") is not None:
            before.append((name, selectors.on_item(value["before"], (*inside, "before"))))
    return tuple(now), tuple(before)
