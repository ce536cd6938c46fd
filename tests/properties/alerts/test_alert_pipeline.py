"""The pipeline under any course of events: nothing untold, nothing told twice, whatever dies in between."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.alerts.lifecycle import Timing, advance
from metrics.alerts.words import Alert, Finding, Message
from metrics.words import MINUTE, SECOND
from tests.fakes.alerting import INTERVAL, NOON, REPEAT, WAIT, Talk, finding, plan, route

CAUSES = ("a", "b", "c")
ROUND = 15 * SECOND
TIMINGS = {"breach": Timing(hold=30 * SECOND, keep=45 * SECOND)}

seen = st.dictionaries(st.sampled_from(CAUSES), st.integers(1, 50))
"""What a round finds: cause → count."""
spells = st.lists(st.tuples(seen, st.integers(1, 12)), min_size=1, max_size=12)
courses = spells.map(lambda found: [one for one, rounds in found for _ in range(rounds)])
grouping = st.sampled_from([(), ("process",), ("cause",)])


class Course:
    """The pure parts as the program joins them; a message is heard by everybody it was made for."""

    def __init__(self, group_by: Sequence[str], receiver: str = "hook") -> None:
        self.talk = Talk(plan(route(to=(receiver,), group_by=tuple(group_by))))
        self.alerts: dict[str, Alert] = {}
        self.heard: list[tuple[int, Message]] = []
        self.known: dict[str, tuple[str, int]] = {}
        """What the receiver believes: alert id → status and revision."""
        self.now = NOON

    def round(self, findings: Sequence[Finding]) -> None:
        steps = advance(self.alerts, findings, self.now, TIMINGS)
        self.alerts |= {step.alert.id: step.alert for step in steps}
        for message in self.talk.at(self.now, *self.alerts.values()):
            self.heard.append((self.now, message))
            for one in message.alerts:
                self.known[one.id] = one.status, one.revision
        self.now += ROUND

    def live(self, course: Sequence[dict[str, int]]) -> "Course":
        for found in course:
            self.round([finding(cause, count=count) for cause, count in found.items()])
        return self

    def let_pass(self, span: int, found: dict[str, int]) -> None:
        for _ in range(span // ROUND + 1):
            self.live([found])


@settings(max_examples=150, deadline=None)
@given(courses, seen, grouping)
def test_in_the_end_the_receiver_knows_what_fires_and_nothing_else(
    course: list[dict[str, int]], last: dict[str, int], group_by: tuple[str, ...]
) -> None:
    lived = Course(group_by).live(course)
    lived.let_pass(2 * INTERVAL + WAIT + MINUTE, last)
    fires = {id_ for id_, alert in lived.alerts.items() if alert.status == "firing"}
    believed = {id_ for id_, (status, _) in lived.known.items() if status == "firing"}
    assert believed == fires
    assert {alert.identity.cause for alert in lived.alerts.values() if alert.status == "firing"} == set(last)


@settings(max_examples=150, deadline=None)
@given(courses, grouping)
def test_a_group_is_never_told_more_often_than_its_interval(
    course: list[dict[str, int]], group_by: tuple[str, ...]
) -> None:
    lived = Course(group_by).live(course)
    last: dict[str, int] = {}
    for at, message in lived.heard:
        # Between two lives of a group there is no interval: what is new after an all clear waits for its own.
        if message.group in last and last[message.group] >= 0:
            assert at - last[message.group] >= INTERVAL
        last[message.group] = -1 if message.is_resolved else at


@settings(max_examples=150, deadline=None)
@given(courses, grouping)
def test_every_message_says_something_new_or_is_a_repetition_that_was_due(
    course: list[dict[str, int]], group_by: tuple[str, ...]
) -> None:
    lived = Course(group_by).live(course)
    ids = [message.id for _, message in lived.heard]
    assert len(ids) == len(set(ids))
    told: dict[str, dict[str, tuple[str, int, int]]] = {}
    last: dict[str, int] = {}
    for at, message in lived.heard:
        now: dict[str, tuple[str, int, int]] = {one.id: (one.status, one.revision, one.count) for one in message.alerts}
        before = told.get(message.group, {})
        if before == now:
            assert at - last[message.group] >= REPEAT
        told[message.group], last[message.group] = now, at


@settings(max_examples=100, deadline=None)
@given(courses, st.sampled_from(["hook", "manager"]), grouping)
def test_a_program_that_starts_anew_after_every_round_tells_the_same(
    course: list[dict[str, int]], receiver: str, group_by: tuple[str, ...]
) -> None:
    steady, reborn = Course(group_by, receiver), Course(group_by, receiver)
    for found in course:
        steady.live([found])
        reborn.live([found])
        after = Course(group_by, receiver)
        after.alerts, after.heard, after.now = dict(reborn.alerts), reborn.heard, reborn.now
        after.talk.said = dict(reborn.talk.said)
        reborn = after
    assert [(at, message.id) for at, message in steady.heard] == [(at, message.id) for at, message in reborn.heard]


@settings(max_examples=100, deadline=None)
@given(courses)
def test_a_receiver_of_states_is_told_each_firing_and_each_end_exactly_once(course: list[dict[str, int]]) -> None:
    lived = Course((), "manager").live(course)
    told = [(one.id, one.revision) for _, message in lived.heard for one in message.alerts]
    assert len(told) == len(set(told))
    last = {alert.id: alert.revision for alert in lived.alerts.values()}
    assert set(told) == {(id_, revision) for id_, newest in last.items() for revision in range(1, newest + 1)}
