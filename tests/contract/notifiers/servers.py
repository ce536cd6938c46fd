"""Real servers on loopback that answer as told and keep what they were sent."""

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Got(NamedTuple):
    path: str
    headers: Mapping[str, str]
    body: bytes


class HttpReceiver:
    """Answers `replies` in their order, (status, headers) each, then 200. `hang` makes it say nothing at all."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.got: list[Got] = []
        self.replies: list[tuple[int, Mapping[str, str]]] = []
        self.hang = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                outer.got.append(Got(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                if outer.hang.is_set():
                    self.connection.settimeout(2)
                    self.rfile.read(1)
                    return
                status, headers = outer.replies.pop(0) if outer.replies else (200, {})
                self.send_response(status)
                for name, value in {"Content-Length": "2", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class MailReceiver:
    """Speaks enough SMTP. `answers` replaces the answer to a command: {"DATA END": "451 later"}."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        """With `tls` it offers encryption, and `encrypted` tells for each mail whether that was used."""
        self._tls = tls
        self.encrypted: list[bool] = []
        self.mails: list[Mail] = []
        self.recipients: list[str] = []
        self.answers: dict[str, str] = {}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):  # closed already
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    self._talk(connection)
                except OSError:
                    continue

    def _talk(self, connection: socket.socket) -> None:
        stream, secure = connection.makefile("rwb"), False

        def say(command: str, usual: str) -> None:
            stream.write(self.answers.get(command, usual).encode() + b"\r\n")
            stream.flush()

        say("HELLO", "220 test")
        while line := stream.readline():
            word = line.split(b":")[0].split()[0].upper().decode()
            if word == "QUIT":
                say("QUIT", "221 bye")
                return
            if word == "STARTTLS" and self._tls is not None:
                say(word, "220 go on")
                stream, secure = self._tls.wrap_socket(connection, server_side=True).makefile("rwb"), True
                continue
            if word == "RCPT":
                self.recipients.append(line.decode().strip())
            if word != "DATA":
                say(word, "250-fine\r\n250 STARTTLS" if word == "EHLO" and self._tls else "250 fine")
                continue
            say("DATA", "354 go on")
            text = b""
            while (line := stream.readline()) not in (b".\r\n", b""):
                text += line
            if "DATA END" not in self.answers:
                self.mails.append(message_from_bytes(text, policy=default))
                self.encrypted.append(secure)
            say("DATA END", "250 taken")
