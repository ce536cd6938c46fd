"""A small disk of a test's own, which can be filled to its last byte and emptied again. Needs root."""

import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

PIECE = 1 << 16


class SmallDisk:
    """A file system in memory, mounted at `folder` as long as the `with` block lasts."""

    def __init__(self, folder: Path, mib: int) -> None:
        self.folder = folder
        self._mib = mib

    def __enter__(self) -> Self:
        self.folder.mkdir()
        options = f"size={self._mib}m"
        command = ["mount", "-t", "tmpfs", "-o", options, "flowglass-test", str(self.folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"a disk of a test's own cannot be mounted here: {done.stderr.strip()}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], check=True)

    @property
    def free(self) -> int:
        """Bytes."""
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    def fill(self) -> None:
        """Leave no room at all: what others gave back since the last time is taken as well."""
        with (self.folder / "filler").open("ab", buffering=0) as filler:
            for size in (PIECE, 1):
                try:
                    while True:
                        filler.write(b"x" * size)
                except OSError:
                    continue

    def make_room(self) -> None:
        (self.folder / "filler").unlink()
