"""The pages on a full store: how long a reader waits.

    python -m benchmarks.pages --dir DIR [--events N] [--cases N] [--only part] [--out DIR]

DIR keeps the store (about 4 GB for ten million events): the first call fills it, which takes many minutes, later ones
only measure. Nothing else runs beside: no worker, no alerts. Writes PAGES.md and pages.json to docs/benchmarks.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from benchmarks import pages_load, pages_record
from benchmarks.machine import machine, table
from benchmarks.pages_fill import Held, Served, Size, fill, front, held_by
from benchmarks.pages_load import Crowd, Timed
from benchmarks.pages_record import Visit, search_of
from benchmarks.processes import Program, cpu_of_tree, python
from benchmarks.stack import wait_for
from dashboards.address import parse
from dashboards.connection import StoreReader
from dashboards.mapping import map_parameters
from dashboards.scope import Desk
from metrics.queries.rows import MapEdge, MapVariant
from metrics.settings import DEFAULT_DATABASE
from metrics.store.client import StoreClient, connect_url
from streams.runtime.ports import HOST, free_port

FULL: Final = Size(10_000_000, 200_000)
DAYS: Final = 180
PROCESS: Final = "requisition_to_pay"
ROUNDS: Final = 12
"""Query strings a callback is asked for: each another place, so that no answer is one that is kept."""
BUDGET: Final = 300
"""Milliseconds that a callback may take, 95 of 100 times."""
CLIENTS, SECONDS, EVERY = 50, 60.0, 5.0
PARTS: Final = ("first", "callbacks", "filter", "crowd", "map")


class Measured(NamedTuple):
    """All figures: seconds for first tiles and maps, milliseconds elsewhere."""

    held: Held
    cold: float
    warm: list[float]
    callbacks: dict[str, dict[str, Timed]]
    filter: Timed
    crowd: Crowd | None
    maps: dict[str, list[float]]


@contextmanager
def served(directory: Path, store: str) -> Iterator[Served]:
    """The dashboards as `flowglass up` starts them."""
    port = free_port()
    command = python("metrics.cli", "dashboards", "--port", str(port))
    environment = {"FLOWGLASS_STORE_URL": store, "FLOWGLASS_DATA_DIR": str(directory), "FLOWGLASS_ACCESS": "off"}
    with Program("dashboards", command, directory / "dashboards.log", environment) as program:
        url = f"http://{HOST}:{port}"
        wait_for(f"{url}/health", program)
        yield Served(url, program.pid)


class Scene(NamedTuple):
    """What readers look at: pages with their query strings, and the filters that they set."""

    openings: dict[str, str]
    filterings: dict[str, str]
    scopes: list[str]


def scene_of(client: StoreClient) -> Scene:
    """Pages with something to see on each: a case with many events, an interface, a facility."""
    asked = {"process": PROCESS}
    places = [
        (row["facility"], row["department"])
        for row in client.rows(
            "SELECT DISTINCT toString(facility) AS facility, toString(department) AS department FROM v_cases"
            " WHERE process = %(process)s AND facility != '' ORDER BY sipHash64(facility, department)",
            asked,
        )
    ]
    longest = "SELECT case_id FROM v_cases WHERE process = %(process)s ORDER BY events DESC LIMIT 1"
    case = next(client.rows(longest, asked))
    called = next(client.rows("SELECT topK(1)(interface)[1] AS interface FROM v_call_records"))
    one = {"id": case["case_id"]}
    special: dict[str, dict[str, str]] = {
        "/": {}, "/process": {}, "/sla": {}, "/spend": {}, "/alerts": {}, "/audit": {}, "/dead-letters": {},
        "/case": one, "/cases": {"list": "open"}, "/integrations": {"interface": called["interface"]},
        "/data-quality": {"fault": "unlinked"}, "/exceptions": {"kind": "unlinked"},
    }  # fmt: skip
    openings = {path: search_of(process=PROCESS, **more) for path, more in special.items()}
    filterings = {path: search_of(process=PROCESS, facility=places[0][0], **more) for path, more in special.items()}
    scopes = [search_of(facility=facility, department=department) for facility, department in places]
    return Scene(openings, filterings, [scope.removeprefix("?") for scope in scopes])


def measure(directory: Path, parts: Sequence[str], only: Sequence[str], tell: Callable[[str], None]) -> Measured:
    """All parts asked for, on the store in `directory`."""
    with front(directory) as front_, served(directory, front_.url) as dashboards:
        store, url = front_.url, dashboards.url
        client = connect_url(store, answer_seconds=120)

        def spent() -> float:
            return cpu_of_tree(front_.pid) + cpu_of_tree(dashboards.pid)

        try:
            cold, warm = first_tiles(url) if "first" in parts else (0.0, [])
            tell(f"first tile: cold {cold:.2f} s, warm {[round(one, 2) for one in warm]}")
            scene, visits = scene_of(client), []
            if {"callbacks", "filter", "crowd"} & set(parts):
                visits = _recorded(url, scene, only)
                tell(f"{sum(len(visit.callbacks) for visit in visits)} callbacks of {len(visits)} pages heard")
            callbacks = each_alone(url, visits, scene, spent, tell) if "callbacks" in parts else {}
            operations = next((visit for visit in visits if visit.path == "/"), None)
            shown, many = Timed([]), None
            if operations is not None and "filter" in parts:
                searches = [f"?process={PROCESS}&{scope}" for scope in scene.scopes[ROUNDS:] + scene.scopes[:ROUNDS]]
                shown = asyncio.run(pages_load.together(url, operations.filtering, searches, pages_load.TILES))
                tell(f"filter → tile: p50 {shown.quantile(0.5):.0f} ms, p95 {shown.quantile(0.95):.0f} ms")
            if operations is not None and "crowd" in parts:
                searches = [f"?process={PROCESS}&{scope}" for scope in scene.scopes]
                many = asyncio.run(pages_load.crowd(url, operations, searches, CLIENTS, SECONDS, EVERY))
                tell(f"crowd: {crowd_text(many)}")
            maps = map_times(store, tell) if "map" in parts else {}
            return Measured(held_by(client), cold, warm, callbacks, shown, many, maps)
        finally:
            client.close()


def _recorded(url: str, scene: Scene, only: Sequence[str]) -> list[Visit]:
    paths = [path for path in scene.openings if not only or path in only]
    with pages_record.chromium() as browser:
        openings = {path: scene.openings[path] for path in paths}
        return pages_record.recorded(browser, url, openings, scene.filterings)


def first_tiles(url: str) -> tuple[float, list[float]]:
    """Cold: servers that nobody asked before, and an empty browser. Warm: an empty browser again, five times."""
    with pages_record.chromium() as browser:
        took = []
        for _ in range(6):
            context = browser.new_context()
            took.append(pages_record.first_tile(context.new_page(), f"{url}/"))
            context.close()
    return took[0], took[1:]


def each_alone(
    url: str, visits: Sequence[Visit], scene: Scene, spent: Callable[[], float], tell: Callable[[str], None]
) -> dict[str, dict[str, Timed]]:
    """Every callback of every page by itself."""
    found = {}
    for visit in visits:
        opening = scene.openings[visit.path]
        searches = [f"{opening}&{scope}" for scope in scene.scopes[:ROUNDS]]
        found[visit.path] = asyncio.run(pages_load.alone(url, visit, searches, spent))
        slow = {name: f"{one.quantile(0.95):.0f} (CPU {one.cpu:.0f})" for name, one in found[visit.path].items()
                if one.quantile(0.95) > BUDGET or one.cpu > BUDGET / 2}  # fmt: skip
        tell(f"{visit.path}: {len(visit.callbacks)} callbacks; p95 over {BUDGET} ms, or CPU over half of it: {slow}")
    return found


def map_times(store: str, tell: Callable[[str], None]) -> dict[str, list[float]]:
    """The two queries of the process map, straight from the store, three times each."""
    reader = StoreReader(store, DEFAULT_DATABASE)
    desk, found = Desk(reader), {}
    for name, search in {"28 days": "", "a year": "&period=365", "all time": "&period=0"}.items():
        asked = map_parameters(desk.scope(parse(f"?process={PROCESS}{search}")))
        for kind in ("variants", "edges"):
            took = []
            for _ in range(3):
                began = time.perf_counter()
                if kind == "edges":
                    reader.rows("map_edges", MapEdge, **asked, variant="")
                else:
                    reader.rows("map_variants", MapVariant, **asked, limit=100)
                took.append(time.perf_counter() - began)
            found[f"{kind}, {name}"] = took
            tell(f"map {kind}, {name}: {[round(one, 2) for one in took]} s")
    return found


def crowd_text(many: Crowd) -> str:
    """The figures of a crowd in one line."""
    kinds = ("first tiles", many.opening), ("filter → tile", many.tile), ("callbacks of a filter", many.filtering)
    parts = [_quantiles(name, one) for name, one in (*kinds, ("of a tick", many.ticking))]
    return f"{', '.join(parts)}; {many.requests:,} requests, {many.errors} errors"


def _quantiles(name: str, one: Timed) -> str:
    return f"{name} p50 {one.quantile(0.5):.0f}, p95 {one.quantile(0.95):.0f} ms"


def part(measured: Measured) -> str:
    """All figures as Markdown."""
    held = measured.held
    rows: list[tuple[str, str, str]] = []
    if measured.warm:
        warm = max(measured.warm)
        rows += [
            ("first tile, cold", f"{measured.cold:.2f} s", "4 s"),
            ("first tile, warm (worst of 5)", f"{warm:.2f} s", "2 s"),
        ]
    if measured.filter.took:
        one = measured.filter
        rows.append(("filter → tile", f"p50 {one.quantile(0.5):.0f} ms, p95 {one.quantile(0.95):.0f} ms", "p95 500 ms"))
    if measured.crowd:
        many = measured.crowd
        rows.append((f"{many.clients} readers, {many.seconds:.0f} s", crowd_text(many), "p95 500 ms, no 5xx"))
    rows += [(f"map, {name}", f"{min(took):.2f} to {max(took):.2f} s", "1 s") for name, took in measured.maps.items()]
    callbacks = [
        (path, name, f"{one.quantile(0.5):.0f}", f"{one.quantile(0.95):.0f}", f"{one.cpu:.0f}", one.failed)
        for path, found in measured.callbacks.items()
        for name, one in found.items()
    ]
    parts = [
        f"Stored: {held.events:,} events, {held.cases:,} cases, {held.spans:,} spans.",
        table(("what", "took", "aim"), rows),
    ]
    if callbacks:
        parts.append(
            f"Each callback by itself, {ROUNDS} different scopes; aim: p95 {BUDGET} ms."
            " CPU: that of the store and the dashboards, the mean of an answer."
        )
        parts.append(table(("page", "callback", "p50 ms", "p95 ms", "CPU ms", "failed"), callbacks))
    return "\n\n".join(parts)


def section(
    directory: Path, size: Size, real: Path | None, parts: Sequence[str] = PARTS, only: Sequence[str] = ()
) -> tuple[str, Measured | None]:
    """Fill if there is nothing, measure, and tell."""

    def tell(line: str) -> None:
        print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)

    fill(directory, size, DAYS, real, tell)
    if not parts:
        return "", None
    measured = measure(directory, parts, only, tell)
    return f"## Pages\n\n{part(measured)}\n", measured


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, required=True, help="directory of the store, kept")
    parser.add_argument("--events", type=int, default=FULL.events)
    parser.add_argument("--cases", type=int, default=FULL.cases)
    parser.add_argument("--real", type=Path, help="take the rows of this stopped stack's data directory, play nothing")
    parser.add_argument("--part", choices=PARTS, action="append", help="measure this alone; may be repeated")
    parser.add_argument("--page", action="append", default=[], help="callbacks of this page alone; may be repeated")
    parser.add_argument("--fill", action="store_true", help="only fill")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks"), help="directory of the report")
    options = parser.parse_args()
    where, size = machine(), Size(options.events, options.cases)
    parts = () if options.fill else tuple(options.part or PARTS)
    text, raw = section(options.dir, size, options.real, parts, options.page)
    if options.fill:
        return 0
    told: Mapping[str, Any] = {"machine": where, "pages": raw}
    head = (
        f"# The pages on a full store\n\nMade by `python -m benchmarks.pages` at {where['at']} on {where['cores']}"
        f" cores of {where['processor']}, load {where['load_1m']} at the start, yardstick {where['yardstick_ms']} ms,"
        f" commit {where['commit']}.\n"
    )
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "PAGES.md").write_text(f"{head}\n{text}")
    (options.out / "pages.json").write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
