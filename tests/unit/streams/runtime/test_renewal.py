"""The embedded broker is replaced when its log is too large, and only when all of it was read."""

from collections.abc import Callable
from dataclasses import dataclass, field

from streams.engine.program import CLASSES
from streams.runtime.renewal import AGAIN_SECONDS, LOOK_SECONDS, READERS, Renewal


@dataclass
class FakePrograms:
    log: list[str] = field(default_factory=list)
    started: Callable[[], None] = lambda: None

    def stop_some(self, names: tuple[str, ...]) -> None:
        self.log.append(f"stop {' '.join(names)}")

    def start_some(self, names: tuple[str, ...]) -> None:
        self.log.append(f"start {' '.join(names)}")
        self.started()


class Scene:
    """A broker that may hold 100 bytes."""

    def __init__(self, size: int | None, drained: bool) -> None:
        self.now = 0.0
        self.size = size
        self.drained = drained
        self.size_of_an_empty_one = 10
        self.programs = FakePrograms(started=self.begin_anew)
        self.renewal = Renewal(
            self.programs,
            producers=("simulator",),
            readers=("worker-cases", "worker-spans"),
            drained=lambda: self.drained,
            size=lambda: self.size,
            limit=100,
            clock=lambda: self.now,
        )

    def begin_anew(self) -> None:
        if self.drained:
            self.size = self.size_of_an_empty_one

    def look(self, after: float = LOOK_SECONDS) -> bool:
        self.now += after
        return self.renewal.look()


def test_a_small_broker_is_left_alone() -> None:
    scene = Scene(size=99, drained=True)
    assert not scene.look()
    assert scene.programs.log == []


def test_a_broker_that_does_not_run_is_left_to_the_supervisor() -> None:
    scene = Scene(size=None, drained=True)
    assert not scene.look()
    assert scene.programs.log == []


def test_a_large_and_drained_broker_is_replaced_while_the_simulator_stands_still() -> None:
    scene = Scene(size=101, drained=True)
    assert scene.look()
    everything = "broker worker-cases worker-spans simulator"
    assert scene.programs.log == ["stop simulator", f"stop {everything}", f"start {everything}"]


def test_a_broker_with_unread_records_is_never_replaced() -> None:
    scene = Scene(size=101, drained=False)
    assert not scene.look()
    assert scene.programs.log == ["stop simulator", "start simulator"]


def test_after_a_try_in_vain_the_simulator_is_left_in_peace_for_a_while() -> None:
    scene = Scene(size=101, drained=False)
    scene.look()
    scene.drained = True
    assert not scene.look()
    assert len(scene.programs.log) == 2
    assert scene.look(AGAIN_SECONDS)


def test_a_limit_below_the_size_of_an_empty_broker_does_not_keep_the_stack_from_working() -> None:
    scene = Scene(size=101, drained=True)
    scene.size_of_an_empty_one = 100
    assert scene.look()
    assert not scene.look()
    assert scene.look(AGAIN_SECONDS)


def test_everything_that_a_worker_reads_must_be_read_to_its_end() -> None:
    for kind, names in CLASSES.items():
        assert READERS[f"flowglass-{kind}"] == list(names)
