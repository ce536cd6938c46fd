"""One file's rows to canonical events: identity, origin and order by the row's number."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from metrics.words import DeadLetter, Event, ObjectRef
from streams.codecs.envelope import LOG_STEP_TYPE
from streams.codecs.reasons import NO_ACTIVITY, NO_CASE, Unreadable

ACTIVITY: Final = "activity"
CASE_QUALIFIER: Final = "case"
_LONGEST_PAYLOAD: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A file by its content: what its rows are called, wherever the file lies and whatever its name is."""

    content: str
    name: str
    case_type: str
    feed: str

    @property
    def origin(self) -> str:
        return f"file:{self.content[:16]}"

    @property
    def source(self) -> str:
        return f"file:{self.name}"


class EventRows:
    """Makes the events and dead letters of one file. Rows are numbered from 0 in file order."""

    def __init__(self, place: RowPlace) -> None:
        self._case_type = place.case_type
        self._origin = place.origin
        self._source = place.source
        self._feed = place.feed or place.source
        self._digest = hashlib.sha256(f"{place.content}|{place.case_type}|".encode())

    def event_id(self, row: int) -> str:
        """32 hex digits of SHA-256 of ``<content hash>|<case type>|<row>``: read another way, it is another event."""
        digest = self._digest.copy()
        digest.update(str(row).encode())
        return digest.hexdigest()[:32]

    def step(
        self,
        row: int,
        case: str,
        activity: str,
        time: int,
        attributes: dict[str, Any],
        *,
        started: int | None = None,
        objects: tuple[ObjectRef, ...] = (),
        precision: str = "instant",
        actor: str = "",
    ) -> Event:
        """A step of a log's case. The case id is text, kept as it stands: ``NA`` and ``0012`` are ids."""
        if not case:
            raise Unreadable(NO_CASE, "the case is empty")
        reference = ObjectRef(self._case_type, case, CASE_QUALIFIER)
        return self.event(
            row, activity, time, (reference, *objects), attributes, started=started, precision=precision, actor=actor
        )

    def event(
        self,
        row: int,
        activity: str,
        time: int,
        objects: tuple[ObjectRef, ...],
        attributes: dict[str, Any],
        *,
        started: int | None = None,
        precision: str = "instant",
        actor: str = "",
    ) -> Event:
        """A step of a log with its objects; the first is the subject."""
        if not activity:
            raise Unreadable(NO_ACTIVITY, "the activity is empty")
        if ACTIVITY in attributes:  # another column or attribute of that name
            attributes[f"column:{ACTIVITY}"] = attributes.pop(ACTIVITY)
        return Event(
            id=self.event_id(row),
            type=LOG_STEP_TYPE,
            activity=activity,
            time=time,
            source=self._source,
            objects=objects,
            origin=self._origin,
            position=row,
            subject=f"{objects[0].type}/{objects[0].id}",
            feed=self._feed,
            sequence=row,
            started=started,
            precision=precision,
            attributes={ACTIVITY: activity, **attributes},
            actor=actor,
        )

    def dead(self, row: int, reason: str, detail: str, payload: bytes) -> DeadLetter:
        """A row that could not be read; `row` counts from 0 as everywhere, the detail is for people, from 1."""
        if len(payload) > _LONGEST_PAYLOAD:
            detail += f" (the first {_LONGEST_PAYLOAD} of {len(payload)} bytes are kept)"
        return DeadLetter(
            origin=self._origin,
            position=row,
            topic="",
            partition=0,
            offset=0,
            reason=reason,
            detail=f"row {row + 1}: {detail}",
            payload=payload[:_LONGEST_PAYLOAD],
            source=self._source,
        )
