"""Each guard taken out of a copy of the source: the test that is there for it must fail.

`python -m tests.faults.guards [NAME …]` tries them all, or those named.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
COPIED: Final = ("streams", "metrics", "dashboards", "tests", "docs", "pyproject.toml")
FAILED: Final = 1
"""Exit code of pytest: tests ran, and some failed."""


class Guard(NamedTuple):
    """`old` stands in `file` exactly once; with `new` in its place, `test` must fail."""

    name: str
    file: str
    old: str
    new: str
    test: str


ENGINE: Final = "tests/unit/streams/engine"
ORDER: Final = f"{ENGINE}/test_flush_order.py"
CRASHES: Final = "tests/properties/engine/test_order_and_crashes.py"
DEADLINES: Final = f"{ENGINE}/test_deadlines_in_memory.py"
REFUSED: Final = f"{ENGINE}/test_refused.py"
LIFE: Final = f"{ENGINE}/test_lifecycle.py"
TRANSPORT: Final = "tests/unit/streams/transport"

GUARDS: Final = (
    Guard("token off", "metrics/store/writer.py",
          'settings = {**self._settings, "insert_deduplication_token": block.token}', "settings = {**self._settings}",
          "tests/unit/metrics/store/test_writer_blocks.py"),
    Guard("token without its scope", "metrics/store/block.py",
          "for part in (table.encode(), scope.encode()):", "for part in (table.encode(),):",
          "tests/unit/metrics/store/test_writer_blocks.py"),
    Guard("commit before insert", "streams/engine/flush.py",
          '        self._on_stage("frozen")\n', '        await self._commit(upto)\n        self._on_stage("frozen")\n',
          ORDER),
    Guard("messages not sent", "streams/engine/flush.py",
          "        if frozen.outbox:\n", "        if not frozen:\n", "tests/properties/engine/test_two_workers.py"),
    Guard("seen-set off", "streams/cases/case_state.py",
          "if key == last_key or event.id in self.pending or hash_of(event.id) in self.hashes:", "if key == last_key:",
          f"{ORDER}::test_a_redelivered_event_is_neither_late_nor_a_new_revision"),
    Guard("late guard off", "streams/cases/case_state.py",
          "if key > last_key and not self.stale:", "if not self.stale:", "tests/unit/streams/cases/test_fold.py"),
    Guard("withdrawn links stay", "streams/cases/case_state.py",
          "(belonging if named else leaving).append(event)", "belonging.append(event)", CRASHES),
    Guard("epoch fence off", "streams/engine/freeze.py",
          "self._version = epoch << SEQUENCE_BITS", "self._version = 0",
          f"{ORDER}::test_an_older_epoch_never_overwrites_a_newer_one"),
    Guard("cases created without looking", "streams/engine/cache.py",
          "                self.parked_cases.setdefault(key, []).append(message)\n                return None\n",
          "                pass\n", f"{ENGINE}/test_cache.py"),
    Guard("another generation's batch taken", "streams/engine/lifecycle.py",
          "if batch.generation != self.generation:", "if not batch:", LIFE),
    Guard("an owner no more goes on", "streams/engine/lifecycle.py",
          "        except NotOwner as error:\n            self.generation = 0\n",
          "        except NotOwner as error:\n", LIFE),
    Guard("offsets may begin again", "streams/engine/lifecycle.py",
          "if self.progress.goes_back(partition, batch.first_offset):", "if not partition:", LIFE),
    Guard("a store that is away is an error", "streams/engine/insist.py",
          "except StoreUnavailable as error:", "except ZeroDivisionError as error:", f"{ENGINE}/test_insist.py"),
    Guard("deadlines before the backlog is read", "streams/engine/feeds.py",
          "        if not self.caught_up:\n", "        if not name:\n",
          f"{DEADLINES}::test_no_deadline_is_judged_while_the_backlog_is_unread"),
    Guard("history as fast as its fastest partition", "streams/engine/feeds.py",
          "return min(self.newest.get(number, NEVER)", "return max(self.newest.get(number, NEVER)",
          f"{DEADLINES}::test_one_partition_ahead_of_another_breaches_nothing_in_a_history"),
    Guard("blocks are not halved", "streams/engine/refused.py",
          "    except RowsRefused as error:\n        if block.table == _LETTERS:\n            raise\n",
          "    except RowsRefused as error:\n        if block:\n            raise\n", REFUSED),
    Guard("any number of rows may be refused", "streams/engine/refused.py",
          "if len(refused) > MOST_REFUSED:", "if not refused:", REFUSED),
    Guard("a poisoned case ends the worker", "streams/cases/aside.py",
          "        except Exception as error:\n", "        except ZeroDivisionError as error:\n",
          f"{ENGINE}/test_set_aside.py"),
    Guard("what was fetched waits for the collector", "streams/transport/unpack.py",
          "    unpacked._records_iterator = None", "    unpacked._records_iterator", f"{TRANSPORT}/test_unpack.py"),
    Guard("the C library keeps what it is given back", "streams/transport/allocators.py",
          "if mallopt is not None:", "if mallopt is None:", f"{TRANSPORT}/test_allocators.py"),
    Guard("a round takes in all that changed", "streams/engine/settle.py",
          "list(islice(rows, ROWS_A_BLOCK))", "list(rows)", f"{ENGINE}/test_settle.py"),
    Guard("no limit of dead letters a minute", "streams/dead_letters/limits.py",
          "if recent.minute_dead > limits.a_minute:", "if recent.minute_dead < 0:",
          "tests/unit/streams/dead_letters/test_limits.py"),
    Guard("dead letters pass the keeper", "streams/dead_letters/kept_writer.py",
          "self._keeper.columns(_letters(columns)) if table == TABLE else columns", "columns",
          "tests/unit/streams/dead_letters/test_keeping.py::test_no_letter_gets_past_the_keeper_into_the_store"),
)  # fmt: skip


def survivors(guards: Sequence[Guard]) -> list[str]:
    """What is wrong: guards whose test passes without them, or that cannot be taken out."""
    with tempfile.TemporaryDirectory(prefix="flowglass-guards-") as folder:
        copy = Path(folder)
        for name in COPIED:
            _copy(ROOT / name, copy / name)
        return [wrong for guard in guards if (wrong := _tried(guard, copy))]


def _tried(guard: Guard, copy: Path) -> str:
    file = copy / guard.file
    source = file.read_text()
    if (times := source.count(guard.old)) != 1:
        return f"{guard.name}: its line stands {times} times in {guard.file}"
    file.write_text(source.replace(guard.old, guard.new))
    try:
        code, said = _pytest(copy, guard.test)
    finally:
        file.write_text(source)
    return "" if code == FAILED else f"{guard.name}: {guard.test} ended with {code} without it:\n{said}"


def _pytest(copy: Path, test: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, timeout=600, check=False)
    return done.returncode, done.stdout[-1500:]


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        shutil.copy(source, target)
    else:
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))


def main(names: Sequence[str]) -> int:
    chosen = [guard for guard in GUARDS if not names or guard.name in names]
    wrong = survivors(chosen)
    print("\n".join(wrong) or f"{len(chosen)} guards taken out one by one: each one's test failed")
    return 1 if wrong or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
