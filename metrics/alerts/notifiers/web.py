"""HTTP to places that the file allows, and nowhere else.

A name is resolved once, every address is judged, and the connection goes to an address that was judged: a name that
changes its mind between the check and the call leads nowhere. Redirects are not followed and no proxy is asked.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from metrics.alerts.notifiers.port import Answer, Delivered, Refused, Retry
from metrics.alerts.plan import HostRule

TIMEOUT = 5.0
"""Seconds for connecting, and for each wait on the receiver."""
MOST_ANSWER = 4096
LONGEST_WAIT = 300.0

BAD_MESSAGE = frozenset({400, 413, 415, 422})
"""Statuses that speak of the message. Any other one may go away: a token is put right, a page comes back."""

_NAT64 = IPv6Network("64:ff9b::/96")

Resolve = Callable[[str, int], Sequence[str]]


class NotAllowed(Exception):
    """The address is none of those that may be talked to; the message says why."""


class Reply(NamedTuple):
    """What a receiver answered: `text` is the beginning of its body."""

    status: int
    text: str
    retry_after: float


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises OSError."""
    return [str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


class Gate:
    """Opens connections to allowed places."""

    def __init__(self, hosts: Sequence[HostRule], resolve: Resolve = resolve, timeout: float = TIMEOUT) -> None:
        self._hosts = hosts
        self._resolve = resolve
        self.timeout = timeout

    def rule(self, host: str, port: int) -> HostRule:
        """The rule that allows a place. Raises NotAllowed."""
        for one in self._hosts:
            if one.name == host.lower() and one.port in (None, port):
                return one
        raise NotAllowed(f"{host}:{port} is not among `hosts` of the alerts file")

    def open(self, host: str, port: int) -> socket.socket:
        """A connection. Raises NotAllowed and OSError."""
        rule = self.rule(host, port)
        addresses = [address for address in dict.fromkeys(self._resolve(host, port)) if _permitted(address, rule)]
        if not addresses:
            raise NotAllowed(f"{host} has no address that may be talked to (`private: true` allows private networks)")
        error: OSError = OSError("no address")
        for address in addresses:
            try:
                return socket.create_connection((address, port), self.timeout)
            except OSError as failure:
                error = failure
        raise error


def _permitted(text: str, rule: HostRule) -> bool:
    address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address.sixtofour or _translated(address) or address
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False  # among them the addresses at which clouds hand out credentials
    return address.is_global or (rule.private and (address.is_private or address.is_loopback))


def _translated(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a translating network would call."""
    return IPv4Address(address.packed[-4:]) if address in _NAT64 else None


class _Connection(http.client.HTTPConnection):
    def __init__(self, gate: Gate, host: str, port: int, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port)
        self._gate = gate
        self._context = context

    def connect(self) -> None:
        opened = self._gate.open(self.host, self.port)
        self.sock = opened if self._context is None else self._context.wrap_socket(opened, server_hostname=self.host)


class Web:
    """Posts to allowed places."""

    def __init__(self, gate: Gate, context: ssl.SSLContext | None = None) -> None:
        self._gate = gate
        self._context = context or ssl.create_default_context()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """One request. Raises NotAllowed, OSError and http.client.HTTPException."""
        parts = urlsplit(url)
        host, secure = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        rule = self._gate.rule(host, port)
        if not secure and not rule.private:
            raise NotAllowed(f"{host} must be talked to by https; only private places may do without")
        connection = _Connection(self._gate, host, port, self._context if secure else None)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body, {"User-Agent": "flowglass", **headers})
            answer = connection.getresponse()
            text = answer.read(MOST_ANSWER).decode(errors="replace")
            return Reply(answer.status, text, _seconds(answer.headers.get("Retry-After", "")))
        finally:
            connection.close()

    def tell(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """One request, as a notifier answers it. The address may be a secret: it is in no reason."""
        try:
            reply = self.post(url, body, headers)
        except NotAllowed as error:
            return Retry(str(error))
        except TimeoutError:
            return Retry(f"no answer within {self._gate.timeout:g} s")
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Retry(f"can't be reached: {_said(error)}")
        return judged(reply)


def judged(reply: Reply) -> Answer:
    """What a status means for the message."""
    if 200 <= reply.status < 300:
        return Delivered()
    said = " ".join(reply.text.split())[:200]
    reason = f"HTTP {reply.status}{': ' + said if said else ''}"
    if reply.status in BAD_MESSAGE:
        return Refused(reason)
    return Retry(reason, reply.retry_after)


def _said(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def _seconds(text: str) -> float:
    return min(float(text), LONGEST_WAIT) if text.isdecimal() and text.isascii() else 0.0
