"""The doctor's look at the engine itself: the settings that keep rows, read back, and its disks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from metrics.commands.finding import Finding, ok, warning, wrong
from metrics.commands.opened import Reader
from metrics.commands.rows import Disk
from metrics.store.client import IN_ORDER
from metrics.store.errors import StoreError
from metrics.store.writer import CLUSTER_SETTINGS, INSERT_SETTINGS

LITTLE, NOTHING = 0.15, 0.03
"""Parts of a disk: below the one merges of large tables may fail, below the other inserts do."""
_OF_HTTP = {"wait_end_of_query"}  # a setting of the HTTP interface, which the engine does not list
_WORDS = {"true": "1", "false": "0"}


class Asked(Protocol):
    """`metrics.store.client.StoreClient`, as far as settings are concerned."""

    def query(self, sql: str, parameters: Any = None, settings: Any = None) -> Any: ...
    def has_setting(self, name: str) -> bool: ...


def check_engine(client: Asked, reader: Reader, cluster: str) -> Iterator[Finding]:
    """Settings in force when they are sent, and room on the store's disks. Raises nothing of the store's."""
    yield _pinned(client, cluster)
    try:
        yield from _disks(reader.rows("cli_disks", Disk))
    except StoreError as error:
        yield warning("store's disks", str(error), "Grant this user SELECT ON system.disks, or look at them yourself.")


def _pinned(client: Asked, cluster: str) -> Finding:
    """What a writer sends with its inserts and a loader of state with its questions, as the engine reads it."""
    wanted: dict[str, Any] = {**INSERT_SETTINGS, **IN_ORDER, **(CLUSTER_SETTINGS if cluster else {})}
    wanted = {name: value for name, value in wanted.items() if name not in _OF_HTTP and client.has_setting(name)}
    shown = ", ".join(f"toString(getSetting('{name}')) AS `{name}`" for name in sorted(wanted))
    try:
        answer = client.query(f"SELECT {shown}", settings=wanted)
    except StoreError as error:
        advice = "The user's profile must let it change settings: `readonly` 0, or 2 for one that only reads."
        return wrong("settings", f"the store does not take what durable inserts need: {error}", advice)
    found: dict[str, str] = dict(zip(answer.column_names, answer.result_rows[0], strict=True))
    return _compared(wanted, {name: _WORDS.get(value, value) for name, value in found.items()})


def _compared(wanted: Mapping[str, Any], found: Mapping[str, str]) -> Finding:
    other = [f"{name} is {found[name]}, not {value}" for name, value in wanted.items() if found[name] != str(value)]
    if other:
        advice = "Remove the constraints on these settings from the profile of Flowglass's user."
        return wrong("settings", "; ".join(other), advice)
    return ok("settings", f"{len(wanted)} that keep rows whole are in force when they are sent")


def _disks(disks: Sequence[Disk]) -> Iterator[Finding]:
    for disk in disks:
        part = disk.free / disk.total if disk.total else 1.0
        text = f"{disk.free / (1 << 30):.1f} of {disk.total / (1 << 30):.1f} GiB free at {disk.path}"
        name = f"store's disk {disk.name}"
        if part < NOTHING:
            advice = "Make room now: inserts fail, workers wait, and the broker keeps records for its retention only."
            yield wrong(name, text, advice)
        elif part < LITTLE:
            yield warning(name, text, "Make room: merges need as much as the largest part (docs/capacity.md).")
        else:
            yield ok(name, text)
