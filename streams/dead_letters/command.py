"""`flowglass dlq`: look at what could not be read, and send it again once the cause is repaired."""

import asyncio
import base64
from time import monotonic
from typing import Annotated, Any

import typer
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.progress import Progress

from metrics.commands.opened import open_store, wall_clock
from metrics.commands.output import for_machines, print_json, print_line, print_table, say
from metrics.commands.wording import moment
from metrics.running import find_stack
from metrics.settings import Settings
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from streams.codecs.reasons import ADVICE
from streams.dead_letters.aftermath import Aftermath, ends_of, look
from streams.dead_letters.letters import DIED_AGAIN, NEW, Letter, Payload, read_letters, read_payloads
from streams.dead_letters.pauses import StoredPauses
from streams.dead_letters.replay import Replay, Sent
from streams.producer import ProduceFailed, start_producer
from streams.sources.reasons import ADVICE as SOURCE_ADVICE
from streams.spans.reasons import ADVICE as SPAN_ADVICE

dlq = typer.Typer(
    help="Messages that could not be read: list, show, replay.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Reason = Annotated[str, typer.Option("--reason", help="Only with this reason.")]
Source = Annotated[str, typer.Option("--source", help="Only from this source.")]

_LONGEST_SHOWN = 4_000
_ADVICE = {**ADVICE, **SPAN_ADVICE, **SOURCE_ADVICE}


@dlq.command("list")
def list_letters(
    reason: Reason = "",
    source: Source = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="How many to list.")] = 50,
    every: Annotated[bool, typer.Option("--all", help="Also those that a replay has settled.")] = False,
    as_json: AsJson = False,
) -> None:
    """List dead letters, newest first."""
    states = () if every else (NEW, DIED_AGAIN)
    with open_store() as (_, reader):
        letters = read_letters(reader, reason=reason, source=source, states=states, limit=limit)
    total = letters[0].total if letters else 0
    if as_json:
        print_json({"total": total, "dead_letters": [_for_machines(letter) for letter in letters]})
        return
    if not letters:
        print_line("no dead letters" if every else "no dead letters wait (--all shows those that were replayed)")
        return
    print_table(
        ("id", "at", "reason", "state", "source or origin", "detail"),
        [(one.id, moment(one.ingested_us), one.reason, one.state, one.source or one.origin, one.detail[:120])
         for one in letters],
    )  # fmt: skip
    if total > len(letters):
        print_line(f"{len(letters)} of {total} shown; --limit shows more")


@dlq.command()
def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="Its id, or the start of it.")], as_json: AsJson = False
) -> None:
    """Show one dead letter with its record (key, headers, bytes), and what to do about it."""
    with open_store() as (_, reader):
        letter = _one(read_letters(reader, ids=[id]), id)
        record = next(iter(read_payloads(reader, [letter.id])))
    advice = _ADVICE.get(letter.reason, "")
    if as_json:
        print_json(_for_machines(letter) | _record_json(record) | {"advice": advice})
        return
    for name, value in _for_machines(letter).items():
        print_line(f"{name:<13} {value}")
    print_line(f"{'key':<13} {_readable(record.key)}")
    for header, content in record.headers:
        print_line(f"{'header':<13} {header}: {_readable(content)}")
    print_line(f"{'advice':<13} {advice}")
    print_line()
    print_line(_readable(record.payload))
    if len(record.payload) > _LONGEST_SHOWN:
        print_line(f"… {len(record.payload) - _LONGEST_SHOWN} more bytes; --json prints all")


@dlq.command()
def replay(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID…]", help="Their ids, or the starts of them.")] = None,
    reason: Reason = "",
    source: Source = "",
    every: Annotated[bool, typer.Option("--all", help="All that were never replayed.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also those that died again after a replay.")] = False,
    wait: Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait for the workers' answer.")] = 15.0,
    as_json: AsJson = False,
) -> None:
    """Send dead letters to their topics again. To send one twice changes nothing in the outcome.

    Exit codes: 0 all were read (or none was there), 1 some died again, were not sent, or were not read in time.
    """
    if not (ids or reason or source or every):
        say("name dead letters by id, or choose them with --reason, --source or --all")
        raise typer.Exit(2)
    settings = find_stack(broker=True)
    with open_store(settings) as (client, reader):
        states = () if ids else (NEW, DIED_AGAIN) if again else (NEW,)
        letters = read_letters(reader, ids=ids or (), reason=reason, source=source, states=states)
        for id in ids or ():
            _one([letter for letter in letters if letter.id.startswith(id)], id)
        try:
            sent, after = asyncio.run(_replay(settings, client, reader, letters, wait))
        except (ProduceFailed, KafkaError, TimeoutError) as error:
            say(f"the broker at {settings.broker} did not take them: {error}. What it took is noted; replay the rest.")
            raise typer.Exit(1) from None
    result = replay_json(sent, after)
    print_json(result) if as_json else print_replay(result)
    if result["died_again"] or result["skipped"] or not result["read"]:
        raise typer.Exit(1)


async def _replay(
    settings: Settings, client: StoreClient, reader: Queries, letters: list[Letter], wait: float
) -> tuple[Sent, Aftermath]:
    writer = ClickHouseWriter(client, cluster=settings.cluster)
    paused = StoredPauses(client, writer, wall_clock).paused()
    if not letters:
        return Sent(wall_clock(), [], []), Aftermath({}, True)
    producer = await start_producer(settings.broker, "flowglass-dlq")
    try:
        with Progress(console=Console(stderr=True), transient=True, disable=len(letters) < 1000) as bar:
            task = bar.add_task("replaying", total=len(letters))
            work = Replay(reader, producer, lambda table, rows: writer.insert(table, rows), wall_clock)
            sent = await work.send(letters, paused, lambda count: bar.advance(task, count))
        topics = {letter.topic: await producer.partitions(letter.topic) for letter in sent.letters}
    finally:
        await producer.close()
    ends = await ends_of(settings.broker, topics)
    return sent, await look(reader, sent, ends, within=wait, clock=monotonic)


def replay_json(sent: Sent, after: Aftermath) -> dict[str, Any]:
    """What a replay did, as `--json` prints it."""
    died = [
        {"id": one.id, "reason": after.died[one.payload_hash]} for one in sent.letters if one.payload_hash in after.died
    ]
    skipped = [{"id": one.id, "why": one.why} for one in sent.skipped]
    return {"sent": len(sent.letters), "died_again": died, "skipped": skipped, "read": after.read}


def print_replay(result: dict[str, Any]) -> None:
    """What a replay did, for people."""
    print_line(f"{result['sent']} sent, {len(result['died_again'])} died again, {len(result['skipped'])} not sent")
    for one in result["died_again"]:
        print_line(f"  {one['id']} died again: {one['reason']}")
    for one in result["skipped"]:
        print_line(f"  {one['id']} not sent: {one['why']}")
    if not result["read"]:
        print_line("the workers have not read all of it yet: `flowglass doctor` says how far they are")


def _one(letters: list[Letter], id: str) -> Letter:
    if len(letters) == 1:
        return letters[0]
    say(f"no dead letter has the id {id!r}" if not letters else f"{id!r} begins {len(letters)} ids: give more of it")
    raise typer.Exit(1)


def _record_json(record: Payload) -> dict[str, Any]:
    """The record with its bytes in base64; null where it had no key, or a header no value."""
    headers = [{"name": name, "value_base64": _base64(value)} for name, value in record.headers]
    return {"payload_base64": _base64(record.payload), "key_base64": _base64(record.key), "headers": headers}


def _base64(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode()


def _readable(data: bytes | None) -> str:
    return "(none)" if data is None else data[:_LONGEST_SHOWN].decode(errors="backslashreplace")


def _for_machines(letter: Letter) -> dict[str, Any]:
    fields = for_machines(letter)
    del fields["total"]
    return fields
