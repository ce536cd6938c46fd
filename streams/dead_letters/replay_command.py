"""`flowglass dlq replay`: send letters to their topics again, or (`--dry-run`) see what each would become now."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Annotated, Any

import typer
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.progress import Progress

from metrics.commands.opened import open_store, wall_clock
from metrics.commands.output import print_json, print_line, say
from metrics.privacy.opened import privacy_at_hand
from metrics.running import find_stack
from metrics.settings import Settings
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from streams.dead_letters.aftermath import Aftermath, ends_of, look
from streams.dead_letters.letters import DIED_AGAIN, NEW, Letter, Which, read_letters, read_originals
from streams.dead_letters.originals import seal_of
from streams.dead_letters.pauses import StoredPauses
from streams.dead_letters.rehearsal import Rehearsal
from streams.dead_letters.replay import Replay, Sent, choose
from streams.privacy.snapshots import SealedSnapshots
from streams.producer import ProduceFailed, start_producer
from streams.sources.memory import SnapshotMemory
from streams.sources.shelf import load_systems
from streams.sources.stored import fetch_from

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Reason = Annotated[str, typer.Option("--reason", help="Only with this reason.")]
Source = Annotated[str, typer.Option("--source", help="Only from this source.")]
System = Annotated[str, typer.Option("--system", help="Only native messages of this system (a mapping's name).")]
Owner = Annotated[str, typer.Option("--owner", help="Only those that this domain repairs.")]

_MANY = 200
"""Letters from which on a bar shows how far it is."""


def replay(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID…]", help="Their ids, or the starts of them.")] = None,
    reason: Reason = "",
    source: Source = "",
    system: System = "",
    owner: Owner = "",
    every: Annotated[bool, typer.Option("--all", help="All that were never replayed.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also those that died again after a replay.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what each would become now, and send none.")] = False,
    wait: Annotated[float, typer.Option("--wait", min=0, help="Seconds to wait for the workers' answer.")] = 15.0,
    as_json: AsJson = False,
) -> None:
    """Send dead letters to their topics again. To send one twice changes nothing in the outcome.

    Exit codes: 0 all were read (or none was there), 1 some died again, were not sent, or were not read in time.
    """
    which = Which(ids or (), reason, source, system, owner, () if ids else (NEW, DIED_AGAIN) if again else (NEW,))
    if not (which.named or every):
        say("name dead letters by id, or choose them with --reason, --source, --system, --owner or --all")
        raise typer.Exit(2)
    settings = find_stack(broker=not dry_run)
    with open_store(settings) as (client, reader):
        letters = read_letters(reader, which)
        for id in ids or ():
            one_letter([letter for letter in letters if letter.id.startswith(id)], id)
        if dry_run:
            _rehearse(settings, client, reader, letters, as_json)
            return
        try:
            sent, after = asyncio.run(_replay(settings, client, reader, letters, wait))
        except (ProduceFailed, KafkaError, TimeoutError) as error:
            say(f"the broker at {settings.broker} did not take them: {error}. What it took is noted; replay the rest.")
            raise typer.Exit(1) from None
    result = replay_json(sent, after)
    print_json(result) if as_json else print_replay(result)
    if result["died_again"] or result["skipped"] or not result["read"]:
        raise typer.Exit(1)


def one_letter(letters: list[Letter], id: str) -> Letter:
    """The only letter that an id names; else says why not and ends the command with code 1."""
    if len(letters) == 1:
        return letters[0]
    say(f"no dead letter has the id {id!r}" if not letters else f"{id!r} begins {len(letters)} ids: give more of it")
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
        with _bar("replaying", len(letters)) as advance:
            work = Replay(
                reader, seal_of(settings), producer, lambda table, rows: writer.insert(table, rows), wall_clock
            )
            sent = await work.send(letters, paused, advance)
        topics = {letter.topic: await producer.partitions(letter.topic) for letter in sent.letters}
    finally:
        await producer.close()
    ends = await ends_of(settings.broker, topics)
    return sent, await look(reader, sent, ends, within=wait, clock=monotonic)


def _rehearse(settings: Settings, client: StoreClient, reader: Queries, letters: list[Letter], as_json: bool) -> None:
    """Print what each letter would become. Ends with code 1 when one would die again or cannot be sent."""
    chosen, skipped = choose(letters, StoredPauses(client, ClickHouseWriter(client), wall_clock).paused())
    rehearsal = Rehearsal(load_systems(settings.mappings, lambda *_: None), _remembered(settings, client))
    found: list[dict[str, Any]] = [{"id": one.id, "not_sent": one.why} for one in skipped]
    with _bar("reading", len(chosen)) as advance:
        for letter, original in read_originals(reader, seal_of(settings), chosen, wall_clock()):
            advance(1)
            if isinstance(original, str):
                found.append({"id": letter.id, "not_sent": original})
                continue
            fate = rehearsal.fate(letter, original)
            dies = {"reason": fate.dies[0], "detail": fate.dies[1]} if fate.dies else None
            found.append(
                {"id": letter.id, "gives": fate.gives, "dies": dies, "silent": fate.silent, "words": fate.words}
            )
    if as_json:
        print_json({"would": [{name: value for name, value in one.items() if name != "words"} for one in found]})
    else:
        for one in found:
            print_line(f"{one['id']}  {one['words'] if 'words' in one else 'not sent: ' + one['not_sent']}")
        print_line(f"{len(found)} looked at, none sent")
    if any(one.get("dies") or "not_sent" in one for one in found):
        raise typer.Exit(1)


def _remembered(settings: Settings, client: StoreClient) -> SnapshotMemory:
    """The snapshots of sources as the worker knows them."""
    fetch, privacy = fetch_from(client), privacy_at_hand(settings)
    return SnapshotMemory(SealedSnapshots(privacy.tokens, privacy.sealer).opening(fetch) if privacy else fetch)


@contextmanager
def _bar(what: str, total: int) -> Iterator[Any]:
    """A progress bar where there is much to do; gives the function that moves it on."""
    with Progress(console=Console(stderr=True), transient=True, disable=total < _MANY) as bar:
        task = bar.add_task(what, total=total)
        yield lambda count: bar.advance(task, count)


def replay_json(sent: Sent, after: Aftermath) -> dict[str, Any]:
    """What a replay did, as `--json` prints it."""
    dead = [(one.id, after.died[one.message]) for one in sent.letters if one.message in after.died]
    died = [{"id": id, "reason": now.reason, "detail": now.detail} for id, now in dead]
    skipped = [{"id": one.id, "why": one.why} for one in sent.skipped]
    return {"sent": len(sent.letters), "died_again": died, "skipped": skipped, "read": after.read}


def print_replay(result: dict[str, Any]) -> None:
    """What a replay did, for people."""
    print_line(f"{result['sent']} sent, {len(result['died_again'])} died again, {len(result['skipped'])} not sent")
    for one in result["died_again"]:
        print_line(f"  {one['id']} died again: {one['reason']}: {one['detail']}")
    for one in result["skipped"]:
        print_line(f"  {one['id']} not sent: {one['why']}")
    if not result["read"]:
        print_line("the workers have not read all of it yet: `flowglass doctor` says how far they are")
