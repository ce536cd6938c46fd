"""The supervisor restarts what dies, waits longer each time, and gives up with the reason."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from metrics.cli import AWAY
from streams.runtime.child import ChildSpec, NotStarted
from streams.runtime.supervisor import KeepsDying, Stopping, Supervisor


@dataclass
class FakeChild:
    """A program that dies when told to."""

    name: str
    refuses: bool = False
    healthy: bool = True
    stage: int = 0
    starts: list[float] = field(default_factory=list)
    is_alive: bool = False
    exit_code: int | None = None
    clock: "FakeTime | None" = None

    @property
    def spec(self) -> ChildSpec:
        return ChildSpec(self.name, (), healthy=lambda: self.healthy, stage=self.stage)

    def launch(self) -> None:
        assert self.clock is not None
        self.starts.append(self.clock.now)
        self.is_alive = not self.refuses

    def has_started(self) -> bool:
        if self.refuses:
            raise NotStarted(self.name)
        return self.healthy

    def stop(self) -> None:
        self.is_alive = False

    def die(self, exit_code: int = -9) -> None:
        self.is_alive, self.exit_code = False, exit_code


class FakeTime:
    """Time that passes only in `wait`; ends the run at `until`."""

    def __init__(self, until: float) -> None:
        self.now = 0.0
        self.until = until
        self.events: list[tuple[float, Callable[[], None]]] = []

    def at(self, when: float, action: Callable[[], None]) -> None:
        self.events.append((when, action))

    def wait(self, seconds: float) -> None:
        self.now += seconds
        for event in [event for event in self.events if event[0] <= self.now]:
            self.events.remove(event)
            event[1]()
        if self.now >= self.until:
            raise Stopping


def supervised(time: FakeTime, *children: FakeChild) -> Supervisor:
    for child in children:
        child.clock = time
    return Supervisor(list(children), time.wait, clock=lambda: time.now)  # type: ignore[arg-type]


def run(supervisor: Supervisor) -> None:
    supervisor.start()
    with pytest.raises(Stopping):
        supervisor.watch()


def test_what_dies_is_started_again_a_second_later() -> None:
    time, child = FakeTime(until=10), FakeChild("worker")
    supervisor = supervised(time, child)
    time.at(3.0, child.die)
    run(supervisor)
    assert len(child.starts) == 2
    assert 4.0 <= child.starts[1] <= 4.6


def test_each_restart_waits_twice_as_long_as_the_one_before() -> None:
    time, child = FakeTime(until=60), FakeChild("worker")
    supervisor = supervised(time, child)
    for when in (5.0, 10.0, 20.0):
        time.at(when, child.die)
    run(supervisor)
    waits = [start - death for start, death in zip(child.starts[1:], (5.0, 10.0, 20.0), strict=True)]
    assert [round(wait) for wait in waits] == [1, 2, 4]


def test_five_deaths_in_two_minutes_end_everything() -> None:
    time, child = FakeTime(until=600), FakeChild("worker")
    supervisor = supervised(time, child)
    for when in (5.0, 15.0, 30.0, 50.0, 80.0):
        time.at(when, child.die)
    supervisor.start()
    with pytest.raises(KeepsDying) as error:
        supervisor.watch()
    assert error.value.child.spec.name == child.name


def test_a_program_that_waits_for_the_broker_is_started_again_for_as_long_as_it_takes() -> None:
    time, child = FakeTime(until=300), FakeChild("simulator")
    supervisor = supervised(time, child)
    for when in range(10, 290, 10):
        time.at(when, lambda: child.die(AWAY))
    run(supervisor)
    assert len(child.starts) == 29


def test_deaths_long_ago_are_forgiven() -> None:
    time, child = FakeTime(until=900), FakeChild("worker")
    supervisor = supervised(time, child)
    for when in range(50, 850, 100):
        time.at(float(when), child.die)
    run(supervisor)
    assert len(child.starts) == 9


def test_a_program_that_never_starts_is_given_up() -> None:
    time, child = FakeTime(until=600), FakeChild("worker", refuses=True)
    supervisor = supervised(time, child)
    supervisor.start()
    with pytest.raises(KeepsDying):
        supervisor.watch()


def test_a_program_starts_when_those_of_the_stage_before_are_well() -> None:
    time, store, worker = FakeTime(until=60), FakeChild("store", healthy=False), FakeChild("worker", stage=1)
    supervisor = supervised(time, worker, store)
    time.at(5.0, lambda: setattr(store, "healthy", True))
    run(supervisor)
    assert store.starts == [0.0]
    assert 5.0 <= worker.starts[0] <= 5.5
    assert supervisor.all_up


def test_a_death_is_noticed_while_another_program_takes_its_time_to_start() -> None:
    time, slow, worker = FakeTime(until=60), FakeChild("dashboards", healthy=False), FakeChild("worker")
    supervisor = supervised(time, slow, worker)
    time.at(5.0, worker.die)
    run(supervisor)
    assert 6.0 <= worker.starts[1] <= 6.6
    assert not supervisor.all_up


def test_a_program_that_hangs_is_stopped_and_started_again() -> None:
    time, child = FakeTime(until=200), FakeChild("worker")
    supervisor = supervised(time, child)
    time.at(10.0, lambda: setattr(child, "healthy", False))
    time.at(72.0, lambda: setattr(child, "healthy", True))
    run(supervisor)
    assert len(child.starts) == 2
    assert child.starts[1] >= 70.0


def test_programs_that_are_stopped_and_started_on_purpose_have_not_died() -> None:
    time, broker, worker = FakeTime(until=200), FakeChild("broker"), FakeChild("worker")
    supervisor = supervised(time, broker, worker)

    def renew() -> None:
        supervisor.stop_some(("worker",))
        supervisor.start_some(("worker",))

    for when in range(10, 110, 10):
        time.at(float(when), renew)
    run(supervisor)
    assert (len(broker.starts), len(worker.starts)) == (1, 11)
