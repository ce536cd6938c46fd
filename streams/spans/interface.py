"""The interface a span belongs to: the name under which operations people know the call.

The first of these that the span carries decides:

1. ``flowglass.interface``: said outright by the instrumentation or a Collector processor;
2. ``messaging.destination.name``: the queue or topic;
3. ``rpc.service`` and ``rpc.method``, as ``service/method`` (or ``rpc.method`` alone);
4. ``http.route`` or ``url.template``, after the peer where one is known: ``coupa.example /api/orders/{id}``;
5. the peer alone: ``peer.service``, else ``server.address``, else the older ``net.peer.name``.

Paths and full URLs are never used: they hold ids, and an interface must stay a short list.
Names of attributes: OpenTelemetry semantic conventions 1.30, with ``net.peer.name`` from before 1.21.
"""

from collections.abc import Mapping
from typing import Final

OWN: Final = "flowglass.interface"
DESTINATION: Final = "messaging.destination.name"
RPC_SERVICE: Final = "rpc.service"
RPC_METHOD: Final = "rpc.method"
ROUTES: Final = ("http.route", "url.template")
PEERS: Final = ("peer.service", "server.address", "net.peer.name")

HINTS: Final = frozenset((OWN, DESTINATION, RPC_SERVICE, RPC_METHOD, *ROUTES, *PEERS))
"""The attributes that `interface_of` looks at."""


def interface_of(hints: Mapping[str, str]) -> str:
    """The interface that a span's hint attributes name, '' when they name none."""
    outright = hints.get(OWN) or hints.get(DESTINATION)
    if outright:
        return outright
    method = hints.get(RPC_METHOD, "")
    if method:
        service = hints.get(RPC_SERVICE, "")
        return f"{service}/{method}" if service else method
    peer = _first(hints, PEERS)
    route = _first(hints, ROUTES)
    return f"{peer} {route}" if peer and route else peer or route


def _first(hints: Mapping[str, str], names: tuple[str, ...]) -> str:
    for name in names:
        value = hints.get(name)
        if value:
            return value
    return ""
