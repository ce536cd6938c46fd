"""A checked mapping file to closures. What is wrong in its selectors is found here, with the place of each."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from metrics.definitions.mistakes import Place
from streams.sources.compile_inputs import compile_inputs
from streams.sources.compile_redaction import compile_redaction
from streams.sources.compile_rules import RuleCompiler
from streams.sources.compile_state import compile_state
from streams.sources.conditions import compile_conditions, compile_test
from streams.sources.context import Context
from streams.sources.mapping import Ignore, Kind, Mapping
from streams.sources.message import Scope
from streams.sources.offers import Candidate, Offers, candidate, offers_of
from streams.sources.readers import Reader
from streams.sources.rules import RANKS
from streams.sources.schema import KindText
from streams.sources.tracing import DEFAULT, Trace, compile_trace
from streams.sources.values import Selectors


def compile_mapping(context: Context) -> Mapping:
    """The mapping; only of use while nothing is wrong in the context."""
    text = context.text
    context.money_form(text.defaults.money, ("defaults", "money"))
    inputs = compile_inputs(context)
    candidates = [_kind(context, name, kind) for name, kind in text.messages.items() if not kind.abstract]
    return Mapping(
        name=text.mapping,
        title=text.title,
        source=context.source,
        owner=text.owner,
        inputs=inputs,
        kinds=tuple(one.one for one in candidates),
        offers=_offers(context, candidates),
        ignores=tuple(_ignore(context, name) for name in text.ignore),
        trace={syntax: _trace(context, syntax) for syntax in context.syntaxes},
        redact=compile_redaction(context, inputs),
    )


def _trace(context: Context, syntax: str) -> Callable[[Scope], Trace]:
    written = DEFAULT if context.text.trace is None else context.text.trace
    usable = [(index, _bare(one)) for index, one in enumerate(written) if _is_for(one, syntax)]
    return compile_trace(usable, ("trace",), context.selectors(syntax))


def _is_for(entry: Any, syntax: str) -> bool:
    """Whether a carrier is for messages of a syntax: all are, unless they say `syntax`."""
    return not isinstance(entry, dict) or entry.get("syntax", syntax) == syntax


def _bare(entry: Any) -> Any:
    return {word: value for word, value in entry.items() if word != "syntax"} if isinstance(entry, dict) else entry


def _offers(context: Context, kinds: Sequence[Candidate[Kind]]) -> dict[tuple[str, str], Offers[Kind]]:
    grouped: dict[tuple[str, str], list[Candidate[Kind]]] = {}
    for kind in kinds:
        grouped.setdefault((kind.one.syntax, kind.one.answers), []).append(kind)
    return {
        (syntax, answers): offers_of(of_these, partial(_quietly, context.selectors(syntax)))
        for (syntax, answers), of_these in grouped.items()
    }


def _quietly(selectors: Selectors, written: str) -> Reader:
    """The reader of a selector that was compiled before, when what is wrong with it was noted."""
    known = len(selectors.wrong)
    reader = selectors.value(written, ("messages",))
    del selectors.wrong[known:]
    return reader


def _ignore(context: Context, name: str) -> Ignore:
    one = context.text.ignore[name]
    syntax: str = one.syntax or context.first_syntax
    test = compile_test(one.when, ("ignore", name, "when"), context.selectors(syntax))
    return Ignore(name, syntax, test, one.why)


def _kind(context: Context, name: str, kind: KindText) -> Candidate[Kind]:
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
    rules = [compiler.rule(rank, *one) for rank, one in enumerate(kind.rules.items())]
    accept = [] if kind.accept is None else compile_conditions(kind.accept, (*place, "accept"), selectors)
    made = Kind(
        name=name,
        title=kind.title,
        syntax=syntax,
        answers=kind.answers or "",
        each=None if kind.for_each is None else selectors.value(kind.for_each, (*place, "for_each")),
        comparison=None if kind.state is None else compile_state(context, name, kind, kind.state, selectors),
        rules=tuple(one.one for one in rules),
        offered=offers_of(rules, partial(_quietly, selectors)),
        only_first=kind.fire == "first",
        otherwise_ignore=kind.otherwise == "ignore" if kind.otherwise else kind.state is not None,
        pass_on=kind.pass_on,
    )
    return candidate(made, kind.accept, accept, kind.let)
