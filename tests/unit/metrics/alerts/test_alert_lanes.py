"""Lanes: in order, until it is taken, and never without proof."""

from metrics.alerts.lanes import FIRST_PAUSE, IDLE, LONGEST_PAUSE, MessageLane, Settled, StateLane
from metrics.alerts.notifiers.port import Delivered, Refused, Retry
from metrics.alerts.state import Queued
from metrics.store.errors import StoreUnavailable
from tests.fakes.alerting import NOON, FakeNotifier, as_told, message


class Scene:
    """A lane with a clock of its own."""

    def __init__(self, *answers: Delivered | Refused | Retry) -> None:
        self.now = 0.0
        self.owns = True
        self.notifier = FakeNotifier(*answers)
        self.reports: list[Settled] = []

    def proves(self) -> bool:
        return self.owns

    def messages(self) -> MessageLane:
        return MessageLane("hook", self.notifier, self.proves, self.reports.append, lambda: self.now)

    def states(self) -> StateLane:
        return StateLane("m", self.notifier, self.proves, self.reports.append, lambda: self.now, lambda: NOON)

    def drain(self, lane: MessageLane | StateLane, until: float) -> None:
        """Step as a thread does."""
        while self.now < until:
            wait = lane.step()
            if wait >= IDLE:
                return
            self.now += wait

    @property
    def outcomes(self) -> list[tuple[int, str]]:
        return [(one.queued.message.number, one.state) for one in self.reports]


def queued(*numbers: int) -> list[Queued]:
    return [Queued(message(number), {}) for number in numbers]


def test_messages_go_out_in_their_order() -> None:
    scene = Scene()
    lane = scene.messages()
    lane.put(queued(1, 2, 3))
    scene.drain(lane, 10)
    assert [one.number for one in scene.notifier.sent] == [1, 2, 3]
    assert scene.outcomes == [(1, "delivered"), (2, "delivered"), (3, "delivered")]


def test_a_receiver_that_was_away_for_two_minutes_has_all_of_it_within_half_a_minute() -> None:
    scene = Scene(*[Retry("away")] * 1000)
    lane = scene.messages()
    lane.put(queued(1, 2, 3))
    scene.drain(lane, 120)
    assert lane.waiting == 3
    scene.notifier.answers.clear()
    scene.drain(lane, 1000)
    assert scene.now <= 120 + 2 * LONGEST_PAUSE < 150
    assert [number for number, state in scene.outcomes if state == "delivered"] == [1, 2, 3]


def test_pauses_grow_and_are_bounded_and_a_receiver_may_ask_for_longer() -> None:
    scene = Scene(*[Retry("away")] * 6, Retry("busy", 60.0))
    lane = scene.messages()
    lane.put(queued(1))
    waits = []
    for _ in range(7):
        waits.append(lane.step())
        scene.now += waits[-1]
    assert waits == [1.0, 2.0, 4.0, 8.0, LONGEST_PAUSE, LONGEST_PAUSE, 60.0]


def test_a_message_that_nobody_can_take_holds_up_no_other() -> None:
    scene = Scene(Refused("HTTP 400"))
    lane = scene.messages()
    lane.put(queued(1, 2))
    scene.drain(lane, 10)
    assert scene.outcomes == [(1, "refused"), (2, "delivered")]


def test_the_first_failure_is_reported_and_the_number_of_attempts_kept() -> None:
    scene = Scene(Retry("away"), Retry("away"))
    lane = scene.messages()
    lane.put(queued(1))
    scene.drain(lane, 10)
    assert [(one.state, one.queued.attempts, one.error) for one in scene.reports] == [
        ("queued", 1, "away"),
        ("delivered", 3, ""),
    ]


def test_nothing_is_sent_without_proof_of_ownership() -> None:
    scene = Scene()
    scene.owns = False
    lane, states = scene.messages(), scene.states()
    lane.put(queued(1))
    states.show([as_told()])
    assert (lane.step(), states.step()) == (FIRST_PAUSE, FIRST_PAUSE)
    assert (scene.notifier.sent, scene.notifier.posted) == ([], [])
    scene.owns = True
    assert lane.step() == 0
    assert len(scene.notifier.sent) == 1


def test_a_store_that_is_away_proves_nothing() -> None:
    def away() -> bool:
        raise StoreUnavailable("gone")

    scene = Scene()
    lane = MessageLane("hook", scene.notifier, away, scene.reports.append, lambda: 0.0)
    lane.put(queued(1))
    assert lane.step() == FIRST_PAUSE
    assert scene.notifier.sent == []


def test_states_are_posted_again_and_again_as_they_stand_now() -> None:
    scene = Scene()
    lane = scene.states()
    lane.put(queued(1))
    lane.show([as_told(count=1)])
    lane.step()
    assert scene.outcomes == [(1, "delivered")]
    lane.show([as_told(count=2)])
    assert lane.step() == 20.0
    scene.now = 20.0
    lane.step()
    assert [[one.count for one in post] for post in scene.notifier.posted] == [[1], [2]]


def test_what_fired_and_ended_while_alertmanager_was_away_is_posted_as_ended() -> None:
    scene = Scene(Retry("away"))
    lane = scene.states()
    lane.put(queued(1))
    lane.show([as_told()])
    lane.step()
    over = message(2, alerts=(as_told("resolved"),))
    lane.put([Queued(over, {})])
    lane.show([])
    scene.drain(lane, 10)
    assert [[one.status for one in post] for post in scene.notifier.posted] == [["firing"], ["resolved"]]
    assert [one for one in scene.outcomes if one[1] == "delivered"] == [(1, "delivered"), (2, "delivered")]


def test_with_nothing_to_show_nothing_is_posted() -> None:
    scene = Scene()
    assert scene.states().step() == IDLE
