"""A table of spans (CSV): one row a span. Read as a stream; a row that cannot be read is a dead letter."""

import csv
from collections.abc import Iterator
from datetime import UTC
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from metrics.texts.times import HORIZON_END, instant
from metrics.words import DeadLetter
from streams.codecs.reasons import BAD_ROW, BAD_TIME, BROKEN_FILE, TIME_OUT_OF_RANGE, Unreadable
from streams.intake.options import IntakeError
from streams.intake.text_files import BROKEN_PACKING, Lines, encoding_of, open_text
from streams.spans.packing import Packer, SpanMessage, proto_message
from streams.spans.reading import named_kind, named_status, parent_hex, span_hex, trace_hex
from streams.spans.schema import AnyValue, KeyValue, Resource, Span, Status
from streams.spans.span_columns import SpanTable, span_table

_ROOTS: Final = frozenset(("", "root", "none", "null", "nan", "0"))
_SECOND: Final = 1_000_000_000
_LARGEST: Final = HORIZON_END * 1_000  # nanoseconds


def read_csv_spans(path: Path, origin: str) -> Iterator[SpanMessage | DeadLetter]:
    """Records for the spans topic, and dead letters; a position is the 0-based data row. Raises IntakeError."""
    with open_text(path, encoding_of(path, None)) as text:
        lines = Lines(text)
        rows = csv.reader(lines)
        try:
            header = next(rows, [])
        except (csv.Error, *BROKEN_PACKING) as error:
            raise IntakeError(f"{path.name}: the header cannot be read: {error}") from None
        encode = _RowEncoder(span_table([cell.strip().lstrip("\ufeff") for cell in header]))
        packer = Packer(origin, proto_message)
        yield from _rows(lines, rows, encode, packer, origin)
        yield from packer.rest()


def _rows(
    lines: Lines, rows: Iterator[list[str]], encode: "_RowEncoder", packer: Packer, origin: str
) -> Iterator[SpanMessage | DeadLetter]:
    row = -1
    while True:
        lines.taken()
        try:
            cells = next(rows)
            if not cells:
                continue
            row += 1
            yield from packer.add(*encode(cells), row)
        except StopIteration:
            return
        except Unreadable as verdict:
            yield dead_letter(origin, row, verdict.reason, verdict.detail, lines.since())
        except csv.Error as error:
            row += 1
            yield dead_letter(origin, row, BAD_ROW, str(error), lines.since())
        except BROKEN_PACKING as error:
            yield dead_letter(origin, row + 1, BROKEN_FILE, str(error), b"")
            return


def dead_letter(origin: str, position: int, reason: str, detail: str, payload: bytes) -> DeadLetter:
    """A row or line of a file that could not be read; it was never a record of a topic."""
    return DeadLetter(
        origin=origin, position=position, topic="", partition=0, offset=0, reason=reason, detail=detail, payload=payload
    )


class _RowEncoder:
    """Cells → (trace id, encoded resource, encoded span)."""

    def __init__(self, table: SpanTable) -> None:
        self._table = table
        self._resources: dict[tuple[str, str], bytes] = {}

    def __call__(self, cells: list[str]) -> tuple[str, bytes, bytes]:
        if len(cells) != self._table.width:
            raise Unreadable(BAD_ROW, f"{len(cells)} cells, the header has {self._table.width}")
        trace_id = trace_hex(self._cell(cells, "trace"))
        parent = self._cell(cells, "parent")
        start = self._time(cells, "start")
        status = named_status(_number(self._cell(cells, "status") or "0"))
        message = self._cell(cells, "message")
        span = Span(
            trace_id=bytes.fromhex(trace_id),
            span_id=bytes.fromhex(span_hex(self._cell(cells, "span"))),
            parent_span_id=b"" if parent.lower() in _ROOTS else bytes.fromhex(parent_hex(parent)),
            name=self._cell(cells, "name").encode(),
            kind=named_kind(_number(self._cell(cells, "kind") or "0")),
            start=start,
            end=self._end(cells, start),
            attributes=[_pair(name, cells[at]) for at, name in self._table.attributes if cells[at]],
            status=Status(code=status, message=message.encode()).SerializeToString() if status or message else b"",
        )
        return trace_id, self._resource(cells), span.SerializeToString()

    def _cell(self, cells: list[str], role: str) -> str:
        at = self._table.at.get(role)
        return "" if at is None else cells[at].strip()

    def _time(self, cells: list[str], role: str) -> int:
        return nanoseconds(self._cell(cells, role), self._table.units[role])

    def _end(self, cells: list[str], start: int) -> int:
        if "end" in self._table.at:
            return self._time(cells, "end")
        length = _decimal(self._cell(cells, "duration"))
        return _in_range(start + int(length * self._table.units["duration"]))

    def _resource(self, cells: list[str]) -> bytes:
        service, pod = self._cell(cells, "service"), self._cell(cells, "pod")
        known = self._resources.get((service, pod))
        if known is None:
            pairs = [_pair("service.name", service or service_of_pod(pod))]
            if pod:
                pairs.append(_pair("k8s.pod.name", pod))
            known = self._resources[service, pod] = Resource(attributes=pairs).SerializeToString()
        return known


def service_of_pod(pod: str) -> str:
    """A pod's name less its two last dash-separated parts: ``frontend-579b9bff58-t2dbm`` → ``frontend``."""
    parts = pod.split("-")
    return "-".join(parts[:-2]) if len(parts) > 2 else pod


def nanoseconds(text: str, unit: int) -> int:
    """A time as nanoseconds since 1970 UTC: a number of units (0: its size tells), or RFC 3339. Raises Unreadable."""
    if not text:
        raise Unreadable(BAD_TIME, "the time is empty")
    if text.isascii() and text.isdigit() and len(text) <= 20:
        number = int(text)
        return _in_range(number * (unit or _unit_of(number)))
    if not text[:1].isdigit() or "-" in text or ":" in text:
        return _in_range(instant(text, UTC) * 1_000)
    amount = _decimal(text)
    return _in_range(int(amount * (unit or _unit_of(int(amount)))))


def _unit_of(number: int) -> int:
    """Nanoseconds a unit of a time near our days: 10 digits are seconds, 13 milliseconds, 16 micro-, 19 nanoseconds."""
    return next((unit for limit, unit in ((10**11, _SECOND), (10**14, 10**6), (10**17, 10**3)) if number < limit), 1)


def _in_range(time: int) -> int:
    if 0 <= time < _LARGEST:
        return time
    raise Unreadable(TIME_OUT_OF_RANGE, "the time lies outside 1970-01-01 to 2199-12-31, where spans can be")


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Unreadable(BAD_TIME, f"{text[:40]!r} is no number") from None
    if not number.is_finite() or number.adjusted() > 20:
        raise Unreadable(BAD_TIME, f"{text[:40]!r} is no time")
    return number


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _pair(name: str, value: str) -> bytes:
    pair: bytes = KeyValue(
        key=name.encode(), value=AnyValue(string=value.encode()).SerializeToString()
    ).SerializeToString()
    return pair
