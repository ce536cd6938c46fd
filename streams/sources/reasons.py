"""Why a source's message gave no event: the codes that only mappings have.

General codes (`empty_value`, `too_large`, `too_deep`, `not_utf8`, `malformed_json`, `bad_time`, `time_out_of_range`,
`bad_amount`, `broken_file`, `bad_row`, `wrong_type`) are those of `streams.codecs.reasons`.
"""

from typing import Final

UNKNOWN_SYSTEM: Final = "unknown_system"
NO_SYNTAX: Final = "no_syntax"
MALFORMED_XML: Final = "malformed_xml"
XML_ENTITIES: Final = "xml_entities"
WRONG_ENCODING: Final = "wrong_encoding"
NO_MESSAGE_KIND: Final = "no_message_kind"
NO_RULE: Final = "no_rule"
NO_RECORDS: Final = "no_records"
TOO_MANY_EVENTS: Final = "too_many_events"
TOO_MANY_RECORDS: Final = "too_many_records"
NO_KEY: Final = "no_key"
NO_IDENTITY: Final = "no_identity"
NO_REVISION: Final = "no_revision"
NO_TIME: Final = "no_time"
VALUE_TOO_LONG: Final = "value_too_long"
UNDECODABLE: Final = "undecodable"
SELECTOR_FAILED: Final = "selector_failed"
CONTROL_TOTALS: Final = "control_totals"
NO_HEAD: Final = "no_head"
NO_TRAILER: Final = "no_trailer"

ADVICE: Final[dict[str, str]] = {
    UNKNOWN_SYSTEM: "No mapping has the name that the header fg-system gives. Correct the header, or add a mapping.",
    NO_SYNTAX: "The message is neither of the syntaxes that the mapping's `inputs` names. Add the syntax there.",
    MALFORMED_XML: "The XML is not well formed. Correct the sender, or declare `repair: ampersands` if that is all.",
    XML_ENTITIES: "The XML defines or uses entities of its own, which are never expanded. Send it without them.",
    WRONG_ENCODING: "The bytes do not fit the declared encoding. Declare the right one under `inputs`.",
    NO_MESSAGE_KIND: "No kind of message in the mapping accepts it. Add one, or name it under `ignore` with a reason.",
    NO_RULE: "The kind of message is known, but no rule applies. Add a rule, or declare `otherwise: ignore`.",
    NO_RECORDS: "The selector `records` finds nothing in it. Compare it with the message.",
    TOO_MANY_EVENTS: "One message gives more events than the limit. Raise `limits.events`, or split it at the source.",
    TOO_MANY_RECORDS: "One message holds more records than the limit. Raise `limits.records`, or split it.",
    NO_KEY: "The business key is missing or empty. Compare the selector of the key with the message.",
    NO_IDENTITY: "The native id that makes the event's id is missing. Compare `identity` with the message.",
    NO_REVISION: "The field that orders snapshots is missing or malformed. Compare `state.order` with the message.",
    NO_TIME: "The time of the event is missing. Compare the selector of the time, or give a second with `first`.",
    VALUE_TOO_LONG: "A value is longer than a key or attribute may be. Leave it out of the mapping.",
    UNDECODABLE: "A part of the message that is itself JSON, XML or base64 cannot be decoded.",
    SELECTOR_FAILED: "A selector met a value of another type than it can work on. Compare it with the message.",
    CONTROL_TOTALS: "The trailer's totals are not those of the rows. Ask the sender for the file again.",
    NO_HEAD: "The file does not begin with its head, so it may be a piece of one. Ask the sender for the file again.",
    NO_TRAILER: "The file has no trailer, so it may be cut off. Ask the sender for the file again.",
}
