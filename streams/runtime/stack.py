"""The programs of an embedded stack: what to start, in which order, and how each is known to be well."""

import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiokafka.errors import KafkaError

from metrics.store.errors import StoreError
from metrics.store.migrate import migrate_url
from streams import topics
from streams.broker.declaring import declare_topics
from streams.broker.offsets import OffsetsUnknown
from streams.runtime.child import ChildSpec, Health, NotStarted
from streams.runtime.data_dir import DataDirectory
from streams.runtime.ports import HOST, PortTaken, answers, free_port, wanted_port

WORKERS = ("cases", "spans", "sources", "quality")
LATER = 5
"""Niceness of what follows from the cases' own input: on a busy machine cases come first."""


@dataclass(frozen=True, slots=True)
class StackOptions:
    """What `flowglass up` was asked for. `broker` (host:port) and `store` (URL) name external ones."""

    data_dir: Path
    port: int = 8050
    broker: str | None = None
    store: str | None = None
    simulator: bool = True
    partitions: int = topics.DEFAULT_PARTITIONS
    simulator_arguments: tuple[str, ...] = ()
    broker_limit_mib: int = 1024
    gateway: bool = False
    gateway_port: int | None = None
    """None: the usual port, or any free one where that is taken."""
    usual_gateway_port: int = 8060
    inbox: Path | None = None
    """The folder that is watched for files; None: none is."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the programs of one stack listen."""

    broker: str
    store: str
    dashboards_port: int
    worker_ports: Mapping[str, int]
    """Where each class of worker shows /metrics, /health and /ready."""
    gateway_port: int | None = None
    """None: no gateway runs."""

    @property
    def worker_names(self) -> tuple[str, ...]:
        return tuple(f"worker-{kind}" for kind in self.worker_ports)


def choose_addresses(options: StackOptions) -> Addresses:
    """Free ports for what is ours and not typed by people. Raises PortTaken."""
    return Addresses(
        broker=options.broker or f"{HOST}:{free_port()}",
        store=options.store or f"http://{HOST}:{free_port()}",
        dashboards_port=wanted_port(options.port, "dashboards", "--port N"),
        worker_ports={kind: free_port() for kind in WORKERS},
        gateway_port=_gateway_port(options) if options.gateway else None,
    )


def _gateway_port(options: StackOptions) -> int:
    if options.gateway_port is not None:
        return wanted_port(options.gateway_port, "gateway", "--gateway-port N, or --no-gateway")
    try:
        return wanted_port(options.usual_gateway_port, "gateway", "")
    except PortTaken:
        return free_port()


def environment(options: StackOptions, addresses: Addresses) -> Mapping[str, str]:
    """How every program of the stack finds the others."""
    gateway = {} if addresses.gateway_port is None else {"FLOWGLASS_GATEWAY_PORT": str(addresses.gateway_port)}
    return {
        **gateway,
        "FLOWGLASS_BROKER_URL": addresses.broker,
        "FLOWGLASS_STORE_URL": addresses.store,
        "FLOWGLASS_DATA_DIR": str(options.data_dir),
        "FLOWGLASS_PARTITIONS": str(options.partitions),
        "FLOWGLASS_DASHBOARDS_PORT": str(addresses.dashboards_port),
    }


def children(options: StackOptions, addresses: Addresses, directory: DataDirectory) -> list[ChildSpec]:
    """All programs, in the order of starting."""
    specs = []
    if options.broker is None:
        specs.append(_broker(addresses, options.partitions))
    if options.store is None:
        specs.append(_store(addresses, directory))
    specs += [_worker(kind, port) for kind, port in addresses.worker_ports.items()]
    specs += [_dashboards(addresses), _alerts(free_port())]
    if addresses.gateway_port is not None:
        specs.append(_gateway(addresses.gateway_port))
    if options.inbox is not None:
        specs.append(ChildSpec("folder", ("-m", "metrics.cli", "folder", str(options.inbox)), stage=1))
    if options.simulator:
        specs.append(ChildSpec("simulator", ("-m", "metrics.cli", "simulate", *options.simulator_arguments), stage=1))
    return specs


def _broker(addresses: Addresses, partitions: int) -> ChildSpec:
    port = int(addresses.broker.rpartition(":")[2])
    return ChildSpec(
        "broker",
        ("-m", "streams.broker", "--port", str(port)),
        healthy=lambda: answers(port),
        ready=lambda: _declare(addresses.broker, partitions),
    )


def _declare(broker: str, partitions: int) -> None:
    try:
        declare_topics(broker, partitions)
    except (KafkaError, OffsetsUnknown, OSError) as error:
        raise NotStarted(f"broker: its topics can't be declared: {error}") from error


def _migrate(store: str) -> None:
    try:
        migrate_url(store)
    except StoreError as error:
        raise NotStarted(f"store: its schema can't be brought up to date: {error}") from error


def _store(addresses: Addresses, directory: DataDirectory) -> ChildSpec:
    port = addresses.store.rpartition(":")[2]
    return ChildSpec(
        "store",
        ("-m", "metrics.store.front", "--path", str(directory.store), "--port", port),
        healthy=responds(f"{addresses.store}/ping"),
        ready=lambda: _migrate(addresses.store),
    )


def _worker(kind: str, port: int) -> ChildSpec:
    return ChildSpec(
        f"worker-{kind}",
        ("-m", "metrics.cli", "worker", kind),
        {"FLOWGLASS_METRICS_PORT": str(port)},
        healthy=responds(f"http://{HOST}:{port}/health"),
        stage=1,
        niceness=LATER if kind == "quality" else 0,
    )


def _dashboards(addresses: Addresses) -> ChildSpec:
    return ChildSpec(
        "dashboards",
        ("-m", "metrics.cli", "dashboards", "--port", str(addresses.dashboards_port)),
        healthy=responds(f"http://{HOST}:{addresses.dashboards_port}/health"),
        stage=1,
        start_within=120.0,
    )


def _alerts(port: int) -> ChildSpec:
    return ChildSpec(
        "alerts",
        ("-m", "metrics.cli", "alerts", "run", "--keep-going"),
        {"FLOWGLASS_METRICS_PORT": str(port)},
        healthy=responds(f"http://{HOST}:{port}/health"),
        stage=1,
    )


def _gateway(port: int) -> ChildSpec:
    return ChildSpec(
        "gateway",
        ("-m", "metrics.cli", "gateway", "--port", str(port)),
        healthy=responds(f"http://{HOST}:{port}/health"),
        stage=1,
        stop_within=25.0,  # what is under way is answered first: a body may take 20 s
    )


def responds(url: str) -> Health:
    """A check that the URL answers 200 within two seconds."""

    def check() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    return check
