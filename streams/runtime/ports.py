"""Ports on loopback: free ones for what nobody types, a wanted one for what people open."""

import socket

HOST = "127.0.0.1"


class PortTaken(Exception):
    """Another program listens where we were told to."""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


def wanted_port(port: int, name: str, option: str) -> int:
    """`port` itself if it is free. Raises PortTaken with what to do."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise PortTaken(
                f"port {port} for the {name} is taken; stop what uses it or choose another: {option}"
            ) from error
    return port


def answers(port: int) -> bool:
    """Whether something accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0
