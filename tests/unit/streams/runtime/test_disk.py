"""What `up` says about the disk."""

from pathlib import Path

from metrics.store.space import FULL, MIB, Space
from streams.runtime.disk import LOOK_SECONDS, DiskWatch

TOTAL = 100_000 * MIB


class Disk:
    """A disk and a clock, both stepped by hand."""

    def __init__(self) -> None:
        self.free, self.now = TOTAL, 0.0
        self.said: list[str] = []
        self.watch = DiskWatch(Path("data"), self.said.append, lambda: self.now, lambda _: Space(self.free, TOTAL))

    def has(self, free: int) -> list[str]:
        """What is said once so much is left."""
        self.free, before = free, len(self.said)
        self.now += LOOK_SECONDS
        self.watch.look()
        return self.said[before:]


def test_each_change_is_said_once() -> None:
    disk = Disk()
    assert disk.has(TOTAL // 2) == []
    (filling,) = disk.has(500 * MIB)
    assert filling == "the disk fills up: 500 MiB of 100,000 are left on the disk of data"
    assert disk.has(400 * MIB) == []
    (full,) = disk.has(FULL - 1)
    assert full.startswith("the disk is full: 7 MiB")
    assert disk.has(0) == []
    (again,) = disk.has(TOTAL // 2)
    assert again.startswith("there is room again: 50,000 MiB")


def test_a_small_disk_is_low_when_a_twentieth_is_left() -> None:
    assert not Space(60 * MIB, 1_000 * MIB).is_low
    assert Space(49 * MIB, 1_000 * MIB).is_low


def test_a_disk_that_cannot_be_asked_changes_nothing() -> None:
    def fails(_: Path) -> Space:
        raise PermissionError

    said: list[str] = []
    DiskWatch(Path("data"), said.append, lambda: 1.0, fails).look()
    assert said == []
