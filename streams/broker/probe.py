"""Is a Kafka-protocol broker answering at this address?

A TCP connection alone proves nothing (any program may hold the port), so one ApiVersions request is
sent and its correlation id is expected back: https://kafka.apache.org/protocol.html#The_Messages_ApiVersions
"""

import socket
import ssl
import struct
import time

from streams.broker.reach import parse, tls_of

_API_VERSIONS = 18
_CORRELATION = 0x464C4F57  # "FLOW"
_KAFKAS_PORT = 9092
_CLIENT = b"flowglass-probe"


def answers(host: str, port: int, timeout: float = 1.0, tls: ssl.SSLContext | None = None) -> bool:
    """True if a Kafka-protocol broker replies within `timeout` seconds; never raises on a dead port."""
    try:
        with _connected(host, port, timeout, tls) as connection:
            connection.sendall(_request())
            return _correlation_of(connection) == _CORRELATION
    except OSError:
        return False


def any_answers(broker: str, timeout: float = 1.0) -> bool:
    """True if one of a broker's servers replies. Raises SettingError for an address that is not right."""
    found = parse(broker)
    tls = tls_of(found)
    return any(answers(*address_of(server), timeout=timeout, tls=tls) for server in found.servers.split(","))


def wait_until_answering(host: str, port: int, within: float) -> bool:
    """Ask every 20 ms until the broker answers or `within` seconds have passed."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if answers(host, port):
            return True
        time.sleep(0.02)
    return False


def address_of(server: str) -> tuple[str, int]:
    """Host and port of `host[:port]`; 9092 where none is named."""
    host, _, port = server.strip().rpartition(":")
    return (host, int(port)) if host and port.isdigit() else (server.strip(), _KAFKAS_PORT)


def _connected(host: str, port: int, timeout: float, tls: ssl.SSLContext | None) -> socket.socket:
    connection = socket.create_connection((host, port), timeout=timeout)
    try:
        return tls.wrap_socket(connection, server_hostname=host) if tls is not None else connection
    except BaseException:
        connection.close()
        raise


def _request() -> bytes:
    body = struct.pack(">hhih", _API_VERSIONS, 0, _CORRELATION, len(_CLIENT)) + _CLIENT
    return struct.pack(">i", len(body)) + body


def _correlation_of(connection: socket.socket) -> int:
    reply = b""
    while len(reply) < 8:
        chunk = connection.recv(4096)
        if not chunk:
            return -1
        reply += chunk
    return int(struct.unpack(">ii", reply[:8])[1])
