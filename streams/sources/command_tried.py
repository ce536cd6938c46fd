"""What `flowglass mapping try` prints: events with their rules, what was ignored, and where to look after a fault."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from metrics.commands.output import print_line
from metrics.dead_letter_advice import ADVICE
from metrics.privacy.passing import Passing
from metrics.words import DeadLetter, Event
from streams.sources import golden
from streams.sources.mapping import Mapping
from streams.sources.merge import Written
from streams.sources.message import Fired, Ignored, Outcome

_PLACE: Final = re.compile(r"\b([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*), ([a-z]+): ")
_KIND: Final = re.compile(r"\b([a-z][a-z0-9_]*): (?:no rule applies|for_each )")


def print_tried(name: str, outcome: Outcome, passing: Passing, written: Written, most: int) -> None:
    """One message: at most `most` events and ignored records are told one by one (0: all)."""
    print_line(f"{name}: {len(outcome.events)} events, {len(outcome.ignored)} ignored, "
               f"{len(outcome.letters)} dead letters")  # fmt: skip
    pairs = list(zip(outcome.events, outcome.fired, strict=True))
    for event, fired in _first(pairs, most):
        _print_event(event, fired, passing)
    _print_more(len(pairs), most, "events", Counter(f"{fired.kind}.{fired.rule}" for _, fired in pairs))
    for one in _first(outcome.ignored, most):
        print_line(f"  ignored: record {one.record}{one.kind and ' ' + one.kind}: {one.why}, {one.detail}")
    _print_more(len(outcome.ignored), most, "ignored", Counter(map(_why, outcome.ignored)))
    for table, word in outcome.unknown_words:
        print_line(f"  not in the table {table}: {word!r}")
    for question in outcome.enrichments:
        print_line(f"  to be completed by {question.cause.enrichment}: {question.request}")
    for key, snapshot in _first(list(outcome.state.items()), most):
        print_line(f"  remembered {key}: {snapshot.fields}")
    for letter in outcome.letters:
        _print_letter(letter, written)


def print_unused(mapping: Mapping, outcomes: Iterable[Outcome]) -> None:
    """The rules that no message fired: what the messages did not show."""
    fired = {(one.kind, one.rule) for outcome in outcomes for one in outcome.fired}
    unused = [f"{kind.name}.{rule.name}" for kind in mapping.kinds for rule in kind.rules]
    unused = [name for name in unused if tuple(name.split(".")) not in fired]
    if fired and unused:
        shown = ", ".join(unused[:12]) + (f" and {len(unused) - 12} more" if len(unused) > 12 else "")
        print_line(f"rules that did not fire: {shown}")


def _print_event(event: Event, fired: Fired, passing: Passing) -> None:
    print_line(f"  {event.type}  by rule {fired.kind}.{fired.rule}")
    members = golden.shown(event)
    del members["type"]
    for member, value in members.items():
        print_line(f"    {member:<11}{value}")
    if dropped := passing.dropped(event.type, event.attributes):
        print_line(f"    dropped by privacy: {', '.join(dropped)}")


def _print_letter(letter: DeadLetter, written: Written) -> None:
    print_line(f"  DEAD LETTER {letter.reason}: {letter.detail}")
    print_line(f"    {ADVICE.get(letter.reason, '')}")
    for place in rule_places(letter.detail, written):
        print_line(f"    see {place}")


def rule_places(detail: str, written: Written) -> list[str]:
    """File and line of each rule that a fault names (`small.yaml:19 messages.order.time`), each once."""
    found: list[str] = []
    for match in _PLACE.finditer(detail):
        kind, rule, part = match.groups()
        place = ("messages", kind, "rules", rule, part)
        at = place if place in written.where else ("messages", kind, part)
        found.append(_at(at if at in written.where else place[:4], written))
    found += [_at(("messages", match[1]), written) for match in _KIND.finditer(detail)]
    return list(dict.fromkeys(one for one in found if one))


def _at(place: tuple[str, ...], written: Written) -> str:
    file, line = written.at(place)
    return f"{file}:{line} {'.'.join(place)}" if file else ""


def _why(one: Ignored) -> str:
    return f"{one.kind + ': ' if one.kind else ''}{one.why}, {one.detail}"


def _first(items: Sequence[Any], most: int) -> Sequence[Any]:
    return items[:most] if most else items


def _print_more(number: int, most: int, noun: str, counts: Counter[str]) -> None:
    """What was not told one by one, summed up."""
    if most and number > most:
        print_line(f"  … of {number} {noun} (--all shows each):")
        for name, count in counts.most_common(20):
            print_line(f"    {count:>7} × {name}")
