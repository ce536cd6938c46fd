"""Mutated messages for every source mapping, and what became of them.

    python -m tests.properties.mapping_fuzz [--inputs 10000] [--seed WORD] [SYSTEM…]

prints for each system how many inputs ended as events, as a dead letter (by reason) or as ignored, and the slowest.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import process_time

import msgspec

from metrics.dead_letter_advice import ADVICE
from metrics.words import Event
from streams.codecs.cloudevents import decode_batch, encode
from streams.sources.mapping import Mapping as SystemMapping
from streams.sources.message import Message, Outcome, Snapshot
from tests.golden.sources.playing import CASES, SYSTEMS, Written, played
from tests.properties.mutations import mutated, mutated_headers

LONGEST_SECONDS = 2.0


@dataclass
class Tally:
    """What became of a system's inputs; the slowest in milliseconds of processor time."""

    system: str
    inputs: int = 0
    with_events: int = 0
    ignored_alone: int = 0
    dead: Counter[str] = field(default_factory=Counter)
    slowest_ms: float = 0.0
    slowest: bytes = b""

    def take(self, outcome: Outcome, seconds: float, body: bytes) -> None:
        self.inputs += 1
        self.with_events += bool(outcome.events)
        self.ignored_alone += not outcome.events and not outcome.letters
        self.dead.update(letter.reason for letter in outcome.letters)
        if seconds * 1e3 > self.slowest_ms:
            self.slowest_ms, self.slowest = seconds * 1e3, body


def fuzz(system: str, inputs: int, seed: str = "") -> Tally:
    """Map mutated messages of a system. Raises AssertionError with the input that breaks a promise."""
    rng = random.Random(system + seed)
    mine = [case for case in CASES if case.system == system]
    tally = Tally(system)
    for _ in range(inputs):
        mapping, all_of_it = played(rng.choice(mine))
        state = dict(rng.sample(sorted(all_of_it.state.items()), rng.randrange(len(all_of_it.state) + 1)))
        message, _ = rng.choice(all_of_it.outcomes)
        worse = msgspec.structs.replace(
            message, body=mutated(message.body, rng), headers=mutated_headers(message.headers, rng), position=1
        )
        try:
            _one(mapping, worse, state, tally)
        except Exception as error:
            raise AssertionError(f"{system}: {error!r} for {worse!r}") from error
    return tally


def _one(mapping: SystemMapping, message: Message, state: Mapping[str, Snapshot], tally: Tally) -> None:
    started = process_time()
    outcome = mapping.map(message, state)
    seconds = process_time() - started
    assert seconds < LONGEST_SECONDS, f"{seconds:.1f} s"
    check(outcome)
    tally.take(outcome, seconds, message.body)
    known = {event.id for event in outcome.events}
    for sent_again in range(2):  # two snapshots of one revision that differ may each tell a change, but none is new
        state = {**state, **outcome.state}
        outcome = mapping.map(message, state)
        check(outcome)
        found = {event.id for event in outcome.events}
        assert sent_again == 0 or found <= known, found - known
        known |= found


def check(outcome: Outcome) -> None:
    """It ended as events, as a dead letter with a known reason, or as ignored; events can be read back."""
    assert len(outcome.letters) <= 1
    assert outcome.events or outcome.letters or outcome.ignored, "nothing became of it"
    for letter in outcome.letters:
        assert letter.reason in ADVICE, letter.reason
        assert letter.detail
        letter.detail.encode()
    for place, event in enumerate(outcome.events):
        _reads_back(event, place)


def _reads_back(event: Event, place: int) -> None:
    key, value, headers = encode(event)
    _, _, dead = decode_batch([Written(place, key, value, headers)], "i")
    assert dead == []


def _print(tally: Tally) -> None:
    reasons = ", ".join(f"{reason} {count}" for reason, count in tally.dead.most_common(6))
    print(
        f"{tally.system:27} {tally.inputs:6} inputs {tally.with_events:6} with events "
        f"{tally.dead.total():6} dead letters {tally.ignored_alone:5} ignored; "
        f"slowest {tally.slowest_ms:6.1f} ms ({len(tally.slowest)} bytes: {tally.slowest[:40]!r}); {reasons}",
        flush=True,
    )


def main() -> int:
    """Fuzz the named systems, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("systems", nargs="*", metavar="SYSTEM", help="all when left out")
    parser.add_argument("--inputs", type=int, default=10_000, help="messages for each system")
    parser.add_argument("--seed", default="", help="another word gives other mutations")
    options = parser.parse_args()
    failed = 0
    for system in options.systems or SYSTEMS:
        try:
            _print(fuzz(system, options.inputs, options.seed))
        except AssertionError as error:
            failed += 1
            print(f"FAIL {error}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
