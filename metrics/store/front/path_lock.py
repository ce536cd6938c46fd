"""One front a data path: the engine would otherwise fail late, or worse, share the files."""

import fcntl
import os
from pathlib import Path


class PathTaken(Exception):
    """Another process has the data path open."""


def lock_path(path: Path, note: str) -> int:
    """Lock `path` for this process until it ends; the note tells others who has it. Raises PathTaken."""
    path.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path / "front.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(descriptor, 200).decode(errors="replace").strip() or "another process"
        os.close(descriptor)
        message = f"the store at {path} is already open in {holder}; stop it, or use another --path"
        raise PathTaken(message) from error
    os.ftruncate(descriptor, 0)
    os.write(descriptor, note.encode())
    return descriptor
