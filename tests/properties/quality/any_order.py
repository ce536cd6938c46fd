"""The same events told in two ways: in order and in one go, and shuffled, doubled, batched and interrupted."""

import hypothesis.strategies as st

from metrics.guards.model import NO_GUARDS, Guards
from metrics.words import DAY, Event
from tests.unit.metrics.quality.telling import START
from tests.unit.streams.quality.rig import STAGES, Rig

PARTITIONS = 2
END = START + 30 * DAY
STEPS = ("", "", "tell", "judge", "judge dies", "reader dies", "time")


def partition_of(event: Event) -> int:
    return sum(event.subject.encode()) % PARTITIONS


def straight(events: list[Event], guards: Guards = NO_GUARDS) -> Rig:
    """Everything in order, in one go."""
    rig = Rig(PARTITIONS, guards=guards)
    for event in sorted(events, key=lambda one: (one.time, one.id)):
        rig.read(partition_of(event), [event])
    rig.settle(END)
    return rig


def crooked(events: list[Event], data: st.DataObject, guards: Guards = NO_GUARDS) -> Rig:
    """In any order, some twice, in batches of any size, with readers and judges that die in between."""
    rig = Rig(PARTITIONS, clock=START, guards=guards)
    for event in data.draw(st.permutations([*events, *data.draw(st.lists(st.sampled_from(events), max_size=5))])):
        partition = partition_of(event)
        rig.read(partition, [event], at_end=data.draw(st.booleans()))
        step = data.draw(st.sampled_from(STEPS))
        if step in ("tell", "judge", "judge dies"):
            rig.tell(partition)
        if step == "judge":
            rig.judge_some(data.draw(st.integers(1, 3)))
        elif step == "judge dies":
            rig.judge_some(die_at=data.draw(st.sampled_from(STAGES)))
        elif step == "reader dies":
            rig.tell(partition)
            rig.restart_reader(partition)
            rig.read(partition, [event])
        elif step == "time":
            rig.clock += DAY
    rig.settle(END)
    rig.judge_some(die_at=data.draw(st.sampled_from(("", *STAGES))))
    rig.settle(END)
    return rig
