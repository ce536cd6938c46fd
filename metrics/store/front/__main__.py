"""The embedded ClickHouse HTTP front as a program: `python -m metrics.store.front --path DIR --port N`.

Prints `ready http://127.0.0.1:PORT` once it answers; SIGTERM or Ctrl-C ends it cleanly (exit code 0).
Exit code 1: the path is taken or the port is in use; the reason is on stderr.
"""

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import NoReturn

from metrics.logs import configure_logs
from metrics.settings import log_form
from metrics.steady_log import keep_writing
from metrics.store.front.connections import Connections
from metrics.store.front.engine import Engine
from metrics.store.front.path_lock import PathTaken, lock_path
from metrics.store.front.server import FrontServer
from metrics.store.front.sessions import Sessions

_DRAIN_SECONDS = 8.0  # a clean stop is promised within 10 s,
_CLOSE_SECONDS = 1.5  # closing the engine included


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m metrics.store.front", description=__doc__.split("\n")[0])
    parser.add_argument("--path", type=Path, required=True, help="directory of the store; created when missing")
    parser.add_argument("--port", type=int, default=0, help="loopback port; 0 picks a free one")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    configure_logs(log_form())
    try:
        lock_path(options.path, f"process {os.getpid()}")
        connections = Connections(str(options.path.resolve()))
        server = FrontServer(options.port, Engine(connections, Sessions()))
    except PathTaken as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"port {options.port} on 127.0.0.1 can't be used: {error}", file=sys.stderr)
        return 1
    serve(server, connections)
    return 0


def serve(server: FrontServer, connections: Connections) -> None:
    """Answer until SIGTERM or SIGINT, then let running requests end and close the engine."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown, daemon=True).start()  # shutdown waits for the loop below

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"ready http://127.0.0.1:{server.port}", flush=True)
    server.serve_forever(poll_interval=0.1)
    server.socket.close()
    if server.drain(_DRAIN_SECONDS):
        closing = threading.Thread(target=connections.close, daemon=True)
        closing.start()
        closing.join(_CLOSE_SECONDS)


def leave(code: int) -> NoReturn:
    """End the process without the engine's destructors: with a request still running they wait for ever or crash.

    Nothing is lost by it: an insert is answered only when its part is on disk.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    keep_writing()
    leave(main())
