"""Whatever comes in, a mapping answers with events, a dead letter or a stated reason; never with an error, never late.

``FLOWGLASS_FUZZ`` says how many messages a system gets (300 when it is not set).
"""

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import process_time

import pytest

from metrics.words import Event
from streams.codecs.cloudevents import decode_batch, encode
from streams.codecs.reasons import ADVICE as GENERAL_ADVICE
from streams.sources import golden
from streams.sources.load import load_mapping
from streams.sources.mapping import Mapping
from streams.sources.message import Message, Outcome, Snapshot
from streams.sources.reasons import ADVICE
from tests.properties.mutations import mutated

CASES = list(golden.cases(Path(__file__).parents[1] / "golden" / "sources"))
SYSTEMS = sorted({case.system for case in CASES})
HOW_MANY = int(os.environ.get("FLOWGLASS_FUZZ", "300"))
LONGEST_SECONDS = 2.0


@dataclass(frozen=True)
class Written:
    """A Kafka record as it comes back from the broker."""

    offset: int
    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]]
    topic: str = "flowglass.events"
    partition: int = 0
    timestamp: int = 0


@pytest.mark.timeout(600)
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_mutated_message_ends_as_events_or_as_a_dead_letter(system: str) -> None:
    rng = random.Random(system)
    mine = [case for case in CASES if case.system == system]
    for _ in range(HOW_MANY):
        case = rng.choice(mine)
        mapping = load(case.mapping)
        played = golden.play(case, mapping)
        state = dict(rng.sample(sorted(played.state.items()), rng.randrange(len(played.state) + 1)))
        message, _ = rng.choice(played.outcomes)
        body = mutated(message.body, rng)
        started = process_time()
        outcome = mapping.map(Message(body, message.headers, 1, topic=message.topic, cause=message.cause), state)
        assert process_time() - started < LONGEST_SECONDS
        check(outcome, body)
        merged: dict[str, Snapshot] = {**state, **outcome.state}
        assert mapping.map(Message(body, message.headers, 1), merged) is not None


@cache
def load(name: str) -> Mapping:
    return load_mapping(name).mapping


def check(outcome: Outcome, body: bytes) -> None:
    assert len(outcome.letters) <= 1
    assert outcome.events or outcome.letters or outcome.ignored, body
    for letter in outcome.letters:
        assert letter.reason in ADVICE or letter.reason in GENERAL_ADVICE, letter.reason
        assert letter.detail
        letter.detail.encode()
    for place, event in enumerate(outcome.events):
        reads_back(event, place)


def reads_back(event: Event, place: int) -> None:
    key, value, headers = encode(event)
    _, _, dead = decode_batch([Written(place, key, value, headers)], "i")
    assert dead == []
