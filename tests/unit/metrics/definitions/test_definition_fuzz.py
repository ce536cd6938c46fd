"""Whatever a file holds, loading it ends with a catalogue or with mistakes, never with a crash."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.metrics.definitions.written import SMALL, mistakes, write

LINES = SMALL.splitlines()
SCRAPS = st.sampled_from(
    ["", "x", "[]", "{}", "null", "-1", "1e999", "'", "- a", "a: b", "&a", "*a", "!!python/name:os.system", "\t", "ü"]
)


def loads(text: str) -> None:
    with TemporaryDirectory() as folder:
        for line in mistakes(write(Path(folder), text)):
            assert line.startswith("small.yaml:")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(LINES) - 1), st.integers(0, 60), SCRAPS)
def test_a_scrap_anywhere_is_no_crash(line: int, column: int, scrap: str) -> None:
    spoilt = [*LINES[:line], LINES[line][:column] + scrap + LINES[line][column:], *LINES[line + 1 :]]
    loads("\n".join(spoilt))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(LINES) - 1), SCRAPS)
def test_a_value_of_another_kind_is_no_crash(line: int, scrap: str) -> None:
    word, colon, _ = LINES[line].partition(":")
    loads("\n".join([*LINES[:line], f"{word}{colon} {scrap}", *LINES[line + 1 :]]))


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_no_crash(text: str) -> None:
    loads(text)
