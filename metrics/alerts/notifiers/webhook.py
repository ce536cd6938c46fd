"""Any HTTP endpoint: the message as JSON, signed.

`Flowglass-Signature` is `sha256=` and the hex HMAC-SHA256 of `<Flowglass-Timestamp>.<body>` under the shared secret.
`Flowglass-Message` (also `Idempotency-Key`) is the message's id: the same message, sent again, has the same.
"""

import hashlib
import hmac
from collections.abc import Callable

import msgspec

from metrics.alerts.notifiers.port import Answer
from metrics.alerts.notifiers.web import Web
from metrics.alerts.words import Message, Told
from metrics.commands.wording import rfc3339
from metrics.words import SECOND


class WebhookNotifier:
    def __init__(self, web: Web, url: str, secret: bytes, clock: Callable[[], int]) -> None:
        """`clock`: microseconds since 1970 UTC."""
        self._web = web
        self._url = url
        self._secret = secret
        self._clock = clock

    def send(self, message: Message) -> Answer:
        body = payload(message)
        stamp = str(self._clock() // SECOND)
        headers = {
            "Content-Type": "application/json",
            "Flowglass-Message": message.id,
            "Idempotency-Key": message.id,
            "Flowglass-Timestamp": stamp,
            "Flowglass-Signature": f"sha256={sign(self._secret, stamp, body)}",
        }
        return self._web.tell(self._url, body, headers)


def sign(secret: bytes, stamp: str, body: bytes) -> str:
    """The signature in hex."""
    return hmac.new(secret, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def payload(message: Message) -> bytes:
    """The body."""
    return msgspec.json.encode(
        {
            "message": message.id,
            "receiver": message.receiver,
            "number": message.number,
            "status": "resolved" if message.is_resolved else "firing",
            "simulated": message.is_simulated,
            "reason": message.reason,
            "created": rfc3339(message.created),
            "alerts": [_alert(one) for one in message.alerts],
        }
    )


def _alert(told: Told) -> dict[str, object]:
    return {
        "id": told.id,
        "revision": told.revision,
        "status": told.status,
        "labels": {name: value for name, value in told.labels.items() if value},
        "summary": told.summary,
        "count": told.count,
        "amounts": told.amounts,
        "link": told.link,
        "fired": rfc3339(told.fired),
        "resolved": rfc3339(told.resolved),
    }
