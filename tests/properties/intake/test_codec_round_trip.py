"""Whatever is encoded is read back, and whatever comes is answered with one item a record."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import example, given, settings
from hypothesis import strategies as st

from metrics.texts.times import HORIZON_END, HORIZON_START, instant, written
from metrics.words import Amount, Event, ObjectRef
from streams.codecs.cloudevents import decode, decode_batch, encode
from tests.unit.streams.codecs.records import FakeRecord

TIMES = st.integers(HORIZON_START, HORIZON_END - 1)
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
SEQUENCES = st.integers(0, 2**64 - 1)


@st.composite
def events(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(["log.step.v1", "purchase_order.created.v1"]))
    attributes = draw(st.dictionaries(TEXTS, JSON, max_size=3)) | {"activity": draw(TEXTS)}
    sequence = draw(SEQUENCES)
    traced = draw(st.booleans())
    source = draw(TEXTS)
    return Event(
        id=draw(TEXTS),
        type=kind,
        activity=str(attributes["activity"]) if kind == "log.step.v1" else kind,
        time=draw(TIMES),
        source=source,
        objects=tuple(draw(st.lists(st.builds(ObjectRef, st.just("worker"), TEXTS, TEXTS), min_size=1, max_size=3))),
        origin="file:00112233",
        position=sequence,
        subject=draw(TEXTS),
        feed=draw(st.sampled_from(["simulator", source])),
        sequence=sequence,
        started=draw(st.none() | TIMES),
        recorded=draw(st.none() | TIMES),
        effective_date=draw(st.dates().map(str) | st.just("")),
        precision=draw(st.sampled_from(["instant", "second", "minute", "day"])),
        attributes=attributes,
        amount=draw(st.none() | st.builds(Amount, st.decimals(-9999, 9999, places=2).map(str), st.just("USD"))),
        actor=draw(TEXTS | st.just("")),
        trace_id="a" * 32 if traced else "",
        span_id="b" * 16 if traced else "",
        trace_source=draw(st.sampled_from(["traceparent", "derived"])) if traced else "",
        simulated=draw(st.booleans()),
    )


@settings(max_examples=150, deadline=None)
@given(events())
def test_an_encoded_event_is_decoded_unchanged(event: Event) -> None:
    key, value, headers = encode(event)
    assert decode(FakeRecord(value, headers, key, timestamp=0), "i1") == [event]


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode) | JSON.map(lambda value: repr(value).encode()))
@example(b'{"specversion":"1.0","id":"1","source":"s","type":"t","time":"2026-01-01T00:00:00Z","data":{"objects":{}}}')
def test_no_bytes_are_answered_with_an_exception_or_with_silence(value: bytes) -> None:
    events, markers, dead = decode_batch([FakeRecord(value)], "i1")
    assert len(events) + len(markers) + len(dead) >= 1


@settings(max_examples=300, deadline=None)
@given(st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30)), st.integers(-1439, 1439), st.integers(0, 6))
def test_times_agree_with_datetime_at_any_offset(moment: datetime, minutes: int, digits: int) -> None:
    zone = timezone(timedelta(minutes=minutes))
    moment = moment.replace(tzinfo=UTC, microsecond=moment.microsecond // 10 ** (6 - digits) * 10 ** (6 - digits))
    sign = "-" if minutes < 0 else "+"
    text = moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f".{moment.microsecond:06}"[: digits + 1] if digits else ""
    text = f"{text}{fraction}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    time = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert instant(text) == time
    assert instant(written(time)) == time
