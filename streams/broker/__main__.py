"""`python -m streams.broker --port N`: become the embedded broker (the process is replaced, signals reach it).

The broker dies of a log line that the disk has no room for. So its log goes through a second process, which leaves out
what cannot be written and ends with the broker.
"""

import argparse
import os
import signal
import sys

from metrics.steady_log import SteadyStream
from streams.broker import embedded


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m streams.broker", description="Run the embedded broker.")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    port = parser.parse_args().port
    program = embedded.program()
    pass_on_log()
    os.execve(program, [program, "broker"], embedded.environment(port))


def pass_on_log() -> None:
    """From here on what this process prints reaches its standard output by way of a process of its own."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(writing)
        _copy(reading)
    os.close(reading)
    os.dup2(writing, sys.stdout.fileno())
    os.close(writing)


def _copy(reading: int) -> None:
    """Ends this process once nobody is left who writes."""
    for number in (signal.SIGINT, signal.SIGTERM):  # for the broker, whose last words are still to come
        signal.signal(number, signal.SIG_IGN)
    log = SteadyStream(sys.stdout.fileno())
    with open(reading, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            log.write(line)
    os._exit(0)


if __name__ == "__main__":
    main()
