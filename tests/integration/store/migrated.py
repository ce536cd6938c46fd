"""A migrated database to copy: a process of tests makes it once, since that takes longer than many a test."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from metrics.store.migrate import migrate_url
from tests.integration.store.front_process import start_front, stop_front


def copy_migrated(path: Path) -> None:
    """Put a migrated, empty database at a path where nothing is."""
    shutil.copytree(_migrated(), path, symlinks=True)


@cache
def _migrated() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="flowglass-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    front = start_front(folder / "store")
    try:
        migrate_url(front.url)
    finally:
        stop_front(front)
    return folder / "store"
