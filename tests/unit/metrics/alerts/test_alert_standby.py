"""A store that is away is told from memory, once, and so is its return."""

from metrics.alerts.lanes import Lanes, MessageLane, StateLane
from metrics.alerts.standby import AFTERWARDS, PATIENCE, Standby, unproven
from metrics.store.errors import StoreFull, StoreUnavailable
from metrics.words import SECOND
from tests.fakes.alerting import NOON, FakeNotifier, plan, route

AWAY = StoreUnavailable("connection refused")


class Scene:
    """One receiver of messages and one of states, stepped by hand."""

    def __init__(self) -> None:
        self.now = NOON
        self.hook, self.manager = FakeNotifier(), FakeNotifier()
        self.lanes: dict[str, MessageLane | StateLane] = {
            "hook": MessageLane("hook", self.hook, unproven, lambda _: None, lambda: 0.0),
            "manager": StateLane("manager", self.manager, unproven, lambda _: None, lambda: 0.0, lambda: self.now),
        }
        routes = route(to=("hook", "manager"), match={"kind": ("store_away",)})
        self.standby = Standby(plan(routes), Lanes(self.lanes), lambda alert: "", lambda: self.now)

    def after(self, seconds: int) -> None:
        self.now += seconds * SECOND

    def told(self) -> list[bool]:
        """Whether each message told an end."""
        for lane in self.lanes.values():
            lane.step()
        return [one.is_resolved for one in self.hook.sent]


def test_a_store_that_is_away_for_a_moment_is_nobodys_affair() -> None:
    scene = Scene()
    scene.standby.away(AWAY)
    scene.after(PATIENCE // SECOND - 1)
    scene.standby.away(AWAY)
    assert scene.standby.back() is None
    scene.after(PATIENCE // SECOND)
    scene.standby.away(AWAY)
    assert scene.told() == [], "each absence is counted by itself"


def test_a_store_that_stays_away_is_told_once_and_its_return_too() -> None:
    scene = Scene()
    for _ in range(5):
        scene.standby.away(AWAY)
        scene.after(15)
    assert scene.told() == [False]
    assert [one.status for one in scene.manager.posted[-1]] == ["firing"]
    alert = scene.standby.back()
    assert alert is not None
    assert alert.status == "resolved"
    assert scene.told() == [False, True]
    assert [one.status for one in scene.manager.posted[-1]] == ["resolved"]
    assert scene.standby.back() is None
    assert len({one.id for one in scene.hook.sent}) == 2


def test_after_a_while_nothing_more_is_said_of_it() -> None:
    scene = Scene()
    scene.standby.away(AWAY)
    scene.after(60)
    scene.standby.away(AWAY)
    scene.standby.back()
    scene.told()
    scene.after(AFTERWARDS // SECOND + 1)
    scene.standby.back()
    before = len(scene.manager.posted)
    scene.lanes["manager"].clear()
    scene.told()
    assert len(scene.manager.posted) == before


def test_a_second_absence_is_told_anew_under_another_id() -> None:
    scene = Scene()
    for _ in range(2):
        scene.standby.away(AWAY)
        scene.after(60)
        scene.standby.away(AWAY)
        scene.standby.back()
        scene.after(60)
    for _ in range(3):
        scene.told()
    assert scene.told() == [False, True, False, True]
    assert len({one.id for one in scene.hook.sent}) == 4


def test_a_full_disk_is_called_so() -> None:
    scene = Scene()
    for _ in range(2):
        scene.standby.away(StoreFull("the store's disk is full: cannot reserve 1 MiB", 243))
        scene.after(PATIENCE // SECOND)
    scene.told()
    assert "the store's disk is full" in scene.hook.sent[0].alerts[0].summary
