"""The rules of conformance as the stream needs them: compiled, with a name that people can read."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from zlib import crc32

from metrics.definitions.schema_conformance import ConformanceText

ORDER: Final = "order"
NEVER: Final = "never"
REPEAT: Final = "repeat"
NOTHING: Final = -1
"""Where a rule names no milestone."""
AFTER_END: Final = "nothing after the end"


class Rule(NamedTuple):
    """One rule about the milestone `step`. Milestones are numbers; NOTHING where none is named.

    order: `step` needs `after` before it; with `since` afresh after each of those, and nothing before the first.
    never: `step` may not come once `after` has (NOTHING: never at all).
    repeat: `step` comes at most `at_most` times; with `since` counted afresh after each of those.
    `each`: the object type by whose ids all of this is kept apart; '' for the case as a whole.
    """

    name: str
    kind: str
    step: int
    after: int = NOTHING
    since: int = NOTHING
    each: str = ""
    at_most: int = 0


class Conformance(NamedTuple):
    """The rules of one version of a process; `late`: milestones that are extra once the case has ended."""

    rules: tuple[Rule, ...] = ()
    late: frozenset[int] = frozenset()

    @property
    def digest(self) -> int:
        """Tells these rules from others: what a case remembers of one set means nothing to another."""
        return crc32(repr((self.rules, sorted(self.late))).encode())

    @property
    def rule_count(self) -> int:
        """How many rules a case is judged by; 0: it is not judged."""
        return len(self.rules) + bool(self.late)


def compile_conformance(text: ConformanceText | None, number: Mapping[str, int]) -> Conformance:
    """`number`: milestones by name, all of them."""
    if text is None:
        return Conformance()
    late = frozenset[int]()
    if text.after_end is not None:
        late = frozenset(index for name, index in number.items() if name not in text.after_end)
    return Conformance(tuple(_rules(text, number)), late)


def _rules(text: ConformanceText, number: Mapping[str, int]) -> Iterator[Rule]:
    for order in text.order:
        for after in order.after:
            name = f"{order.step} after {after}{_scope(order.since, order.each)}"
            since = NOTHING if order.since is None else number[order.since]
            yield Rule(name, ORDER, number[order.step], number[after], since, order.each or "")
    for never in text.never:
        name = f"never {never.step}{f' after {never.after}' if never.after else ''}{_scope(None, never.each)}"
        after_ = NOTHING if never.after is None else number[never.after]
        yield Rule(name, NEVER, number[never.step], after_, each=never.each or "")
    for repeat in text.repeats:
        name = f"{repeat.step} at most {repeat.at_most}{_scope(repeat.since, repeat.each)}"
        since = NOTHING if repeat.since is None else number[repeat.since]
        yield Rule(name, REPEAT, number[repeat.step], since=since, each=repeat.each or "", at_most=repeat.at_most)


def _scope(since: str | None, each: str | None) -> str:
    return f"{f' since {since}' if since else ''}{f' each {each}' if each else ''}"
