"""What to do about a dead letter, by its reason: one sentence for each code, for the command line and the pages.

The codes are those of `streams.codecs.reasons`, `streams.spans.reasons` and `streams.sources.reasons`; they are stored
and filtered by, the sentences may be reworded.
"""

from typing import Final

ADVICE: Final[dict[str, str]] = {
    # Messages, events and rows of any kind
    "empty_value": "The record has no value. Deletions are events of their own: send one that says what was deleted.",
    "missing_key": "The record has no key. Send the case or subject as the Kafka key, so that events stay together.",
    "too_large": "The record is larger than the limit. Send documents by reference, or raise the limit of the codec.",
    "too_deep": "The JSON is nested deeper than the limit. Flatten it in the mapping of its source.",
    "not_utf8": "The record is not UTF-8. Set the sending system's character set to UTF-8.",
    "malformed_json": "The value is not JSON. See RFC 8259: truncated text, NaN and comments are not allowed.",
    "not_cloudevents": "The value is no CloudEvents envelope. Map the source, or send CloudEvents 1.0.",
    "bad_header": "A Kafka header cannot be read. Headers are UTF-8; see the detail for the name.",
    "batch_too_long": "The batch holds more events than one record may. Split it.",
    "unsupported_version": "Only CloudEvents 1.0 is understood. Send specversion 1.0.",
    "unsupported_content": "The data is not JSON. Send datacontenttype application/json.",
    "missing_attribute": "A required attribute is missing or empty. The detail names it; add it at the source.",
    "wrong_type": "A value has another JSON type than the contract says. The detail names the path.",
    "bad_type": "The event type is malformed. It looks like purchase_order.created.v1.",
    "bad_time": "A time cannot be read. Send RFC 3339 with an offset, such as 2026-01-02T03:04:05Z.",
    "time_out_of_range": "A time lies outside 1900-01-01 to 2199-12-31. Correct the record at its source.",
    "bad_sequence": "The sequence is missing or not a whole number from 0. A record with an origin needs it.",
    "bad_attribute": "An attribute has a value that is not allowed. The detail names it and the values that are.",
    "unknown_data": "The data has no known shape. It is a JSON object with objects, attributes, amount and actor.",
    "no_objects": "The event refers to no object. Name at least one in data.objects, with type and id.",
    "bad_object": "An object reference is malformed. It needs a snake_case type and an id that is not empty.",
    "bad_amount": "The amount is malformed. It needs a decimal value and a three-letter currency.",
    "no_activity": "The step of a log names no activity. Fill the activity column or data.attributes.activity.",
    "no_case": "The row names no case. Fill the case column.",
    "bad_marker": "The feed marker is malformed. It needs feed, kind (backfill, live, end) and a count.",
    "bad_row": "The row cannot be read as the header says. Compare its number of columns and its quotes.",
    "broken_file": "The file ends or breaks in the middle. What came before it was read; send the file again.",
    "source_paused": "Its source was paused. Repair the cause, then `flowglass source resume`, `flowglass dlq replay`.",
    # Spans
    "malformed_protobuf": "The value is truncated or no OTLP. The Collector writes it as otlp_proto or otlp_json.",
    "no_resource_spans": "The message is readable but holds no resourceSpans. Send traces here, not metrics or logs.",
    "too_many_spans": "The message holds more spans than one record may. Make the Collector's batches smaller.",
    "bad_trace_id": "A trace id is 16 bytes (32 hex digits in JSON) and not all zeros.",
    "bad_span_id": "A span id is 8 bytes (16 hex digits in JSON) and not all zeros.",
    "bad_parent_id": "A parent span id is 8 bytes (16 hex digits in JSON), or empty for a root.",
    "missing_start": "The span has no start time. Correct the instrumentation that wrote it.",
    # Native messages and their mappings
    "unknown_system": "No mapping has the name that the header fg-system gives. Correct the header, or add a mapping.",
    "no_syntax": "The message is neither of the syntaxes that the mapping's `inputs` names. Add the syntax there.",
    "malformed_xml": "The XML is not well formed. Correct the sender, or declare `repair: ampersands` if that is all.",
    "xml_entities": "The XML defines or uses entities of its own, which are never expanded. Send it without them.",
    "wrong_encoding": "The bytes do not fit the declared encoding. Declare the right one under `inputs`.",
    "no_message_kind": "No kind of message in the mapping accepts it. Add one, or name it under `ignore` and say why.",
    "no_rule": "The kind of message is known, but no rule applies. Add a rule, or declare `otherwise: ignore`.",
    "no_records": "The selector `records` finds nothing in it. Compare it with the message.",
    "too_many_events": "One message gives more events than the limit. Raise `limits.events`, or split it.",
    "too_many_records": "One message holds more records than the limit. Raise `limits.records`, or split it.",
    "no_key": "The business key is missing or empty. Compare the selector of the key with the message.",
    "no_identity": "The native id that makes the event's id is missing. Compare `identity` with the message.",
    "no_revision": "The field that orders snapshots is missing or malformed. Compare `state.order` with the message.",
    "no_time": "The time of the event is missing. Compare the selector of the time, or give a second with `first`.",
    "value_too_long": "A value is longer than a key or attribute may be. Leave it out of the mapping.",
    "undecodable": "A part of the message that is itself JSON, XML or base64 cannot be decoded.",
    "selector_failed": "A selector met a value of another type than it can work on. Compare it with the message.",
    "control_totals": "The trailer's totals are not those of the rows. Ask the sender for the file again.",
    "no_head": "The file does not begin with its head, so it may be a piece of one. Ask the sender for the file again.",
    "no_trailer": "The file has no trailer, so it may be cut off. Ask the sender for the file again.",
}
