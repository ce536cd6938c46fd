"""A checked mapping file to closures. What is wrong in its selectors is found here, with the place of each."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from metrics.definitions.mistakes import Place, nearest
from streams.sources.compile_inputs import compile_inputs
from streams.sources.compile_redaction import compile_redaction
from streams.sources.compile_rules import RuleCompiler
from streams.sources.compile_state import compile_state
from streams.sources.conditions import always, compile_test
from streams.sources.context import Context
from streams.sources.facts import Read
from streams.sources.mapping import Ignore, Kind, Mapping
from streams.sources.message import Scope
from streams.sources.offers import Offers, gate_of, offers_of
from streams.sources.rules import RANKS
from streams.sources.schema import KindText
from streams.sources.tracing import DEFAULT, Trace, compile_trace
from streams.sources.values import Selectors

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")


def compile_mapping(context: Context) -> Mapping:
    """The mapping; only of use while nothing is wrong in the context."""
    text = context.text
    context.money_form(text.defaults.money, ("defaults", "money"))
    inputs = compile_inputs(context)
    kinds = tuple(_kind(context, name, kind) for name, kind in text.messages.items() if not kind.abstract)
    return Mapping(
        name=text.mapping,
        title=text.title,
        source=_source(context),
        owner=text.owner,
        inputs=inputs,
        kinds=kinds,
        offers=_offers(context, kinds),
        ignores=tuple(_ignore(context, name) for name in text.ignore),
        trace={syntax: _trace(context, syntax) for syntax in context.syntaxes},
        redact=compile_redaction(context, inputs),
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


def _offers(context: Context, kinds: tuple[Kind, ...]) -> dict[tuple[str, str], Offers[Kind]]:
    found: dict[tuple[str, str], Offers[Kind]] = {}
    for syntax, answers in {(kind.syntax, kind.answers) for kind in kinds}:
        of_these = [
            (kind, gate_of(context.text.messages[kind.name].accept, context.text.messages[kind.name].let))
            for kind in kinds
            if (kind.syntax, kind.answers) == (syntax, answers)
        ]
        found[syntax, answers] = offers_of(of_these, partial(_quietly, context.selectors(syntax)))
    return found


def _quietly(selectors: Selectors, written: str) -> Read:
    """The reader of a selector that was compiled before, when what is wrong with it was noted."""
    known = len(selectors.wrong)
    reader = selectors.on_item(written, ("messages",))
    del selectors.wrong[known:]
    return reader


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
    compiler = RuleCompiler(context, name, kind, selectors)
    rules = tuple(compiler.rule(rank, *one) for rank, one in enumerate(kind.rules.items()))
    return Kind(
        name=name,
        title=kind.title,
        syntax=syntax,
        accept=always if kind.accept is None else compile_test(kind.accept, (*place, "accept"), selectors),
        answers=kind.answers or "",
        each=None if kind.for_each is None else selectors.value(kind.for_each, (*place, "for_each")),
        comparison=None if kind.state is None else compile_state(context, name, kind, kind.state, selectors),
        rules=rules,
        offered=offers_of(
            [(rule, gate_of(kind.rules[rule.name].when)) for rule in rules],
            partial(_quietly, selectors),
        ),
        only_first=kind.fire == "first",
        otherwise_ignore=kind.otherwise == "ignore" if kind.otherwise else kind.state is not None,
        pass_on=kind.pass_on,
    )
