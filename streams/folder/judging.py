"""What is in a complete file, before anything of it is sent: its totals, its events, its messages.

The file's mapping runs over every message as a worker will, so that what will be sent is known beforehand. The events
go to the table `file_events`; nothing of a file stays in memory but the message that is being looked at.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from metrics.privacy.guard import Guard
from metrics.privacy.masking import masked_detail
from streams.codecs.reasons import TOO_LARGE, Unreadable
from streams.folder.ledger import Writer
from streams.folder.manifest import Manifest
from streams.folder.parts import FILE_HEADER, FlatFile, Part, Survey
from streams.folder.spool import Copy
from streams.folder.totals import Declared, check_totals, declared_totals
from streams.producer import LARGEST_RECORD
from streams.sources.inputs import LINE, PART, read, syntax_of
from streams.sources.mapping import Mapping as SystemMapping
from streams.sources.message import Message, Outcome
from streams.sources.native import SIMULATED
from streams.sources.reasons import CONTROL_TOTALS, NO_TRAILER, TOO_MANY_EVENTS, TOO_MANY_RECORDS

EVENTS_TABLE: Final = "file_events"
_AT_ONCE: Final = 10_000
_START: Final = 4_096
_WHOLE: Final = frozenset({CONTROL_TOTALS, NO_TRAILER, TOO_LARGE, TOO_MANY_RECORDS, TOO_MANY_EVENTS})
"""A worker that finds one of these takes nothing of the message."""


class Refused(Exception):
    """Nothing of the file may be sent; the message is a sentence."""


@dataclass(slots=True)
class Judged:
    """What a file holds."""

    rows: int
    declared: Declared
    totals: Mapping[str, Decimal]
    survey: Survey | None
    flat: FlatFile | None
    copy: Copy
    parts: int = 0
    rows_mapped: int = 0
    rows_dead: int = 0
    comparable: bool = True
    remark: str = ""

    def messages(self) -> Iterator[Part]:
        """The messages, the same at each call."""
        if self.flat is not None and self.survey is not None:
            yield from self.flat.parts(self.survey)
            return
        self.copy.file.seek(0)
        yield Part(1, 0, 0, self.rows, self.copy.file.read())

    def headers(self, part: Part, simulated: bool) -> dict[str, str]:
        """What goes with a message, the same at each call. Only a file in several messages says which part it is."""
        told = {FILE_HEADER: self.copy.content[:16]}
        if self.parts > 1:
            told |= {PART: f"{part.number}/{self.parts}", LINE: str(part.line)}
        return told | ({SIMULATED: "1"} if simulated else {})


@dataclass(slots=True)
class Judge:
    """Judges files; `step` is called with a word, the messages looked at and their number, `pace` now and then."""

    writer: Writer
    clock: Callable[[], int]
    simulated: bool
    rows: int
    step: Callable[[str, int, int], None]
    pace: Callable[[], None]
    guard: Guard | None = None
    """Protects what is noted of events, as the worker protects the events; None: privacy is off."""
    _waiting: list[tuple[Any, ...]] = field(default_factory=list)

    def judge(self, system: SystemMapping, copy: Copy, manifest: Manifest | None) -> Judged:
        """Everything about a file, its events noted. Raises Refused, StoreError."""
        try:
            judged = (
                self._flat(system, copy, manifest) if _is_flat(system, copy) else self._whole(system, copy, manifest)
            )
        except Unreadable as error:
            raise Refused(f"{error.reason}: {self._told(error.detail)}") from None
        judged.parts = sum(1 for _ in judged.messages())
        self._waiting = []
        for part in judged.messages():
            self._look(system, judged, part)
            self.step("checked", part.number, judged.parts)
        self._note(rest=True)
        if judged.rows_dead and not judged.rows_mapped:
            raise Refused(f"no row of it can be read: {judged.remark}")
        return judged

    def _flat(self, system: SystemMapping, copy: Copy, manifest: Manifest | None) -> Judged:
        form = system.inputs.flat
        assert form is not None
        columns = {column for column, _ in form.control.sums} if form.control else set()
        columns |= set(manifest.totals) if manifest else set()
        flat = FlatFile(copy.file, form, self.rows, pace=self.pace)
        survey = flat.survey(frozenset(columns))
        declared = declared_totals(form, survey, manifest)
        check_totals(survey, declared)
        return Judged(survey.rows, declared, survey.sums, survey, flat, copy)

    def _whole(self, system: SystemMapping, copy: Copy, manifest: Manifest | None) -> Judged:
        limit = min(system.inputs.limits.bytes, LARGEST_RECORD)
        if copy.bytes > limit:
            raise Refused(f"it has {copy.bytes} bytes; JSON and XML go as one message of at most {limit}: split it")
        if manifest and manifest.totals:
            raise Refused("its manifest declares totals of columns; they can be checked in flat files only")
        rows = len(read(Message(copy.file.read()), system.inputs).records)
        if manifest and manifest.rows is not None and manifest.rows != rows:
            raise Refused(f"its manifest says {manifest.rows} rows, the file has {rows}")
        return Judged(rows, Declared(manifest.rows if manifest else None, {}), {}, None, None, copy)

    def _look(self, system: SystemMapping, judged: Judged, part: Part) -> None:
        headers = judged.headers(part, self.simulated)
        outcome = system.map(Message(part.body, headers, received=self.clock(), simulated=self.simulated))
        mapped = {fired.record for fired in outcome.fired}
        judged.rows_mapped += len(mapped)
        if outcome.letters:
            silent = {one.record for one in outcome.ignored} | mapped
            judged.rows_dead += max(1, part.rows - len(silent))
            judged.remark = judged.remark or self._told(outcome.letters[0].detail)
            if outcome.letters[0].reason in _WHOLE:
                raise Refused(f"{outcome.letters[0].reason}: {self._told(outcome.letters[0].detail)}")
        if outcome.state:
            judged.comparable = False
        self._events(system, judged, part, outcome)

    def _events(self, system: SystemMapping, judged: Judged, part: Part, outcome: Outcome) -> None:
        for mapped, fired in zip(outcome.events, outcome.fired, strict=True):
            event = self.guard.protect(mapped) if self.guard else mapped
            amount, currency = (event.amount.value, event.amount.currency) if event.amount else ("", "")
            self._waiting.append((
                system.name, judged.copy.content, event.id, part.before + fired.record + 1, event.type,
                _text(event.subject), amount, currency, int(self.simulated), self.clock(),
            ))  # fmt: skip
        self._note(rest=False)

    def _told(self, detail: str) -> str:
        """What is wrong with a message, as the ledger may say it."""
        return masked_detail(detail) if self.guard else detail

    def _note(self, *, rest: bool) -> None:
        if len(self._waiting) >= (1 if rest else _AT_ONCE):
            names = (
                "system",
                "content",
                "event_id",
                "row",
                "type",
                "subject",
                "amount",
                "currency",
                "simulated",
                "noted",
            )
            self.writer.insert(EVENTS_TABLE, dict(zip(names, map(list, zip(*self._waiting, strict=True)), strict=True)))
            self._waiting = []


def _text(text: str) -> str:
    """A text that can be stored: JSON may hold half a character."""
    return text.encode("utf-8", "backslashreplace").decode()


def _is_flat(system: SystemMapping, copy: Copy) -> bool:
    """Whether its lines are rows; its mapping decides by the first sign. Raises `Unreadable`."""
    start = copy.file.read(_START)
    copy.file.seek(0)
    return system.inputs.flat is not None and syntax_of(start, system.inputs) in ("csv", "fixed")
