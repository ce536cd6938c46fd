"""The handshake of CloudEvents webhooks: a sender's platform asks whether it may post here, before it does.

SAP Event Mesh and Azure Event Grid ask so. Who asks needs the token that it will send with.
https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection
"""

from typing import Final

from aiohttp import web

from streams.gateway.handlers import refused
from streams.gateway.problems import Problem
from streams.gateway.senders import Senders

ORIGIN: Final = "WebHook-Request-Origin"


def handshake(request: web.Request, senders: Senders) -> web.Response:
    """The answer to OPTIONS: which origin may post, and how many requests a minute."""
    try:
        sender = senders.candidates(request.headers, request.path)[0]
    except Problem as problem:
        return refused(request, problem)
    headers = {"Allow": "POST, OPTIONS"}
    if origin := request.headers.get(ORIGIN):
        rate = "*" if sender.rate is None else str(max(1, int(sender.rate.per_second * 60)))
        headers |= {"WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": rate}
    return web.Response(headers=headers)
