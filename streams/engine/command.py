"""`flowglass worker`."""

import asyncio
import signal
import sys
from types import FrameType
from typing import Annotated

import typer

from metrics.settings import read_settings
from streams.broker.partition_change import PartitionsUnsettled
from streams.engine.program import CLASSES, run_worker
from streams.transport.allocators import calm_allocators
from streams.transport.collector import calm_collector
from streams.transport.program import new_loop, quieten


def worker(
    kind: Annotated[str, typer.Argument(help=f"Class of input: {' or '.join(CLASSES)}.")] = "cases",
) -> None:
    """Read one class of input from the broker, work it, and store what follows, until told to stop."""
    if kind not in CLASSES:
        typer.echo(f"there is no class {kind!r}; use {' or '.join(CLASSES)}", err=True)
        raise typer.Exit(2)
    signal.signal(signal.SIGTERM, _leave)
    calm_allocators()
    calm_collector()
    quieten()
    with asyncio.Runner(loop_factory=new_loop) as runner:
        try:
            code = runner.run(run_worker(read_settings(), kind))
        except PartitionsUnsettled as error:
            typer.echo(f"flowglass: {error}", err=True)
            code = 1
        raise typer.Exit(code)


def _leave(number: int, frame: FrameType | None) -> None:
    """Told to stop before anything was read: nothing to flush. Once reading, the app has a handler of its own."""
    sys.exit(0)
