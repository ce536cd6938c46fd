"""The `state` of a kind of message, compiled: what is watched, what orders it, and how it is remembered."""

from metrics.definitions.mistakes import Place
from streams.sources.compare import Comparison
from streams.sources.context import Context
from streams.sources.facts import compile_time
from streams.sources.readers import Reader
from streams.sources.schema import KindText, StateText, WatchText
from streams.sources.values import Selectors

Watched = tuple[tuple[str, Reader], ...]


def compile_state(context: Context, name: str, kind: KindText, state: StateText, selectors: Selectors) -> Comparison:
    """The comparison of a kind of message; what is wrong with it is noted in the context."""
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
        key=selectors.value("=" if kind.key is None else kind.key.id, (*place, "key", "id")),
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


def _order(context: Context, state: StateText, place: Place, selectors: Selectors) -> Reader | None:
    if state.order is None:
        return None
    by = (*place, "order", "by")
    if state.order.kind == "time":
        return compile_time(state.order.by, by, selectors, context.text.defaults)
    return selectors.value(state.order.by, by)


def _watch(context: Context, state: StateText, place: Place, selectors: Selectors) -> tuple[Watched, Watched]:
    now: list[tuple[str, Reader]] = []
    before: list[tuple[str, Reader]] = []
    for name, value in state.watch.items():
        inside = (*place, name)
        if not (isinstance(value, dict) and "now" in value):
            now.append((name, selectors.value(value, inside)))
            continue
        for word in value:
            if word not in WatchText.model_fields:
                context.note((*inside, word), f"unknown word '{word}'; known: now, before")
        now.append((name, selectors.value(value["now"], (*inside, "now"))))
        if value.get("before") is not None:
            before.append((name, selectors.value(value["before"], (*inside, "before"))))
    return tuple(now), tuple(before)
