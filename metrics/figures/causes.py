"""Why a part of a closed interval moved: told from what was taken in between two looks. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from metrics.figures.parts import Move
from metrics.figures.rules import FigureRules

LATE: Final = "late_event"
CORRECTION: Final = "correction"
DEFINITION: Final = "definition"
DUPLICATE: Final = "duplicate"
UNLINKED: Final = "unlinked"
OVERTURNED: Final = "later_event"
DEADLINE: Final = "late_judgement"
PLACED: Final = "placed"
UNKNOWN: Final = "unknown"
CAUSES: Final = {
    LATE: "an event of the closed time was taken in after closing",
    CORRECTION: "a source took back or amended what it had said",
    DEFINITION: "the case follows another definition",
    DUPLICATE: "the document turned out to be another name of one that counts",
    UNLINKED: "an event turned out not to belong to the case",
    OVERTURNED: "a later event of the case changed what had been decided",
    DEADLINE: "a deadline was judged after closing",
    PLACED: "another document told the amount or the place of this one",
    UNKNOWN: "no cause was found; what changed is kept",
}


class Taken(NamedTuple):
    """An event taken in (or `withdrawn`) since a part was last looked at; `type` '' where it is not stored any more."""

    id: str
    type: str
    time: int
    ingested: int
    withdrawn: bool
    superseding: bool


class Cause(NamedTuple):
    """`late_us`: how long after it happened the latest event was taken in; 0 where no event is at fault."""

    words: tuple[str, ...]
    event_ids: tuple[str, ...] = ()
    late_us: int = 0
    detail: str = ""


def cause_of_case(move: Move, taken: Sequence[Taken], rules: FigureRules, closed_until: int) -> Cause:
    """Of all events since the last look those count that reach into closed time; others only where there are none."""
    by_word: dict[str, list[Taken]] = {}
    for event in taken:
        by_word.setdefault(_word(event, rules, closed_until), []).append(event)
    if by_word.keys() - {OVERTURNED}:
        by_word.pop(OVERTURNED, None)
    words, detail = list(by_word), ""
    if move.before is not None and move.after is not None and move.before.definition != move.after.definition:
        words.append(DEFINITION)
        detail = f"definition {move.before.definition} became {move.after.definition}"
        by_word.pop(OVERTURNED, None)
    words = [word for word in words if word in by_word or word == DEFINITION]
    if not words:
        words = [DEADLINE if move.after is not None and move.after.verdict == "breached" else UNKNOWN]
    return _cause(words, [event for events in by_word.values() for event in events], detail)


def cause_of_document(move: Move, taken: Sequence[Taken], verb: str, rules: FigureRules, closed_until: int) -> Cause:
    """`taken`: the postings since the last look; `verb`: what the newest posting of the document does."""
    if move.after is None:
        return _cause([CORRECTION if verb == "cancel" else DUPLICATE], taken)
    if not taken:
        return Cause((PLACED,))
    late = [event for event in taken if event.time < closed_until]
    if move.before is None or not any(rules.corrects(event.type) for event in taken):
        return _cause([LATE if late else CORRECTION], late or taken)
    amended = [event for event in taken if rules.corrects(event.type)]
    return _cause([CORRECTION], amended)


def _word(event: Taken, rules: FigureRules, closed_until: int) -> str:
    if event.withdrawn:
        return UNLINKED
    if event.superseding or rules.corrects(event.type):
        return CORRECTION
    return LATE if event.time < closed_until else OVERTURNED


def _cause(words: Iterable[str], events: Sequence[Taken], detail: str = "") -> Cause:
    ids = tuple(dict.fromkeys(event.id for event in events))
    late = max((event.ingested - event.time for event in events if event.ingested), default=0)
    return Cause(tuple(words), ids, max(0, late), detail)
