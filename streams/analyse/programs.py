"""The programs one analysis needs, started for it alone: broker, store, a worker for events, one for spans."""

import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Self

from metrics.settings import DEFAULT_DATABASE
from streams import topics
from streams.runtime.child import Child, ChildSpec, NotStarted, always_healthy
from streams.runtime.data_dir import DataDirectory
from streams.runtime.stack import StackOptions, children, choose_addresses, environment

EVENTS_WORKER, SPANS_WORKER = "worker-cases", "worker-spans"


class ProgramEnded(RuntimeError):
    """A program of the analysis did not start, or ended before its time; the message ends with its log's last lines."""


class Programs:
    """A context: on entering, the programs run and the topics and the schema are there; on leaving, all are stopped."""

    def __init__(
        self,
        directory: DataDirectory,
        *,
        spans: bool,
        definitions: Path | None = None,
        partitions: int = topics.DEFAULT_PARTITIONS,
    ) -> None:
        options = StackOptions(directory.root, port=0, simulator=False, partitions=partitions)
        addresses = choose_addresses(options)
        own = {
            "FLOWGLASS_DATABASE": DEFAULT_DATABASE,
            "FLOWGLASS_CLUSTER": "",
            "FLOWGLASS_DASHBOARDS_PORT": "",
            "FLOWGLASS_PRIVACY": "off",  # the log and its report stay on this machine
            "FLOWGLASS_DEFINITIONS": "" if definitions is None else str(definitions),
        }
        shared = {**os.environ, **environment(options, addresses), **own}
        specs = [_at_once(spec) for spec in children(options, addresses, directory)]
        made = {spec.name: Child(spec, directory.logs, shared) for spec in specs}
        self.broker, self.store = addresses.broker, addresses.store
        self._below = [made["broker"], made["store"]]
        self._workers = [made[name] for name in (EVENTS_WORKER, SPANS_WORKER) if spans or name == EVENTS_WORKER]

    def __enter__(self) -> Self:
        try:
            _together(self._below)
            _together(self._workers)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def check(self) -> None:
        """Raises ProgramEnded when one of them has ended."""
        for child in (*self._below, *self._workers):
            if not child.is_alive:
                raise ProgramEnded(_told(child, f"{child.spec.name} ended with exit code {child.exit_code}"))

    def last_words(self) -> str:
        """The ends of the workers' logs."""
        return "\n".join(_told(child, child.spec.name) for child in self._workers)

    def _stop(self) -> None:
        for group in (self._workers, self._below):
            with ThreadPoolExecutor(len(group)) as pool:
                list(pool.map(Child.stop, group))


def _at_once(spec: ChildSpec) -> ChildSpec:
    """A worker is not waited for: files are sent while it starts."""
    return replace(spec, healthy=always_healthy) if spec.name in (EVENTS_WORKER, SPANS_WORKER) else spec


def _together(programs: Sequence[Child]) -> None:
    """Start them at the same time, each until it is healthy."""
    with ThreadPoolExecutor(len(programs)) as pool:
        starting = [(child, pool.submit(child.start, time.sleep)) for child in programs]
    for child, started in starting:
        try:
            started.result()
        except NotStarted as error:
            raise ProgramEnded(_told(child, str(error))) from error


def _told(child: Child, what: str) -> str:
    return f"{what}. The end of its log:\n{child.last_lines(12)}"
