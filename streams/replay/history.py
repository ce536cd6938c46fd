"""The stored events in the order of their time, a stretch at a time, so that memory does not grow with the store."""

from collections.abc import Iterator, Sequence

from metrics.words import Event
from streams.engine.ports import Reader
from streams.engine.stored_events import COLUMNS, events_of

STRETCH = 50_000
"""About so many events are read at once; hours are never cut."""


class History:
    """The events of a shadow database."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._hours = [(int(row["hour"]), int(row["events"])) for row in reader.rows(_HOURS, {})]

    @property
    def records(self) -> int:
        """How many records there are to read, duplicates included."""
        return sum(count for _, count in self._hours)

    def stretches(self) -> Iterator[tuple[int, Sequence[Event]]]:
        """Each stretch's records, duplicates included, and its events."""
        for begin, end, records in stretches(self._hours):
            yield records, list(events_of(self._reader.rows(_EVENTS, {"begin": begin, "end": end})))


def stretches(hours: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """First and last hour and the records of stretches of about `STRETCH` records; `hours` are ascending."""
    begin, records = 0, 0
    for place, (hour, count) in enumerate(hours):
        begin = begin if records else hour
        records += count
        if records >= STRETCH or place == len(hours) - 1:
            yield begin, hour, records
            records = 0


_HOURS = """SELECT intDiv(toUnixTimestamp64Micro(time), 3600000000) AS hour, count() AS events
            FROM events GROUP BY hour ORDER BY hour"""
_EVENTS = f"""SELECT {COLUMNS} FROM
              (
                  SELECT * FROM events
                  WHERE intDiv(toUnixTimestamp64Micro(time), 3600000000) BETWEEN %(begin)s AND %(end)s
                  ORDER BY event_id, origin, position LIMIT 1 BY event_id
              )
              ORDER BY time_us, sequence, event_id"""
