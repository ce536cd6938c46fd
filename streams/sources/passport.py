"""The trace of an SAP passport: a hex text of 230 bytes that starts and ends with ``*TH*``.

Layout, version 3 (inferred from the length field and the documented parts; see https://npmjs.com/package/@sap/e2e-trace):
eye-catcher 4, version 1, length 2, trace flags 2, component 32, service 2, user 32, action 40, action type 2, previous
component 32, transaction id 32, client 3, system type 2, root context id 16, connection id 16, counter 4, ...
"""

from typing import Final

_START: Final = "2a54482a"
_ROOT: Final = slice(186 * 2, 202 * 2)
_CONNECTION: Final = slice(202 * 2, 210 * 2)
_LONGEST: Final = 4096


def trace_of(passport: str) -> tuple[str, str] | None:
    """(trace id, span id) from the root context and the connection; None for anything that is not a whole passport."""
    text = passport.strip().lower()
    if not text.startswith(_START) or not 230 * 2 <= len(text) <= _LONGEST:
        return None
    try:
        bytes.fromhex(text)
    except ValueError:
        return None
    trace_id, span_id = text[_ROOT], text[_CONNECTION]
    if not trace_id.strip("0"):
        return None
    return trace_id, span_id if span_id.strip("0") else trace_id[:16]
