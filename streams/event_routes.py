"""To which topic an event goes: by the priority that definitions give its type, unless its feed has a name.

An event without the name of a feed follows its source, which is live. A feed that sends markers says in one topic where
it stands, so all of it stays in that one: in `topics.EVENTS`.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import structlog

from metrics.definitions.load import load
from metrics.definitions.mistakes import DefinitionsError
from metrics.definitions.model import Definition
from metrics.definitions.priority import priorities
from metrics.words import Event
from streams.topics import EVENT_TOPICS, EVENTS

log = structlog.get_logger(__name__)

Route = Callable[[Event], str]


def one_topic(event: Event) -> str:
    """All events alike."""
    return EVENTS


def routes_at(path: Path | None) -> Route:
    """The same under the definitions in a file or directory (None: the shipped ones).

    Mistakes in them are for those who judge by them: until they are mended all events are alike.
    """
    try:
        return routes(load(path).definitions)
    except (DefinitionsError, OSError) as error:
        log.error("definitions can't be read; all events are of standard priority", problem=str(error)[:500])
        return one_topic


def routes(definitions: Iterable[Definition]) -> Route:
    """The topic of an event under these definitions."""
    by_type = {activity: EVENT_TOPICS[priority] for activity, priority in priorities(definitions).items()}

    def route(event: Event) -> str:
        named = event.feed not in ("", event.source)
        return EVENTS if named else by_type.get(event.activity, EVENTS)

    return route
