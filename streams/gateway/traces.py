"""OTLP/HTTP for traces, protobuf and JSON: every span is read by the workers' own reader before the message is sent.

The message goes on whole, as the Collector's Kafka exporter would send it: what can't be read of it becomes dead
letters in the worker, and the exporter is told how many spans those are (partial success, which it must not retry).
A message of which nothing can be read is answered 400, and kept as one dead letter.
https://opentelemetry.io/docs/specs/otlp/#otlphttp
"""

from collections.abc import Mapping
from typing import Final

import msgspec
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from metrics.dead_letter_advice import ADVICE
from metrics.privacy.masking import masked_detail
from streams import topics
from streams.codecs.reasons import MALFORMED_JSON
from streams.gateway.courier import Addressed
from streams.gateway.letters import Fault, Place, letter, plain_place
from streams.gateway.problems import Problem
from streams.gateway.replies import Reply
from streams.gateway.span_check import SpanCheck

PROTOBUF: Final = "application/x-protobuf"
JSON: Final = "application/json"
_EMPTY: Final = (b"", b"{}")
_CODES: Final = {400: 3, 401: 16, 403: 7, 404: 5, 408: 4, 413: 8, 415: 3, 429: 8, 503: 14}  # HTTP's as gRPC's
_INTERNAL: Final = 13


def encoding_of(headers: Mapping[str, str]) -> str:
    """The content type of request and answer. Raises Problem."""
    content = headers.get("content-type", "").partition(";")[0].strip().lower()
    if content in (PROTOBUF, JSON):
        return content
    raise Problem(415, "unsupported_content", f"OTLP/HTTP is {PROTOBUF} or {JSON}; set the exporter to one of them")


class TraceReader:
    """Reads OTLP messages. Not for several threads."""

    def __init__(self, place: Place = plain_place) -> None:
        """`place`: of dead letters."""
        self._check = SpanCheck()
        self._place = place

    def read(self, body: bytes, encoding: str, sender: str) -> Reply:
        """What a message comes to."""
        if encoding == JSON:
            body = body.strip()  # the worker knows JSON by its first sign
            if body[:1] != b"{":
                return _unreadable(
                    encoding, body, Fault(MALFORMED_JSON, "the body is no JSON object"), sender, self._place
                )
        if body in _EMPTY:
            return _reply(encoding, b"", 0, {})
        checked = self._check.check(body, json=encoding == JSON)
        if checked.whole:
            ((reason, (_, detail)),) = checked.faults.items()
            return _unreadable(encoding, body, Fault(reason, masked_detail(detail)), sender, self._place)
        found = checked.spans or checked.faults
        return _reply(encoding, body if found else b"", checked.spans, checked.faults)


def status_body(problem: Problem, encoding: str) -> bytes:
    """A problem as google.rpc.Status, which OTLP asks for: code = 1, message = 2."""
    code, message = _CODES.get(problem.status, _INTERNAL), problem.detail
    if encoding == JSON:
        return msgspec.json.encode({"code": code, "message": message})
    text = message.encode()
    return bytes((0x08, code, 0x12)) + _varint(len(text)) + text


def _unreadable(encoding: str, body: bytes, fault: Fault, sender: str, place: Place) -> Reply:
    problem = Problem(400, fault.reason, f"{fault.detail}. {_advice(fault.reason)}")
    return Reply(
        records=[letter(topics.SPANS, body, (), fault, sender, place)],
        status=400,
        content_type=encoding,
        body=status_body(problem, encoding),
        refused=1,
    )


def _reply(encoding: str, body: bytes, spans: int, faults: Mapping[str, tuple[int, str]]) -> Reply:
    refused = sum(count for count, _ in faults.values())
    details = {reason: (count, masked_detail(detail)) for reason, (count, detail) in sorted(faults.items())}
    told = ", ".join(f"{count} {reason} ({detail})" for reason, (count, detail) in details.items())
    records: list[Addressed] = [(topics.SPANS, (None, body, [], None, None))] if body else []
    return Reply(
        records=records, content_type=encoding, body=_response(encoding, refused, told), taken=spans, refused=refused
    )


def _response(encoding: str, refused: int, told: str) -> bytes:
    if encoding == JSON:
        partial = {"partialSuccess": {"rejectedSpans": str(refused), "errorMessage": told}}
        return msgspec.json.encode(partial if refused else {})
    response = ExportTraceServiceResponse()
    if refused:
        response.partial_success.rejected_spans = refused
        response.partial_success.error_message = told
    return response.SerializeToString()


def _advice(reason: str) -> str:
    return ADVICE.get(reason, "")


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*found, number))
