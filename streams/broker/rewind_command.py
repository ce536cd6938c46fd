"""`flowglass rewind`."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer
from aiokafka.errors import KafkaError

from metrics.commands.output import print_json, print_line, print_table, say
from metrics.running import find_stack
from metrics.settings import Settings
from metrics.store.client import connect
from streams.broker.incarnation import read_incarnation
from streams.broker.offsets import OffsetsUnknown
from streams.broker.partition_change import read_changes
from streams.broker.rewind import GroupRuns, Step, Stored, look, plan_rewind, rewind_group
from streams.engine.program import CLASSES

GROUPS: Mapping[str, str] = {worker: f"flowglass-{worker}" for worker in CLASSES}


def rewind(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be set, and set nothing.")] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Even where the topic has dropped records that the store lacks.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Set workers back to what the store holds, after a restore. Workers must not run.

    Exit codes: 0 done, 1 refused: workers run, or the topics no longer have all that the store lacks.
    """
    settings = find_stack(broker=True)
    try:
        steps = asyncio.run(_plan(settings))
        lost = sum(step.gone for step in steps)
        refused = lost and not (accept_loss or dry_run)
        if not dry_run and not refused:
            asyncio.run(_carry_out(settings.broker, steps))
    except (KafkaError, OffsetsUnknown, GroupRuns, OSError) as error:
        say(str(error))
        raise typer.Exit(1) from None
    _tell(steps, as_json=as_json, done=not dry_run and not refused)
    if refused:
        say(
            f"{lost:,} records that the store lacks are no longer in the topics. Restore a newer backup, load them from"
            " their source, or go on without them with --accept-loss. Nothing was set."
        )
    if lost and not accept_loss:
        raise typer.Exit(1)


async def _plan(settings: Settings) -> list[Step]:
    incarnation = str(await read_incarnation(settings.broker))
    stored = await asyncio.to_thread(_stored, settings, incarnation)
    grown = max((one.at for one in (await read_changes(settings.broker)).changes if one.grows), default=0)
    if grown and await asyncio.to_thread(_newest, settings, incarnation) < grown:
        raise GroupRuns(
            "the partitions of the log were changed after this store was backed up: its positions are those of another"
            " number of partitions. Restore a backup that was taken after the change."
        )
    return plan_rewind(stored, await look(settings.broker, CLASSES, GROUPS))


def _stored(settings: Settings, incarnation: str) -> Stored:
    """The positions under this log's identity; those of another log say nothing of it."""
    store = connect(settings)
    try:
        sql = "SELECT worker, topic, partition, committed FROM v_checkpoints WHERE incarnation = %(incarnation)s"
        rows = store.rows(sql, {"incarnation": incarnation})
        return {(row["worker"], row["topic"], row["partition"]): row["committed"] for row in rows}
    finally:
        store.close()


def _newest(settings: Settings, incarnation: str) -> int:
    """When a position under this log's identity was last stored, in microseconds UTC; 0 for never."""
    store = connect(settings)
    try:
        sql = """SELECT toUnixTimestamp64Micro(max(flushed_at)) AS newest FROM v_checkpoints
                 WHERE incarnation = %(incarnation)s"""
        return int(next(iter(store.rows(sql, {"incarnation": incarnation})))["newest"])
    finally:
        store.close()


async def _carry_out(broker: str, steps: list[Step]) -> None:
    for worker, group in GROUPS.items():
        await rewind_group(broker, group, [step for step in steps if step.worker == worker and step.moves])


def _tell(steps: list[Step], *, as_json: bool, done: bool) -> None:
    again, gone = sum(step.again for step in steps), sum(step.gone for step in steps)
    if as_json:
        print_json({"done": done, "again": again, "gone": gone, "partitions": [step._asdict() for step in steps]})
        return
    moved = [step for step in steps if step.moves]
    if moved:
        rows = [
            (
                step.worker,
                step.topic,
                str(step.partition),
                f"{step.committed:,}",
                f"{step.target:,}",
                f"{step.again:,}",
            )
            for step in moved
        ]
        columns = ("worker", "topic", "partition", "stood at", "goes on at", "read again")
        print_table(columns, rows, right="partition, stood at, goes on at, read again")
    print_line(f"{again:,} records {'will' if done else 'would'} be read again")
