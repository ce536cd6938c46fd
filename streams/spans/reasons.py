"""Why a span, or a message of spans, could not be read: the codes that only spans have.

General codes (`empty_value`, `malformed_json`, `wrong_type`, `too_deep`, `time_out_of_range`,
`bad_header`, `bad_marker`, `bad_row`, `broken_file`) are those of `streams.codecs.reasons`.
"""

from typing import Final

MALFORMED_PROTOBUF: Final = "malformed_protobuf"
NO_RESOURCE_SPANS: Final = "no_resource_spans"
TOO_MANY_SPANS: Final = "too_many_spans"
BAD_TRACE_ID: Final = "bad_trace_id"
BAD_SPAN_ID: Final = "bad_span_id"
BAD_PARENT_ID: Final = "bad_parent_id"
MISSING_START: Final = "missing_start"

ADVICE: Final[dict[str, str]] = {
    MALFORMED_PROTOBUF: "The value is truncated or no OTLP. The Collector writes it as otlp_proto or otlp_json.",
    NO_RESOURCE_SPANS: "The message is readable but holds no resourceSpans. Send traces here, not metrics or logs.",
    TOO_MANY_SPANS: "The message holds more spans than one record may. Make the Collector's batches smaller.",
    BAD_TRACE_ID: "A trace id is 16 bytes (32 hex digits in JSON) and not all zeros.",
    BAD_SPAN_ID: "A span id is 8 bytes (16 hex digits in JSON) and not all zeros.",
    BAD_PARENT_ID: "A parent span id is 8 bytes (16 hex digits in JSON), or empty for a root.",
    MISSING_START: "The span has no start time. Correct the instrumentation that wrote it.",
}
