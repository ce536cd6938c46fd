"""The progress bar, on stderr: what was sent, and how much of it is stored."""

from pathlib import Path
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from streams.analyse.through import Stand


class ProgressBar:
    """A context: while open, it draws (on a terminal only); see `run.Watcher`."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("starting broker, store and worker", total=None, count="")
        self._rows: dict[Path, int] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Draw no more."""
        self._progress.stop()

    def sent(self, path: Path, rows: int) -> None:
        self._rows[path] = rows
        self._progress.update(self._task, description=f"reading {path.name}", count=f"{self._total:,} rows")

    def read(self, stand: Stand) -> None:
        total = stand.there
        self._progress.update(
            self._task,
            description="correlating and storing" if total else "streaming",
            completed=stand.read,
            total=total,
            count=f"{self._total:,} rows sent, {stand.read:,} records stored",
        )

    @property
    def _total(self) -> int:
        return sum(self._rows.values())
