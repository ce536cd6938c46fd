"""Files that were sent, out of the way: moved into another directory, where nothing is ever overwritten."""

import os
import shutil
from pathlib import Path

from streams.folder.listing import Seen, Stamp, stamp_of


def archive(seen: Seen, content: str, target: Path) -> bool:
    """Move a file and its manifest to `target/<system>/`; False when it is no more what was sent. Raises OSError."""
    if not _is_still(seen.path, seen.stamp):
        return False
    _move(seen.path, target / seen.system / seen.name, content)
    if seen.manifest_path is not None and _is_still(seen.manifest_path, seen.manifest_stamp):
        _move(seen.manifest_path, (target / seen.system / seen.name).with_name(seen.manifest_path.name), content)
    return True


def _is_still(path: Path, stamp: Stamp | None) -> bool:
    try:
        return stamp_of(os.stat(path, follow_symlinks=False)) == stamp
    except OSError:
        return False


def _move(path: Path, target: Path, content: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    number = 0
    while os.path.lexists(target):
        number += 1
        target = target.with_name(f"{path.name}.{content[:8]}" + (f".{number}" if number > 1 else ""))
    shutil.move(path, target)
