"""`flowglass send`: messages of a system, from files, into the running service."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from metrics.commands.output import print_line, say
from metrics.running import find_stack
from streams import topics
from streams.producer import start_producer
from streams.sources.load import SHIPPED, Library
from streams.sources.native import SIMULATED, outgoing


def send(
    system: Annotated[str, typer.Argument(metavar="SYSTEM", help="The mapping that reads them.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="One message each, in order.", exists=True)],
    header: Annotated[list[str] | None, typer.Option("--header", help="name=value; may be repeated.")] = None,
    key: Annotated[
        str, typer.Option("--key", help="Messages with one key stay in order; by default the system's name.")
    ] = "",
    simulated: Annotated[bool, typer.Option("--simulated", help="Mark what follows as not real.")] = False,
) -> None:
    """Send native messages; a worker maps them to events. Returns once the broker has them all."""
    settings = find_stack(broker=True)
    folders = (settings.mappings, SHIPPED) if settings.mappings else (SHIPPED,)
    known = Library(folders).systems()
    if system not in known:
        say(f"there is no mapping '{system}'; there are: {', '.join(known)}")
        raise typer.Exit(2)
    headers = dict(_header(one) for one in header or ())
    if simulated:
        headers[SIMULATED] = "1"
    asyncio.run(_send(settings.broker, system, [file.read_bytes() for file in files], headers, key))
    print_line(f"{len(files)} messages sent; see what they gave with `flowglass case ID`, or `flowglass dlq list`")


async def _send(broker: str, system: str, bodies: Sequence[bytes], headers: Mapping[str, str], key: str) -> None:
    producer = await start_producer(broker, "flowglass-send")
    try:
        await producer.send_many(topics.NATIVE, [outgoing(system, body, headers, key) for body in bodies])
        await producer.flush()
    finally:
        await producer.close()


def _header(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise typer.BadParameter(f"{text!r} is not name=value", param_hint="--header")
    return name.lower(), value
