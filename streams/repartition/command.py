"""`flowglass repartition`."""

import asyncio
from time import time_ns
from typing import Annotated

import typer
from aiokafka.errors import KafkaError

from metrics.commands.output import print_json, print_line, say
from metrics.running import find_stack
from streams.broker.offsets import OffsetsUnknown
from streams.producer import ProduceFailed
from streams.repartition.changing import change
from streams.repartition.growing import CannotGrow, StillRunning
from streams.repartition.plan import Refused


def repartition(
    partitions: Annotated[int, typer.Argument(help="How many partitions events and deliveries are to have.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Give events more partitions, so that more workers share them. Workers of cases and quality must not run;
    whoever sends events goes on. Safe to repeat: after a crash run it again, workers wait for it.

    Exit codes: 0 done, 1 refused: workers run, fewer partitions, or a broker that can't add any.
    """
    settings = find_stack(broker=True)
    try:
        done = asyncio.run(change(settings, partitions, lambda: time_ns() // 1000))
    except (Refused, StillRunning, CannotGrow, KafkaError, OffsetsUnknown, ProduceFailed, OSError) as error:
        say(str(error))
        raise typer.Exit(1) from None
    if as_json:
        print_json(done._asdict())
        return
    print_line(f"{done.before} → {done.partitions} partitions; {done.sent:,} messages between workers were sent again")
    if done.feeds:
        print_line(f"{done.feeds} feeds: what they said of themselves was said in the new partitions too")
