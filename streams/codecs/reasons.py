"""Why a message could not be read: one code each, with a sentence that says what to do.

A code is stable (it is stored, counted and filtered by); the sentence may be reworded.
"""

from typing import Final

EMPTY_VALUE: Final = "empty_value"
MISSING_KEY: Final = "missing_key"
TOO_LARGE: Final = "too_large"
TOO_DEEP: Final = "too_deep"
NOT_UTF8: Final = "not_utf8"
MALFORMED_JSON: Final = "malformed_json"
NOT_CLOUDEVENTS: Final = "not_cloudevents"
BAD_HEADER: Final = "bad_header"
BATCH_TOO_LONG: Final = "batch_too_long"
UNSUPPORTED_VERSION: Final = "unsupported_version"
UNSUPPORTED_CONTENT: Final = "unsupported_content"
MISSING_ATTRIBUTE: Final = "missing_attribute"
WRONG_TYPE: Final = "wrong_type"
BAD_TYPE: Final = "bad_type"
BAD_TIME: Final = "bad_time"
TIME_OUT_OF_RANGE: Final = "time_out_of_range"
BAD_SEQUENCE: Final = "bad_sequence"
BAD_ATTRIBUTE: Final = "bad_attribute"
UNKNOWN_DATA: Final = "unknown_data"
NO_OBJECTS: Final = "no_objects"
BAD_OBJECT: Final = "bad_object"
BAD_AMOUNT: Final = "bad_amount"
NO_ACTIVITY: Final = "no_activity"
NO_CASE: Final = "no_case"
BAD_MARKER: Final = "bad_marker"
BAD_ROW: Final = "bad_row"
BROKEN_FILE: Final = "broken_file"
SOURCE_PAUSED: Final = "source_paused"

ADVICE: Final[dict[str, str]] = {
    EMPTY_VALUE: "The record has no value. Deletions are events of their own: send one that says what was deleted.",
    MISSING_KEY: "The record has no key. Send the case or subject as the Kafka key, so that its events stay together.",
    TOO_LARGE: "The record is larger than the limit. Send documents by reference, or raise the limit of the codec.",
    TOO_DEEP: "The JSON is nested deeper than the limit. Flatten it in the mapping of its source.",
    NOT_UTF8: "The record is not UTF-8. Set the sending system's character set to UTF-8.",
    MALFORMED_JSON: "The value is not JSON. See RFC 8259: truncated text, NaN and comments are not allowed.",
    NOT_CLOUDEVENTS: "The value is no CloudEvents envelope. Map the source, or send CloudEvents 1.0.",
    BAD_HEADER: "A Kafka header cannot be read. Headers are UTF-8; see the detail for the name.",
    BATCH_TOO_LONG: "The batch holds more events than one record may. Split it.",
    UNSUPPORTED_VERSION: "Only CloudEvents 1.0 is understood. Send specversion 1.0.",
    UNSUPPORTED_CONTENT: "The data is not JSON. Send datacontenttype application/json.",
    MISSING_ATTRIBUTE: "A required attribute is missing or empty. The detail names it; add it at the source.",
    WRONG_TYPE: "A value has another JSON type than the contract says. The detail names the path.",
    BAD_TYPE: "The event type is malformed. It looks like purchase_order.created.v1.",
    BAD_TIME: "A time cannot be read. Send RFC 3339 with an offset, such as 2026-01-02T03:04:05Z.",
    TIME_OUT_OF_RANGE: "A time lies outside 1900-01-01 to 2199-12-31. Correct the record at its source.",
    BAD_SEQUENCE: "The sequence is missing or not a whole number from 0. A record with an origin needs it.",
    BAD_ATTRIBUTE: "An attribute has a value that is not allowed. The detail names it and the values that are.",
    UNKNOWN_DATA: "The data has no known shape. It is a JSON object with objects, attributes, amount and actor.",
    NO_OBJECTS: "The event refers to no object. Name at least one in data.objects, with type and id.",
    BAD_OBJECT: "An object reference is malformed. It needs a snake_case type and an id that is not empty.",
    BAD_AMOUNT: "The amount is malformed. It needs a decimal value and a three-letter currency.",
    NO_ACTIVITY: "The step of a log names no activity. Fill the activity column or data.attributes.activity.",
    NO_CASE: "The row names no case. Fill the case column.",
    BAD_MARKER: "The feed marker is malformed. It needs feed, kind (backfill, live, end) and a count.",
    BAD_ROW: "The row cannot be read as the header says. Compare its number of columns and its quotes.",
    BROKEN_FILE: "The file ends or breaks in the middle. What came before it was read; send the file again.",
    SOURCE_PAUSED: "Its source was paused. Repair the cause, then `flowglass source resume`, `flowglass dlq replay`.",
}


class Unreadable(Exception):
    """A message cannot be read. Never leaves its codec or reader: it becomes a dead letter there."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
