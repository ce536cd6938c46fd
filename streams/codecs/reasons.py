"""Why a message could not be read: one code each, with a sentence that says what to do.

A code is stable (it is stored, counted and filtered by); the sentence may be reworded.
"""

from typing import Final

from metrics.texts.unreadable import BAD_AMOUNT as BAD_AMOUNT
from metrics.texts.unreadable import BAD_ROW as BAD_ROW
from metrics.texts.unreadable import BAD_TIME as BAD_TIME
from metrics.texts.unreadable import BROKEN_FILE as BROKEN_FILE
from metrics.texts.unreadable import TIME_OUT_OF_RANGE as TIME_OUT_OF_RANGE
from metrics.texts.unreadable import Unreadable as Unreadable

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
BAD_SEQUENCE: Final = "bad_sequence"
BAD_ATTRIBUTE: Final = "bad_attribute"
UNKNOWN_DATA: Final = "unknown_data"
NO_OBJECTS: Final = "no_objects"
BAD_OBJECT: Final = "bad_object"
NO_ACTIVITY: Final = "no_activity"
NO_CASE: Final = "no_case"
BAD_MARKER: Final = "bad_marker"
SOURCE_PAUSED: Final = "source_paused"
STORE_REFUSED: Final = "store_refused"
FOLD_FAILED: Final = "fold_failed"
