"""Callbacks sent to a running server: one after another, all of a page together, or by many readers at once."""

import asyncio
import itertools
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import aiohttp

from benchmarks.pages_record import CALLBACK, Body, Visit

HEADERS: Final = {"Content-Type": "application/json", "Accept-Encoding": "gzip"}
CONNECTIONS: Final = 6
"""A browser opens so many to one host."""
SHELL: Final = ("/", "/_dash-layout", "/_dash-dependencies")
TILES: Final = "tiles"


class Timed(NamedTuple):
    """How long answers took, in milliseconds, and how many were none."""

    took: list[float]
    failed: int = 0
    cpu: float = 0.0
    """Milliseconds of CPU of the store and the dashboards, the mean of an answer: waiting is not in it."""

    def quantile(self, share: float) -> float:
        """The smallest time within which this share of the answers came; 0 without answers."""
        ordered = sorted(self.took)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


class Crowd(NamedTuple):
    """Many readers at once."""

    clients: int
    seconds: float
    opening: Timed
    """The first tiles after the shell was there."""
    tile: Timed
    """From a filter to the tiles."""
    filtering: Timed
    """Every callback of a filter."""
    ticking: Timed
    requests: int
    errors: int


class Reader:
    """One browser: at most six requests at a time."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url
        self._slots = asyncio.Semaphore(CONNECTIONS)

    async def get(self, path: str) -> int:
        async with self._slots, self._session.get(self._url + path, headers={"Accept-Encoding": "gzip"}) as answer:
            await answer.read()
            return answer.status

    async def ask(self, body: bytes) -> tuple[float, int]:
        """Milliseconds until the whole answer was there, the wait for a free connection included, and its status."""
        began = time.perf_counter()
        async with self._slots:
            try:
                async with self._session.post(self._url + CALLBACK, data=body, headers=HEADERS) as answer:
                    await answer.read()
                    status = answer.status
            except (aiohttp.ClientError, TimeoutError):
                status = 599
        return (time.perf_counter() - began) * 1e3, status


def session() -> aiohttp.ClientSession:
    """Without a limit over all readers, and without unpacking what nobody looks at."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=60), auto_decompress=False
    )


async def alone(url: str, visit: Visit, searches: Sequence[str], spent: Callable[[], float]) -> dict[str, Timed]:
    """Each callback of a page by itself, once for each query string. `spent`: CPU seconds of who answers, so far."""
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    cpu: dict[str, float] = defaultdict(float)
    async with session() as made:
        reader = Reader(made, url)
        for search, body in itertools.product(searches, visit.callbacks):
            before = spent()
            found[body.name].append(await reader.ask(body.at(search)))
            cpu[body.name] += (spent() - before) * 1e3 / len(searches)
    return {name: timed(answers)._replace(cpu=cpu[name]) for name, answers in found.items()}


async def together(url: str, bodies: Sequence[Body], searches: Sequence[str], shown: str) -> Timed:
    """From a filter to the callback `shown`, while all others of the page are asked for as well."""
    answers = []
    async with session() as made:
        reader = Reader(made, url)
        for search in searches:
            found = await asyncio.gather(*(reader.ask(body.at(search)) for body in bodies))
            answers += [one for body, one in zip(bodies, found, strict=True) if body.name == shown]
    return timed(answers)


def timed(answers: Sequence[tuple[float, int]]) -> Timed:
    """Times and failures; 204 is how Dash says that nothing changes."""
    return Timed([took for took, _ in answers], sum(status not in (200, 204) for _, status in answers))


async def crowd(url: str, visit: Visit, searches: Sequence[str], clients: int, seconds: float, every: float) -> Crowd:
    """Readers who open the page within the first `every` seconds and then change a filter as often, ticks going on."""
    heard: dict[str, list[tuple[float, int]]] = defaultdict(list)
    until = time.perf_counter() + seconds
    async with session() as made:
        await asyncio.gather(
            *(_reader(Reader(made, url), visit, searches, every, until, number, heard) for number in range(clients))
        )
    every_one = [one for answers in heard.values() for one in answers]
    kinds = {kind: timed(heard[kind]) for kind in ("opening", "tile", "filtering", "ticking")}
    bad = sum(status >= 400 for _, status in every_one)
    return Crowd(clients, seconds, **kinds, requests=len(every_one) - len(heard["tile"]), errors=bad)


async def _reader(
    reader: Reader,
    visit: Visit,
    searches: Sequence[str],
    every: float,
    until: float,
    number: int,
    heard: dict[str, list[tuple[float, int]]],
) -> None:
    dice = random.Random(number)
    await asyncio.sleep(dice.random() * every)
    for path in SHELL:
        await reader.get(path)
    search = dice.choice(searches)
    await _send(reader, visit.opening, search, "opening", heard)
    while time.perf_counter() < until:
        began = time.perf_counter()
        search = dice.choice(searches)
        await asyncio.gather(
            _send(reader, visit.filtering, search, "filtering", heard), _tick(reader, visit, search, every, heard)
        )
        await asyncio.sleep(max(0.0, every - (time.perf_counter() - began)))


async def _tick(
    reader: Reader, visit: Visit, search: str, every: float, heard: dict[str, list[tuple[float, int]]]
) -> None:
    await asyncio.sleep(every / 2)
    await _send(reader, visit.ticking, search, "ticking", heard)


async def _send(
    reader: Reader, bodies: Sequence[Body], search: str, kind: str, heard: dict[str, list[tuple[float, int]]]
) -> None:
    answers = await asyncio.gather(*(reader.ask(body.at(search)) for body in bodies))
    for body, answer in zip(bodies, answers, strict=True):
        if kind == "opening" and body.name != TILES:
            heard["rest"].append(answer)
            continue
        heard[kind].append(answer)
        if kind == "filtering" and body.name == TILES:
            heard["tile"].append(answer)
