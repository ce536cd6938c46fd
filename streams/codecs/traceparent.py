"""W3C Trace Context ``traceparent``: which trace and span a message was sent in.

Source: https://www.w3.org/TR/trace-context/#traceparent-header (versions above 00 may carry more
fields, which are ignored; version ff, upper case and all-zero ids are invalid).
"""

import re
from typing import Final

_FORM: Final = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
_LATER_FORM: Final = re.compile(r"(?!00|ff)[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?", re.ASCII)
_NO_TRACE: Final = "0" * 32
_NO_SPAN: Final = "0" * 16


def parse_traceparent(text: str) -> tuple[str, str] | None:
    """(trace id, span id) in lower-case hex, or None when malformed: then the receiver ignores it."""
    if not _FORM.fullmatch(text) and not _LATER_FORM.fullmatch(text):
        return None
    trace_id, span_id = text[3:35], text[36:52]
    if trace_id == _NO_TRACE or span_id == _NO_SPAN:
        return None
    return trace_id, span_id
