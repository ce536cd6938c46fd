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
