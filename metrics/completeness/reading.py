"""Reads feeds.yaml, says everything that is wrong with it at once, and compiles it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from metrics.completeness.plan import Batch, Expectations, Feed
from metrics.completeness.schema import BatchText, FeedsText, FeedText
from metrics.definitions.calendars import Calendars
from metrics.definitions.load import FEEDS_FILE, load
from metrics.definitions.mistakes import DefinitionsError, Finding, Mistake, unknown
from metrics.definitions.one_file import read_file
from metrics.quality.load import load_domains
from metrics.quality.schema import SystemText
from metrics.sla.durations import parse_duration
from metrics.words import DAY, HOUR, MINUTE

SHIPPED: Final = Path(__file__).with_name(FEEDS_FILE)
_WEEK: Final = 7 * DAY


def load_expectations(definitions: Path | None) -> Expectations:
    """The `feeds.yaml` beside the definitions, else the one shipped. Raises DefinitionsError with every mistake."""
    catalogue, domains = load(definitions), load_domains(definitions)
    assert catalogue.calendars is not None  # only definitions with mistakes have none
    return read_expectations(feeds_file(definitions), catalogue.calendars, domains.written.systems)


def feeds_file(definitions: Path | None) -> Path:
    """The file that goes with definitions."""
    if definitions is None:
        return SHIPPED
    if definitions.name == FEEDS_FILE:
        return definitions
    own = (definitions if definitions.is_dir() else definitions.parent) / FEEDS_FILE
    return own if own.is_file() else SHIPPED


def read_expectations(file: Path, calendars: Calendars, systems: Mapping[str, SystemText]) -> Expectations:
    """One file. Raises DefinitionsError with every mistake."""
    written = read_file(file, FeedsText, lambda said: _wrong(said, calendars, systems))
    return _compiled(written, calendars, systems)


def _wrong(written: FeedsText, calendars: Calendars, systems: Mapping[str, SystemText]) -> Iterator[Finding]:
    """Calendars and facilities that do not exist, feeds without a source, sources that two feeds claim."""
    defaults, owner_of = written.defaults, dict[str, str]()
    yield from _wrong_place(("defaults",), defaults.calendar, defaults.facility, calendars)
    for name, feed in written.feeds.items():
        place = ("feeds", name)
        yield from _wrong_place(place, feed.calendar or "", feed.facility or "", calendars)
        sources = _sources(name, feed, systems)
        if not sources:
            yield Finding(place, f"give its sources: {unknown('system', name, systems)}")
        for prefix in sources:
            other = owner_of.setdefault(prefix, name)
            if other != name:
                yield Finding(place, f"the source {prefix} belongs to the feed {other} already")
    for name, batch in written.batches.items():
        place = ("batches", name)
        yield from _wrong_place(place, batch.calendar, batch.facility, calendars)


def _wrong_place(place: tuple[str, ...], calendar: str, facility: str, calendars: Calendars) -> Iterator[Finding]:
    if calendar and calendar not in calendars.written:
        yield Finding((*place, "calendar"), unknown("calendar", calendar, calendars.written))
    known = calendars.facilities.facilities
    if facility and facility not in known:
        yield Finding((*place, "facility"), unknown("facility", facility, known))


def _compiled(written: FeedsText, calendars: Calendars, systems: Mapping[str, SystemText]) -> Expectations:
    defaults = written.defaults
    calendar = calendars.of(defaults.calendar, defaults.facility)
    rest = Feed("", "", (), defaults.owner, parse_duration(defaults.settle), calendar)
    feeds = {
        name: Feed(name, one.title, one.sources, rest.owner, rest.settle, calendar) for name, one in systems.items()
    }
    for name, text in written.feeds.items():
        feeds[name] = _feed(name, text, written, calendars, systems)
    batches = tuple(one for name, text in written.batches.items() for one in _batches(name, text, rest, calendars))
    return Expectations(feeds, batches, rest, defaults.weeks, parse_duration(defaults.rare) / _WEEK)


def _feed(
    name: str, text: FeedText, written: FeedsText, calendars: Calendars, systems: Mapping[str, SystemText]
) -> Feed:
    defaults = written.defaults
    facility = defaults.facility if text.facility is None else text.facility
    title = text.title or (systems[name].title if name in systems else name)
    return Feed(
        name=name,
        title=title,
        sources=_sources(name, text, systems),
        owner=text.owner or defaults.owner,
        settle=parse_duration(text.settle or defaults.settle),
        calendar=calendars.of(text.calendar or defaults.calendar, facility),
        silence=None if text.silence is None else parse_duration(text.silence),
        watch=text.watch,
    )


def _sources(name: str, text: FeedText, systems: Mapping[str, SystemText]) -> tuple[str, ...]:
    return text.sources or (systems[name].sources if name in systems else ())


def _batches(name: str, text: BatchText, rest: Feed, calendars: Calendars) -> Iterator[Batch]:
    begins, by = _after_midnight(text.begins), _after_midnight(text.by)
    for facility in text.facilities or (text.facility,):
        yield Batch(
            name=name,
            title=text.title or name,
            owner=text.owner or rest.owner,
            facility=facility if text.facilities else "",
            calendar=calendars.of(text.calendar, facility),
            begins=begins,
            by=by if by > begins else by + DAY,
            system=text.file.system if text.file else "",
            file=text.file.name if text.file else "",
            interface=text.interface,
        )


def _after_midnight(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * HOUR + int(minutes) * MINUTE


def checked(path: Path, calendars: Calendars | None, systems: Mapping[str, SystemText] | None) -> tuple[Mistake, ...]:
    """What is wrong with the feeds file that goes with definitions at `path`; those left out are the shipped ones."""
    file = feeds_file(path if path.is_dir() or path.name == FEEDS_FILE else None)
    known = calendars or load(None).calendars
    assert known is not None  # the shipped definitions have no mistakes
    try:
        read_expectations(file, known, systems or load_domains(None).written.systems)
    except DefinitionsError as error:
        return error.mistakes
    return ()
