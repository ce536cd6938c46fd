"""Where the trace of an event comes from: the first carrier in the declared order that holds a valid one."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Final

from metrics.definitions.mistakes import Place, nearest
from streams.codecs.traceparent import parse_traceparent
from streams.sources.message import Scope
from streams.sources.passport import trace_of
from streams.sources.readers import Reader
from streams.sources.scalars import text_of
from streams.sources.values import Selectors

Trace = tuple[str, str, str]
"""(trace id, span id, where it comes from); three empty texts for none."""

NO_TRACE: Final = ("", "", "")
KINDS: Final = ("traceparent", "passport", "derived")
DEFAULT: Final = ({"traceparent": "$header.traceparent"}, {"traceparent": "$header.ce_traceparent"})
_LONGEST: Final = 4096
_TRACE: Final = "$trace"  # no named value is called so


def compile_trace(written: Sequence[tuple[int, Any]], place: Place, selectors: Selectors) -> Callable[[Scope], Trace]:
    """The reader of (number in the list, carrier); what is wrong with it is noted in `selectors`."""
    carriers: list[tuple[str, Reader]] = []
    for index, entry in written:
        inside = (*place, index)
        if not isinstance(entry, dict) or len(entry) != 1:
            selectors.wrong.append(
                (inside, f"a carrier is one of {', '.join(KINDS)}: {{traceparent: $header.traceparent}}")
            )
            continue
        ((kind, value),) = entry.items()
        if kind not in KINDS:
            selectors.wrong.append((inside, f"'{kind}' is no carrier of a trace{nearest(kind, KINDS)}"))
            continue
        carriers.append((kind, selectors.value(value, (*inside, kind))))

    def find(scope: Scope) -> Trace:
        for kind, read in carriers:
            text = text_of(read(scope, scope.record))
            if text and len(text) <= _LONGEST and (found := _trace(kind, text)):
                return found
        return NO_TRACE

    def trace(scope: Scope) -> Trace:
        shared = scope.shared
        if _TRACE not in shared:
            shared[_TRACE] = find(scope)
        found: Trace = shared[_TRACE]
        return found

    return trace


def _trace(kind: str, text: str) -> Trace | None:
    if kind == "traceparent":
        found = parse_traceparent(text)
        return None if found is None else (*found, "traceparent")
    if kind == "passport":
        found = trace_of(text)
        return None if found is None else (*found, "sap_passport")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return digest[:32], digest[32:48], "derived"
