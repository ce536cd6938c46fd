"""`python -m streams.broker --port N`: become the embedded broker (the process is replaced, signals reach it)."""

import argparse
import os

from streams.broker import embedded


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m streams.broker", description="Run the embedded broker.")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    port = parser.parse_args().port
    program = embedded.program()
    os.execve(program, [program, "broker"], embedded.environment(port))


if __name__ == "__main__":
    main()
