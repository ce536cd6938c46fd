"""`flowglass topics`."""

import asyncio
from typing import Annotated

import typer
from aiokafka.errors import KafkaError

from metrics.commands.output import print_json, print_line, say
from metrics.settings import Settings, read_settings
from streams import topics as declared_topics
from streams.broker.declaring import counted, declare_topics
from streams.broker.offsets import OffsetsUnknown


def topics(
    declare: Annotated[bool, typer.Option("--declare", help="Create those that are missing; the others stay.")] = False,
    replication: Annotated[
        int | None,
        typer.Option("--replication", min=1, help="Copies of each new one; left out: as many as the broker says."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show Flowglass's topics with their partitions, or declare them before anything else writes to the broker.

    Exit codes: 0 all are there, 1 some are missing or the broker refuses.
    """
    settings = read_settings()
    try:
        counts = _declared(settings, replication) if declare else _counted(settings)
    except (KafkaError, OffsetsUnknown, declared_topics.NotCopartitioned, OSError) as error:
        say(f"the broker {settings.broker} can't be used: {error}")
        raise typer.Exit(1) from None
    if as_json:
        print_json({"topics": counts})
    else:
        for name, count in counts.items():
            print_line(f"{name:<24} {count or 'missing':>7}")
    if not all(counts.values()):
        raise typer.Exit(1)


def _declared(settings: Settings, replication: int | None) -> dict[str, int]:
    return declare_topics(settings.broker, settings.partitions, replication or declared_topics.BROKERS_OWN)


def _counted(settings: Settings) -> dict[str, int]:
    """Partitions of each topic, 0 for a missing one."""
    found = asyncio.run(counted(settings.broker))
    return {topic.name: found.get(topic.name, 0) for topic in declared_topics.all_topics()}
