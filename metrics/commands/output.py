"""What commands print: tables for people, JSON for machines. Data goes to stdout, everything else to stderr."""

import math
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import structlog
from rich.console import Console
from rich.table import Table

from metrics.commands.wording import plain, rfc3339
from metrics.settings import log_form
from metrics.words import SECOND

_PIPED_WIDTH = 200  # nobody wraps a pipe
DURATIONS = frozenset(
    {
        "gross_us", "net_us", "target_us", "lasts_us", "left_us", "median_us", "p90_us", "p95_us", "p99_us",
        "old_net_us", "new_net_us", "shortest_wait_us", "median_wait_us", "longest_wait_us", "longest_us",
        "accepted_us",
    }
)  # fmt: skip


def print_json(content: Any) -> None:
    """One indented JSON document."""
    print(msgspec.json.format(msgspec.json.encode(content), indent=2).decode())


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "", right: str = "") -> None:
    """An aligned table; `right` names the columns (separated by commas) whose values end at the right edge."""
    numbers = {name.strip() for name in right.split(",")}
    if title:
        print()
        print_line(title)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        table.add_column(name, justify="right" if name in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(plain(cell) for cell in row))
    console = terminal()
    with console.capture() as captured:
        console.print(table)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))


def print_line(text: str = "") -> None:
    """One line for people."""
    print(plain(text))


def say(text: str) -> None:
    """A remark beside the data; a line of the log where logs are JSON."""
    if log_form() == "json":
        structlog.get_logger("flowglass").info(text)
    else:
        print(f"flowglass: {text}", file=sys.stderr)


def terminal() -> Console:
    """Where people read; nothing in a text from outside is taken as markup."""
    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    return Console(file=sys.stdout, width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


def for_machines(row: msgspec.Struct) -> dict[str, Any]:
    """A query's row with times as RFC 3339 texts, durations in seconds (`net_us` → `net_seconds`), NaN as null."""
    return dict(_field(name, getattr(row, name)) for name in row.__struct_fields__)


def _field(name: str, value: Any) -> tuple[str, Any]:
    if isinstance(value, float) and math.isnan(value):
        value = None
    if not name.endswith("_us"):
        return name, value
    stem = name.removesuffix("_us")
    if name in DURATIONS:
        return f"{stem}_seconds", None if value is None else value / SECOND
    return stem, rfc3339(value)
