"""The embedded broker is replaced when its log is too large, and only when all of it was read."""

from dataclasses import dataclass, field
from typing import Any

from streams.runtime.renewal import LOOK_SECONDS, Renewal


@dataclass
class FakeProgram:
    log: list[str]
    name: str
    pid: int = 1
    is_alive: bool = True

    def start(self, wait: Any) -> None:
        self.log.append(f"start {self.name}")

    def stop(self) -> None:
        self.log.append(f"stop {self.name}")


@dataclass
class Scene:
    size: int
    drained: bool
    now: float = 0.0
    log: list[str] = field(default_factory=list)

    def look(self) -> bool:
        broker, simulator = FakeProgram(self.log, "broker"), FakeProgram(self.log, "simulator")
        renewal = Renewal(
            broker,  # type: ignore[arg-type]
            simulator,  # type: ignore[arg-type]
            drained=lambda: self.drained,
            size=lambda pid: self.size,
            limit=100,
            clock=lambda: self.now,
        )
        self.now += LOOK_SECONDS
        return renewal.look(lambda seconds: None)


def test_a_small_broker_is_left_alone() -> None:
    scene = Scene(size=99, drained=True)
    assert not scene.look()
    assert scene.log == []


def test_a_large_and_drained_broker_is_replaced_while_the_simulator_stands_still() -> None:
    scene = Scene(size=101, drained=True)
    assert scene.look()
    assert scene.log == ["stop simulator", "stop broker", "start broker", "start simulator"]


def test_a_broker_with_unread_records_is_never_replaced() -> None:
    scene = Scene(size=101, drained=False)
    assert not scene.look()
    assert scene.log == ["stop simulator", "start simulator"]
