"""CloudEvents over HTTP: structured, binary and batch; each event is read by the workers' own codec before it is sent.

An event that can't be read is answered with its reason, and sent on as a dead letter all the same: the sender is most
often a program whose log nobody reads, while the steward sees the dead letter, and replays it once its cause is mended.
"""

from collections import Counter
from collections.abc import Mapping
from time import time
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

import msgspec

from metrics.dead_letter_advice import ADVICE
from metrics.privacy.guard import Guard
from metrics.privacy.masking import masked_detail
from metrics.words import Event
from streams import topics
from streams.codecs import reasons
from streams.codecs.cloudevents import CodecCounts, CodecLimits, decode_batch, encode
from streams.codecs.envelope import BATCH_DECODER, CONTENT_TYPE, EVENTS_CONTENT, JSON_CONTENT
from streams.codecs.reasons import Unreadable
from streams.codecs.tolerant import parse_json
from streams.event_routes import Route, one_topic
from streams.gateway.courier import Addressed
from streams.gateway.letters import KEPT, Fault, KafkaHeaders, Place, letter, plain_place
from streams.gateway.limits import Limits
from streams.gateway.problems import PROBLEM_CONTENT, Problem
from streams.gateway.replies import Reply

BATCH_CONTENT: Final = "application/cloudevents-batch+json"
MARKER_REFUSED: Final = "markers come from Flowglass's own readers of files, never over HTTP"
_FORMS: Final = (
    f"send {EVENTS_CONTENT} (one event), {BATCH_CONTENT} (a list of them), "
    f"or {JSON_CONTENT} with the attributes as ce-* headers"
)
_EVENTS: Final = "application/cloudevents"
_STRUCTURED: Final[KafkaHeaders] = [(CONTENT_TYPE, EVENTS_CONTENT.encode())]


class _Identified(msgspec.Struct):
    id: str = ""


class _Record(NamedTuple):
    """One event as the codec reads records of Kafka."""

    value: bytes
    headers: KafkaHeaders
    timestamp: int
    topic: str = topics.EVENTS
    partition: int = 0
    offset: int = 0
    key: bytes | None = None


class EventReader:
    """Reads the bodies of one gateway."""

    def __init__(
        self, limits: Limits, guard: Guard | None = None, place: Place = plain_place, route: Route = one_topic
    ) -> None:
        """`guard` None: events go on as they come. `place`: of dead letters. `route`: the topic of an event."""
        self._codec = CodecLimits(max_bytes=limits.event, require_key=False)
        self._limits = limits
        self._guard = guard
        self._place = place
        self._route = route
        self._counts = CodecCounts()

    def read(self, body: bytes, headers: Mapping[str, str], sender: str) -> Reply:
        """What a request comes to. Raises Problem when it is no form of CloudEvents, or no event in it can be read."""
        content = headers.get(CONTENT_TYPE, "").partition(";")[0].strip().lower()
        is_list = content == JSON_CONTENT and body.lstrip()[:1] == b"["
        binary = {name.lower() for name in headers if name.lower().startswith("ce-")}
        if content == BATCH_CONTENT or (is_list and not binary):
            return self._batch(body, sender)
        if content in (EVENTS_CONTENT, _EVENTS):
            return self._single(body, _STRUCTURED, sender)
        if content.startswith(_EVENTS):
            raise Problem(
                415, reasons.UNSUPPORTED_CONTENT, f"{self._told(repr(content[:80]))} is not understood; {_FORMS}"
            )
        if binary:
            return self._single(body, binary_headers(headers, binary, content), sender)
        if content == JSON_CONTENT:
            return self._single(body, _STRUCTURED, sender)
        raise Problem(415, reasons.UNSUPPORTED_CONTENT, f"this is no form of CloudEvents; {_FORMS}")

    def _single(self, body: bytes, headers: KafkaHeaders, sender: str) -> Reply:
        found = self._event(body, headers)
        if isinstance(found, Event):
            answer = {"id": found.id, "status": "accepted"}
            return Reply(records=[self._addressed(found)], body=msgspec.json.encode(answer), taken=1)
        content = _refusal(found)
        detail = f"{found.detail}. {ADVICE.get(found.reason, '')}".rstrip()
        problem = Problem(422, found.reason, detail, more={"kept": content["kept"]})
        return Reply(
            records=[letter(topics.EVENTS, body, headers, found, sender, self._place)],
            status=422,
            content_type=PROBLEM_CONTENT,
            body=problem.body(),
            refused=1,
        )

    def _batch(self, body: bytes, sender: str) -> Reply:
        try:
            elements = self._elements(body)
        except Unreadable as error:
            return self._whole(body, Fault(error.reason, self._told(error.detail)), sender)
        records: list[Addressed] = []
        answers: list[dict[str, Any]] = []
        taken = 0
        for index, element in enumerate(elements):
            raw = bytes(element)
            found = self._event(raw, _STRUCTURED)
            if isinstance(found, Event):
                taken += 1
                records.append(self._addressed(found))
                answers.append({"index": index, "id": self._named(found.id), "status": "accepted"})
            else:
                records.append(letter(topics.EVENTS, raw, _STRUCTURED, found, sender, self._place))
                answers.append({"index": index, "id": self._named(_id_of(raw)), **_refusal(found)})
        return _batch_reply(records, answers, taken)

    def _whole(self, body: bytes, fault: Fault, sender: str) -> Reply:
        """A batch of which not one event can be told from the next."""
        detail = f"{fault.detail}. {ADVICE.get(fault.reason, '')}".rstrip()
        headers = [(CONTENT_TYPE, BATCH_CONTENT.encode())]
        return Reply(
            records=[letter(topics.EVENTS, body, headers, fault, sender, self._place)],
            status=422,
            content_type=PROBLEM_CONTENT,
            body=Problem(422, fault.reason, detail, more={"kept": KEPT}).body(),
            refused=1,
        )

    def _elements(self, body: bytes) -> list[msgspec.Raw]:
        try:
            elements = BATCH_DECODER.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            parse_json(body)  # says exactly what is wrong with it
            raise Unreadable(reasons.NOT_CLOUDEVENTS, "no JSON array of envelopes") from None
        if len(elements) > self._limits.events:
            raise Problem(
                413,
                reasons.BATCH_TOO_LONG,
                f"the batch holds {len(elements)} events; send at most {self._limits.events} at once",
            )
        return elements

    def _event(self, value: bytes, headers: KafkaHeaders) -> Event | Fault:
        if value.lstrip()[:1] == b"[":
            return Fault(reasons.NOT_CLOUDEVENTS, f"a list where one event is expected; {_FORMS}")
        record = _Record(value, headers, int(time() * 1000))
        events, _, dead = decode_batch([record], "", limits=self._codec, counts=self._counts)
        if len(events) == 1 and not dead:
            return events[0]
        if dead:
            return Fault(dead[0].reason, self._told(dead[0].detail))
        return Fault(reasons.BAD_MARKER, MARKER_REFUSED)

    def take_dropped(self) -> Counter[str]:
        """How many attributes were dropped since the last call, by event type."""
        return self._guard.take_dropped() if self._guard else Counter()

    def take_unknown(self) -> Counter[str]:
        """How many different words that no vocabulary has were met since the last call, by attribute."""
        return self._guard.take_unknown() if self._guard else Counter()

    def _addressed(self, event: Event) -> Addressed:
        key, value, headers = encode(self._guard.protect(event) if self._guard else event)
        return self._route(event), (key, value, headers, None, None)

    def _told(self, detail: str) -> str:
        """A fault as the sender and the steward may read it."""
        return masked_detail(detail) if self._guard else detail

    def _named(self, id_: str) -> str:
        """An id in a list of answers, unless it may tell of a person: the index says which event it is."""
        return id_ if self._guard is None or self._guard.tells_nobody(id_) else ""


def binary_headers(headers: Mapping[str, str], names: set[str], content: str) -> KafkaHeaders:
    """The attributes of binary mode as a record of Kafka carries them; HTTP's are percent-encoded UTF-8."""
    found = [
        (f"ce_{name[3:]}", unquote(headers[name], errors="surrogateescape").encode("utf-8", "surrogateescape"))
        for name in sorted(names)
    ]
    return [*found, (CONTENT_TYPE, (content or JSON_CONTENT).encode())]


def _batch_reply(records: list[Addressed], answers: list[dict[str, Any]], taken: int) -> Reply:
    refused = len(answers) - taken
    if answers and not taken:
        problem = Problem(422, "no_event_taken", "no event of the batch can be read", more={"events": answers})
        return Reply(records=records, status=422, content_type=PROBLEM_CONTENT, body=problem.body(), refused=refused)
    status = 207 if refused else 200
    return Reply(records=records, status=status, body=msgspec.json.encode(answers), taken=taken, refused=refused)


def _refusal(fault: Fault) -> dict[str, str]:
    advice = ADVICE.get(fault.reason, "")
    return {"status": "refused", "reason": fault.reason, "detail": fault.detail, "advice": advice, "kept": KEPT}


def _id_of(raw: bytes) -> str:
    """The id of an event that can't be read, where at least that can."""
    try:
        return msgspec.json.decode(raw, type=_Identified).id[:256]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
