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
