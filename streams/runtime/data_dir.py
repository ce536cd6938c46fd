"""The one directory an embedded stack lives in: store, logs, and a note of where its programs listen."""

import fcntl
import json
import shutil
from pathlib import Path
from typing import IO, Any

from streams.runtime.ports import HOST


class DirectoryInUse(Exception):
    """Another stack runs on this directory."""


class DataDirectory:
    """Layout of a data directory; `lock` keeps a second stack out."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = root / "store"
        self.logs = root / "logs"
        self.simulator = root / "simulator"
        self.inbox = root / "inbox"
        self.note = root / "run.json"
        self._lock: IO[str] | None = None

    def lock(self) -> None:
        """Make the directory this process's own until it ends. Raises DirectoryInUse."""
        self.root.mkdir(parents=True, exist_ok=True)
        lock = (self.root / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise DirectoryInUse(
                f"{self.root} is in use by another flowglass; stop it, or choose another with --data-dir"
            ) from error
        self._lock = lock
        self.logs.mkdir(exist_ok=True)

    @property
    def has_data(self) -> bool:
        return self.store.exists()

    def simulation(self) -> dict[str, Any] | None:
        """Length and speed of the simulation that the kept data comes from; None: there is none yet."""
        state = self.simulator / "state.json"
        return json.loads(state.read_text()) if state.exists() else None

    def clear(self) -> None:
        """Forget everything but the lock, the keys and what others put into the inbox."""
        for path in (self.store, self.logs, self.simulator):
            shutil.rmtree(path, ignore_errors=True)
        self.logs.mkdir(exist_ok=True)

    def write_note(self, *, broker: str, store: str, dashboards_port: int, gateway_port: int | None = None) -> None:
        """Let other commands find the running stack."""
        found = {"broker": broker, "store": store, "dashboards": f"http://{HOST}:{dashboards_port}"}
        if gateway_port is not None:
            found["gateway"] = f"http://{HOST}:{gateway_port}"
        self.note.write_text(json.dumps(found))

    def remove_note(self) -> None:
        self.note.unlink(missing_ok=True)
