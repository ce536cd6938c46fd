"""The programs of this package as a process: `python -m tests.integration.folder.folder_program run|files ARGUMENTS`.

`die STAGE DIR` kills itself when a file comes to that stage.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from metrics.cli import run
from metrics.running import find_stack
from streams.folder.command import FolderOptions, folder, run_folder
from streams.folder.files_command import files

PROGRAMS: dict[str, Any] = {"run": folder, "files": files}


def die_at(wanted: str, root: Path) -> None:
    """Watch a folder, and be killed at a stage."""

    def stage(name: str) -> None:
        if name == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    options = FolderOptions(root, quiet=0.2, every=0.2, rows=50, once=True)
    asyncio.run(run_folder(find_stack(broker=True), options, stage))


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    if name == "die":
        die_at(arguments[0], Path(arguments[1]))
    else:
        sys.exit(run(name, PROGRAMS[name], arguments))
