"""The doctor's look at the machine: Python, packages, zones, data directory, port."""

import os
import re
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from metrics.commands.finding import Finding, ok, warning, wrong
from metrics.running import NOTE

PROVEN = (3, 11)
BELOW = (3, 14)
LEAST_FREE = 2 << 30
"""Bytes: 90 simulated days take a few hundred MB, merges need as much again."""

_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)[^>=]*(?:>=\s*([0-9.]+))?")
_INSTALL = "Install again: `make demo` does, or `pip install --require-hashes -r requirements.lock`."


def check_python(running: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """The interpreter's version."""
    text = ".".join(map(str, running))
    if PROVEN <= running[:2] < BELOW:
        return ok("python", text)
    return wrong("python", text, f"Use Python {PROVEN[0]}.{PROVEN[1]} to {BELOW[0]}.{BELOW[1] - 1}.")


def check_packages(needed: Sequence[str] | None = None, installed: Callable[[str], str] = version) -> Finding:
    """Every package that Flowglass needs, at least in the version it needs."""
    try:
        wanted = requires("flowglass") or [] if needed is None else needed
    except PackageNotFoundError:
        return wrong("packages", "flowglass itself is not installed", _INSTALL)
    faults = [fault for text in wanted if "extra ==" not in text and (fault := _fault(text, installed))]
    if faults:
        return wrong("packages", "; ".join(faults), _INSTALL)
    return ok("packages", f"{sum('extra ==' not in text for text in wanted)} packages in place")


def _fault(text: str, installed: Callable[[str], str]) -> str:
    match = _REQUIREMENT.match(text)
    if match is None:
        return ""
    name, least = match.groups()
    try:
        found = installed(name)
    except PackageNotFoundError:
        return f"{name} is missing"
    return f"{name} is {found}, at least {least} is needed" if least and _numbers(found) < _numbers(least) else ""


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text.split("+")[0])[:3])


def check_zones(zones: Sequence[str] = ("UTC", "America/New_York", "Europe/Berlin")) -> Finding:
    """Time zones, without which no calendar can be read."""
    try:
        for name in zones:
            ZoneInfo(name)
    except ZoneInfoNotFoundError as error:
        return wrong("time zones", str(error), _INSTALL)
    return ok("time zones", "found")


def check_data_dir(folder: Path) -> Iterator[Finding]:
    """Whether the embedded stack can live there."""
    place = folder.resolve()
    existing = next(parent for parent in (place, *place.parents) if parent.exists())
    if not os.access(existing, os.W_OK):
        yield wrong("data directory", f"{existing} can't be written", "Choose another with FLOWGLASS_DATA_DIR.")
        return
    running = "a stack has noted itself there" if (place / NOTE).exists() else "no stack runs there"
    yield ok("data directory", f"{place}: {running}")
    free = shutil.disk_usage(existing).free
    text = f"{free / (1 << 30):.1f} GiB free"
    if free < LEAST_FREE:
        yield warning("disk", text, f"Make room: below {LEAST_FREE >> 30} GiB merges and history may fail.")
    else:
        yield ok("disk", text)


def check_port(port: int, *, ours: bool) -> Finding:
    """The dashboards' port: listened to by the running stack, or free for the next one."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    if ours:
        advice = "Look into dashboards.log in the data directory's logs."
        return ok("dashboards", f"listen on {port}") if taken else wrong("dashboards", f"nothing on {port}", advice)
    if taken:
        return warning("port", f"{port} is taken by another program", "Start with `flowglass up --port N`.")
    return ok("port", f"{port} is free for the dashboards")
