"""`python -m streams.gateway`: the same as `flowglass gateway`."""

import typer

from streams.gateway.command import gateway

if __name__ == "__main__":
    typer.run(gateway)
