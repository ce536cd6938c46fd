"""`flowglass up`: the embedded stack in the foreground."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import sleep
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from metrics.privacy.keyring import KEYS_FILE, ensure_keyring
from metrics.settings import Settings, read_settings
from streams.gateway.own_token import TOKEN_FILE
from streams.runtime.child import Child
from streams.runtime.data_dir import DataDirectory, DirectoryInUse
from streams.runtime.disk import DiskWatch
from streams.runtime.external import ExternalUnusable, prepare
from streams.runtime.first_data import FirstData
from streams.runtime.ports import HOST, PortTaken
from streams.runtime.renewal import MIB, Renewal, is_drained
from streams.runtime.stack import Addresses, StackOptions, children, choose_addresses, environment
from streams.runtime.supervisor import KeepsDying, Stopping, Supervisor

console = Console(stderr=True)

FINISH_SECONDS = 20
LIVE_SPEED = 20.0
"""The group lives so many times as busily as its history: its natural rate is a handful of events in a quiet hour."""


def complain(text: str) -> None:
    """Say what went wrong. No markup: what programs and brokers say may hold brackets."""
    console.print(text, style="red", markup=False, highlight=False, soft_wrap=True)


class StopSignal:
    """Turns SIGINT and SIGTERM into an event that sleeping code notices."""

    def __init__(self) -> None:
        self._told = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._tell)

    def _tell(self, number: int, frame: FrameType | None) -> None:
        self._told.set()

    def wait(self, seconds: float) -> None:
        """Sleep; raises Stopping as soon as a signal came."""
        if self._told.wait(seconds):
            raise Stopping


def run_stack(options: StackOptions, directory: DataDirectory, addresses: Addresses, stop: StopSignal) -> int:
    """Run the programs until told to stop; returns the exit code."""
    shared = {**os.environ, **environment(options, addresses)}
    programs = {spec.name: Child(spec, directory.logs, shared) for spec in children(options, addresses, directory)}
    supervisor = Supervisor(list(programs.values()), stop.wait)
    directory.write_note(
        broker=addresses.broker,
        store=addresses.store,
        dashboards_port=addresses.dashboards_port,
        gateway_port=addresses.gateway_port,
    )
    try:
        prepare(options, addresses)
        supervisor.start()
        supervisor.watch(_each_round(programs, addresses, supervisor, options, stop))
    except Stopping:
        console.print("stopping …")
        _let_workers_finish(programs, addresses)
        return 0
    except ExternalUnusable as error:
        complain(str(error))
        return 1
    except KeepsDying as error:
        complain(f"{error}. The end of {error.child.log_file}:")
        console.print(error.child.last_lines(), markup=False, highlight=False, soft_wrap=True)
        return 1
    finally:
        supervisor.stop()
        directory.remove_note()
    return 0


def _let_workers_finish(programs: Mapping[str, Child], addresses: Addresses) -> None:
    """The embedded broker forgets what it holds: nothing more goes in, and the workers read what is there."""
    if "broker" not in programs:
        return
    for name in _producers(programs):
        programs[name].stop()
    needed = [programs[name] for name in ("broker", "store", *addresses.worker_names) if name in programs]
    if all(child.is_alive for child in needed) and not is_drained(addresses.broker, sleep, patience=FINISH_SECONDS):
        console.print("[yellow]some records in the broker were not read; the next start says how many[/yellow]")


def _producers(programs: Mapping[str, Child]) -> tuple[str, ...]:
    """What sends records, as far as it runs."""
    return tuple(name for name in ("simulator", "gateway", "folder") if name in programs)


def _each_round(
    programs: Mapping[str, Child], addresses: Addresses, supervisor: Supervisor, options: StackOptions, stop: StopSignal
) -> Callable[[], None]:
    """What the supervisor does beside watching: tell the news, watch the disk, keep the broker small."""
    news = FirstData(addresses, console, expected="simulator" in programs)
    disk = DiskWatch(options.data_dir, complain)

    def tell_news() -> None:
        disk.look()
        if supervisor.all_up:
            news.look()

    if "broker" not in programs:
        return tell_news
    renewal = Renewal(
        supervisor,
        producers=_producers(programs),
        readers=addresses.worker_names,
        drained=lambda: is_drained(addresses.broker, stop.wait),
        size=programs["broker"].resident_bytes,
        limit=options.broker_limit_mib * MIB,
    )

    def each_round() -> None:
        tell_news()
        renewal.look()

    return each_round


def _ensure_keys(directory: DataDirectory, settings: Settings) -> None:
    """Random keys of this installation's own, unless others are named or privacy is off."""
    if settings.privacy == "on" and settings.privacy_keys is None:
        ensure_keyring(directory.root / KEYS_FILE)


def where_to_send(options: StackOptions, addresses: Addresses) -> Iterator[str]:
    """How one's own events come in, as sentences for the person at the terminal."""
    port = addresses.gateway_port
    if port is not None:
        if options.gateway_port is None and port != options.usual_gateway_port:
            yield f"port {options.usual_gateway_port} is taken, so the gateway listens at another (--gateway-port N)"
        named = read_settings().gateway
        senders = f"the token in {options.data_dir / TOKEN_FILE}" if named is None else f"what {named} declares"
        yield f"send events, webhooks and traces to http://{HOST}:{port} with {senders} (docs/http-intake.md)"
    if options.inbox is not None:
        yield f"put files into {options.inbox}/SYSTEM/ (docs/nightly-files.md)"


def up(
    data_dir: Annotated[Path, typer.Option(help="Where store, logs and notes live.")] = Path(".flowglass"),
    port: Annotated[int, typer.Option(help="Port of the dashboards on 127.0.0.1.")] = 8050,
    broker: Annotated[str | None, typer.Option(help="Use this Kafka (host:port) instead of the embedded one.")] = None,
    store: Annotated[str | None, typer.Option(help="Use this ClickHouse (URL) instead of the embedded one.")] = None,
    simulator: Annotated[bool, typer.Option(help="Play the simulated hospital group.")] = True,
    gateway: Annotated[bool, typer.Option(help="Take events, webhooks and traces over HTTP.")] = True,
    gateway_port: Annotated[
        int | None, typer.Option(help="Port of the gateway; not given: the usual one, or a free one.", min=1, max=65535)
    ] = None,
    folder: Annotated[bool, typer.Option(help="Watch the folder `inbox` of the data directory for files.")] = True,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the data of earlier runs (asks first).")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    days: Annotated[int, typer.Option(help="Days of simulated history; kept data keeps its own.")] = 90,
) -> None:
    """Run the whole product on this machine: broker, store, workers, dashboards and a simulated hospital group."""
    directory = DataDirectory(data_dir.resolve())
    stop = StopSignal()
    try:
        directory.lock()
        if fresh and directory.has_data:
            if not (yes or typer.confirm(f"Forget all data in {directory.root}?")):
                raise typer.Exit(1)
            directory.clear()
        settings = read_settings()
        _ensure_keys(directory, settings)
        if folder:
            directory.inbox.mkdir(exist_ok=True)
        played = directory.simulation() or {"days": days, "speed": LIVE_SPEED}
        arguments = ("--days", f"{played['days']}", "--speed", f"{played['speed']:g}")
        options = StackOptions(
            directory.root,
            port,
            broker,
            store,
            simulator,
            simulator_arguments=arguments,
            broker_limit_mib=settings.broker_limit_mib,
            gateway=gateway,
            gateway_port=gateway_port,
            usual_gateway_port=settings.gateway_port,
            inbox=directory.inbox if folder else None,
        )
        addresses = choose_addresses(options)
    except (DirectoryInUse, PortTaken) as error:
        complain(str(error))
        raise typer.Exit(1) from None
    console.print(f"starting on http://{HOST}:{addresses.dashboards_port} · data in {directory.root}")
    for line in where_to_send(options, addresses):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(run_stack(options, directory, addresses, stop))
