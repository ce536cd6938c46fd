"""Times as the clock on the wall of a zone shows them, and the words for that zone."""

import datetime as dt
from zoneinfo import ZoneInfo

from metrics.sla.zones import FIRST, LAST
from metrics.texts.shown import utc

UTC_NAME = "UTC"


def wall(us: int, zone: ZoneInfo) -> dt.datetime:
    """A time in microseconds UTC on the wall of a zone; times that no wall can show stay in UTC."""
    at = utc(us)
    if zone.key == UTC_NAME or not FIRST <= us <= LAST:
        return at
    there = at.astimezone(zone)
    # With the offset of then instead of the zone: figures copy their times, and our zones can't be copied.
    return there.replace(tzinfo=dt.timezone(there.utcoffset() or dt.timedelta(0), there.tzname() or UTC_NAME))


def abbreviation(at: dt.datetime) -> str:
    """What the zone is called at that time: 'CET', 'UTC', or 'UTC+05:30' where it has no letters."""
    name = at.tzname() or UTC_NAME
    if name[:1] not in "+-":
        return name
    return f"{UTC_NAME}{name[:3]}{f':{name[3:]}' if name[3:] else ''}"


def city(zone: str) -> str:
    """The short word for a zone: 'Berlin' for Europe/Berlin, 'New York' for America/New_York."""
    return zone.rpartition("/")[2].replace("_", " ")
