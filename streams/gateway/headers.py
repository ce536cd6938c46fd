"""What is kept of a request's head: never a credential, never what only the connection needs."""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Final
from urllib.parse import parse_qsl, urlencode

from streams.sources.native import CAUSE, SIMULATED
from streams.sources.redaction import MASK

QUERY: Final = "fg-query"
SENDER: Final = "fg-sender"
KEY: Final = "fg-key"
_OURS: Final = "fg-"
_OURS_TAKEN: Final = frozenset({CAUSE, SIMULATED})
_CREDENTIAL: Final = re.compile(
    r"auth(?!or(?!i))|cookie|token|signature|secret|passw|credential|hmac|session|jwt|bearer|api-?_?key|access-?_?key|\bsig\b"
    r"|-sig$|^x-hub-|application-?key"
)
_OF_THE_CONNECTION: Final = frozenset(
    (
        *("accept", "accept-encoding", "accept-language", "connection", "content-encoding", "content-length", "expect"),
        *(
            "forwarded",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "via",
        ),
        "x-real-ip",
    )
)
_LONGEST: Final = 4_096
_MEMO: Final = 4_096


def keeper(secret: Collection[str]) -> Callable[[Iterable[tuple[str, str]]], dict[str, str]]:
    """Keeps the headers that a mapping may read, in small letters; `secret`: those known to hold credentials."""
    verdicts: dict[str, bool] = {}

    def is_kept(name: str) -> bool:
        if name in secret or name in _OF_THE_CONNECTION or name.startswith("x-forwarded-"):
            return False
        if name.startswith(_OURS):
            return name in _OURS_TAKEN
        return not _CREDENTIAL.search(name)

    def kept(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, value in headers:
            name = name.lower()
            verdict = verdicts.get(name)
            if verdict is None:
                verdict = is_kept(name)
                if len(verdicts) < _MEMO:
                    verdicts[name] = verdict
            if verdict:
                found[name] = value.encode("utf-8", "replace").decode()[:_LONGEST]
        return found

    return kept


def masked_query(query: str) -> str:
    """A query string whose credentials are masked."""
    if not query:
        return ""
    pairs = parse_qsl(query[:_LONGEST], keep_blank_values=True, max_num_fields=None)
    return urlencode(
        [(name, MASK.decode() if _CREDENTIAL.search(name.lower()) else value) for name, value in pairs], safe="*"
    )
