"""Replays of a store that an engine has filled, against the same definition and against another version of it."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from metrics.cli import _app as command_app
from metrics.definitions.compile import open_definition
from metrics.definitions.load import load
from metrics.ledger.posting import posting_rows
from metrics.ledger.rules import load_rules
from metrics.store.client import StoreClient, connect_url
from metrics.store.writer import ClickHouseWriter
from metrics.words import Event, Marker
from streams.codecs.cloudevents import decode_batch
from streams.correlation.correlator import Correlator
from streams.correlation.rules import LinkRules
from streams.engine.cache import StateCache
from streams.engine.cases_worker import Read
from streams.engine.clickhouse_state import ClickHouseState
from streams.engine.definitions import note_definitions
from streams.engine.engine import Engine
from streams.engine.feeds import Feeds
from streams.engine.flush import Flusher, Position
from streams.engine.freeze import Freezer
from streams.engine.plans import Plans
from streams.replay.command import replay
from tests.faults.oracle import PROCESS_FILE, CaseTruth, Truth
from tests.faults.scene import BEGIN, FEED, Hospital, Step, sending_order
from tests.integration.store.front_process import StoreFront, start_front, stop_front
from tests.integration.store.migrated import copy_migrated

pytestmark = pytest.mark.store
JUDGED = BEGIN + timedelta(days=100)
NOW = int(JUDGED.timestamp()) * 1_000_000
"""When the feed is live, and everything was taken in."""
STEPS = Hospital(seed=11).steps(800)
MINUTE = int((JUDGED - BEGIN).total_seconds()) // 60
TRUTH = Truth(STEPS, MINUTE)
TARGETS = {"target: 18h": "target: 6h", "target: 45h": "target: 60h", "target: 9h": "target: 4h"}


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreFront]:
    path = tmp_path_factory.mktemp("replay") / "data"
    copy_migrated(path)
    front = start_front(path)
    yield front
    stop_front(front)


@pytest.fixture(scope="module")
def filled(front: StoreFront) -> StoreClient:
    """A store with the cases of a history that came out of order, a tenth of it twice, in uneven flushes."""
    store, catalogue = connect_url(front.url), load(PROCESS_FILE)
    store.command("ALTER TABLE events REMOVE TTL")  # it counts from taking in, by today's clock
    writer, state = ClickHouseWriter(store), ClickHouseState(store)
    note_definitions(catalogue, store, writer, lambda: NOW)
    asyncio.run(_work(catalogue.definitions, writer, state, [*STEPS, *STEPS[::10]]))
    return store


async def _work(definitions, writer, state, steps: Sequence[Step]) -> None:  # type: ignore[no-untyped-def]
    async def nowhere(_: object) -> None: ...

    plans, feeds = Plans(definitions, open_definition), Feeds(lambda: NOW)
    engine = Engine(Correlator(LinkRules(plans.definitions())), StateCache(plans, state), state, feeds)
    freezer = Freezer(writer, worker="cases", epoch=1, incarnation="one", clock=lambda: NOW)
    flusher, ledger = Flusher(writer, nowhere, nowhere), load_rules()
    await engine.start(range(256))
    sent = list(_batches(sending_order(steps, seed=11)))
    for number, events in enumerate([*sent, []]):
        phase = "live" if number == len(sent) else "backfill"
        mark = Marker(feed=FEED, kind=phase, partition=0, count=0, origin="test", position=number)
        await engine.take(events, markers=[mark])
        harvest = await engine.harvest()
        postings = posting_rows(ledger, harvest.events)
        place = {("flowglass.events", 0): Position(number, number, 0)}
        await flusher.flush(freezer.freeze_cases(harvest, place, postings=postings))
        engine.release(harvest)


def _batches(steps: Sequence[Step]) -> Iterator[list[Event]]:
    records = (Read("flowglass.events", 0, place, NOW // 1000, *step.record(), ()) for place, step in enumerate(steps))
    while chunk := list(islice(records, 333)):
        events, _, letters = decode_batch(chunk, "one")
        assert not letters
        yield events


class Replay(NamedTuple):
    code: int
    said: Mapping[str, Any]

    @property
    def turned(self) -> dict[str, dict[str, tuple[str, str]]]:
        """Case → clock → its status as it stood, and as it is found."""
        found = {one["case"]: one["clocks"] for one in self.said["listed"]}
        return {
            case: {name: (pair["was"], pair["now"]) for name, pair in clocks.items()}
            for case, clocks in found.items()
            if clocks
        }


Run = Callable[..., Replay]


@pytest.fixture
def replayed(filled: StoreClient, front: StoreFront, tmp_path: Path) -> Iterator[Run]:
    """`flowglass replay` as users run it; afterwards only databases that were to be kept are there."""
    environment = {"FLOWGLASS_STORE_URL": front.url, "FLOWGLASS_DATA_DIR": str(tmp_path)}
    before = databases(filled)

    def invoke(*words: str, definitions: Path = PROCESS_FILE) -> Replay:
        words = ("--json", "--limit", "10000", "--definitions", str(definitions), *words)
        result = CliRunner().invoke(command_app("replay", replay), words, env=environment)
        assert result.stdout, result.output
        return Replay(result.exit_code, json.loads(result.stdout))

    yield invoke
    assert databases(filled) == before


def databases(store: StoreClient) -> list[str]:
    return [row["name"] for row in store.rows("SELECT name FROM system.databases ORDER BY name")]


def changed_definition(folder: Path, changes: Mapping[str, str], version: int) -> Path:
    """The process with other targets."""
    text = PROCESS_FILE.read_text().replace("version: 1", f"version: {version}", 1)
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "requisition_to_pay.yaml"
    path.write_text(text)
    return path


def clocks(cases: Mapping[str, CaseTruth]) -> dict[tuple[str, str], str]:
    return {(name, clock): truth.status for name, case in cases.items() for clock, truth in case.clocks.items()}


def test_a_replay_finds_every_case_as_it_stands_however_its_events_came(replayed: Run) -> None:
    found = replayed()
    assert (found.code, found.said["differing"], found.said["listed"]) == (0, 0, [])
    assert found.said["cases"] == {"requisition_to_pay": len(TRUTH.cases)}
    assert found.said["events"] == len({step.id for step in STEPS})


def turned_by(definition: Path) -> dict[str, dict[str, tuple[str, str]]]:
    """What an independent count says of the clocks under another definition."""
    was, now = clocks(TRUTH.cases), clocks(Truth(STEPS, MINUTE, definition).cases)
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for (case, clock), status in was.items():
        if now[case, clock] != status:
            found.setdefault(case, {})[clock] = (status, now[case, clock])
    assert found
    return found


def test_under_a_draft_exactly_those_clocks_turn_that_an_independent_count_turns(replayed: Run, tmp_path: Path) -> None:
    draft = changed_definition(tmp_path, TARGETS, version=2)
    found = replayed(definitions=draft)
    assert (found.code, found.turned) == (1, turned_by(draft))
    assert set(found.said["causes"]) == {"its definition is another version"}


def test_a_version_that_only_the_store_knows_is_judged_by(replayed: Run, filled: StoreClient, tmp_path: Path) -> None:
    other = changed_definition(tmp_path, TARGETS, version=2)
    note_definitions(load(other), filled, ClickHouseWriter(filled), lambda: NOW)
    assert replayed("--version", "requisition_to_pay=2").turned == turned_by(other)


@pytest.mark.parametrize("words", [("--version", "requisition_to_pay=9"), ("--version", "two"), ("--from", "soon")])
def test_what_cannot_be_meant_is_refused_before_anything_is_made(
    filled: StoreClient, front: StoreFront, words: tuple[str, ...]
) -> None:
    before = databases(filled)
    result = CliRunner().invoke(command_app("replay", replay), words, env={"FLOWGLASS_STORE_URL": front.url})
    assert (result.exit_code, databases(filled)) == (2, before)


def test_a_definition_changed_without_a_new_version_is_named_as_the_cause(replayed: Run, tmp_path: Path) -> None:
    found = replayed(definitions=changed_definition(tmp_path, TARGETS, version=1))
    assert set(found.said["causes"]) == {"its definition was changed without a new version"}


def test_only_cases_with_events_in_the_period_are_compared(replayed: Run) -> None:
    begin, end = BEGIN + timedelta(days=3), BEGIN + timedelta(days=5)
    times: dict[str, list[datetime]] = defaultdict(list)
    for step in TRUTH.steps:
        for name in set().union(*(TRUTH.members.get(ref, ()) for ref in step.objects)):
            times[name].append(BEGIN + timedelta(minutes=step.minute))
    touched = [name for name, at in times.items() if min(at) < end and max(at) >= begin]
    found = replayed("--from", f"{begin:%Y-%m-%d}", "--until", f"{end:%Y-%m-%d}")
    assert found.said["cases"] == {"requisition_to_pay": len(touched)}
    assert 0 < len(touched) < len(times)


def test_a_case_that_was_altered_behind_the_workers_back_is_found(replayed: Run, filled: StoreClient) -> None:
    row = next(filled.rows("SELECT * FROM cases FINAL ORDER BY case_id LIMIT 1"))
    altered = "SELECT * REPLACE (version + 1 AS version, 'cancelled' AS outcome) FROM cases FINAL"
    filled.command(f"INSERT INTO cases {altered} WHERE case_id = %(case)s", {"case": row["case_id"]})
    found = replayed()
    assert [(one["case"], one["changed"]) for one in found.said["listed"]] == [(row["case_id"], ["outcome"])]
    assert set(found.said["causes"]) == {"same events, same definition: this must not be"}
