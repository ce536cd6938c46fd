"""What a request comes to, before it is HTTP."""

from collections.abc import Sequence

import msgspec

from streams.gateway.courier import Addressed


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """The records to send on, and the answer that is given once the broker has them.

    `taken` and `refused` count messages: events, spans, or the one native message.
    """

    records: Sequence[Addressed] = ()
    status: int = 200
    content_type: str = "application/json"
    body: bytes = b""
    taken: int = 0
    refused: int = 0
