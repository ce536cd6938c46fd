"""Invented people pushed through every mapping: none of them may come out on the other side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec
import pytest

from metrics.contracts.checker import ContractChecker
from metrics.contracts.model import load_contracts
from metrics.contracts.rows import breach_rows
from metrics.privacy.guard import Guard
from metrics.privacy.keyring import Key, Keyring
from metrics.privacy.policy import Policy, load_policy
from metrics.privacy.sealing import Sealer
from metrics.privacy.tokens import Tokens
from metrics.words import Event
from streams.codecs.encoding import encode
from streams.dead_letters.keeping import Keeper
from streams.engine.event_rows import event_rows
from streams.privacy.mapping_words import mapping_words
from streams.privacy.snapshots import SealedSnapshots
from streams.sources.memory import Remembered
from streams.sources.message import Message, Snapshot
from tests.golden.sources.canaries import CANARIES, found_in, sown
from tests.golden.sources.playing import CASES, SYSTEMS, played

RING = Keyring((Key("k1", b"i" * 32),), (Key("s1", b"s" * 32),))
POLICY = load_policy(words=mapping_words())
CONTRACTS = load_contracts()


def guard(policy: Policy = POLICY) -> Guard:
    return Guard(policy, Tokens(RING))


class Open(Guard):
    """No guard at all."""

    def __init__(self) -> None:
        super().__init__(POLICY, Tokens(RING))

    def protect(self, event: Event) -> Event:
        return event


@dataclass
class Harvest:
    """What leaves the process: by place, the texts that hold a canary."""

    leaks: dict[str, set[str]] = field(default_factory=dict)
    messages: int = 0

    def look(self, kind: str, place: str, text: str) -> None:
        if found_in(text):
            self.leaks.setdefault(f"{kind} in {place}", set()).add(text[:400])


def test_every_kind_of_canary_is_known_when_it_is_seen() -> None:
    assert all(found_in(text) for text in CANARIES.values())


@pytest.mark.parametrize("system", SYSTEMS)
def test_nobody_s_data_leaves_a_mapping(system: str) -> None:
    harvest = pushed(system, guard())
    assert harvest.messages > 40
    assert harvest.leaks == {}


@pytest.mark.parametrize("system", SYSTEMS)
def test_without_the_guard_the_canaries_are_found(system: str) -> None:
    assert pushed(system, Open()).leaks != {}


def pushed(system: str, watch: Guard) -> Harvest:
    """Every golden message of a system with every canary, mapped, protected and made into what is stored or sent."""
    harvest = Harvest()
    snapshots = SealedSnapshots(Tokens(RING), Sealer(RING))
    keeper, checker = Keeper(lambda letter: "", names=POLICY.vocabulary.names), ContractChecker(CONTRACTS)
    for case in (one for one in CASES if one.system == system):
        mapping, result = played(case)
        state: dict[str, Snapshot] = {}
        for message, outcome in result.outcomes:
            for kind, changed in _changed(message):
                harvest.messages += 1
                given = mapping.map(changed, state)
                events = [watch.protect(event) for event in given.events]
                for event in events:
                    harvest.look(kind, "the broker", str(encode(event)))
                    for place, text in _stored(event):
                        harvest.look(kind, place, text)
                breaches = breach_rows(checker.check(events), 0)
                harvest.look(kind, "contract_breaches", str(breaches))
                harvest.look(kind, "dead_letters", str(keeper.columns(given.letters)))
                remembered = {key: Remembered(one, False) for key, one in given.state.items()}
                closed = remembered if isinstance(watch, Open) else snapshots.closed(remembered)
                harvest.look(kind, "source_states", str(msgspec.to_builtins(closed)))
            if harvest.leaks:
                return harvest
            state = {**state, **outcome.state}
    harvest.look("any", "metrics", str(watch.take_dropped()))
    return harvest


def _changed(message: Message) -> Iterator[tuple[str, Message]]:
    for kind, body in sown(message.body):
        yield kind, msgspec.structs.replace(message, body=body)
    for kind, text in CANARIES.items():
        told: Mapping[str, str] = {name: text for name in message.headers if not name.startswith("fg-")}
        yield kind, msgspec.structs.replace(message, headers={**message.headers, **told, "x-unknown": text})


def _stored(event: Event) -> Iterator[tuple[str, str]]:
    """The event as the store gets it, in pieces: (attribute, object type or column, text)."""
    yield from ((name, str(value)) for name, value in event.attributes.items())
    yield from ((ref.type, f"{ref.id} {ref.qualifier}") for ref in event.objects)
    bare = msgspec.structs.replace(event, attributes={}, objects=(), subject="")
    yield "subject", event.subject
    yield "columns", str(event_rows([bare]))
