"""YAML is read by libyaml where that is safe; what is wrong with a file is said as exactly as before."""

from pathlib import Path

import pytest

from metrics.definitions.yaml_text import parse, parse_slowly

ROOT = Path(__file__).parents[4]
FILES = [*(ROOT / "streams/sources/catalogue").glob("*.yaml"), *(ROOT / "metrics").rglob("*.yaml")]
DEEP = 200_000


@pytest.mark.parametrize("file", sorted(FILES), ids=lambda file: file.stem)
def test_both_readers_find_the_same_data_on_the_same_lines(file: Path) -> None:
    text = file.read_text(encoding="utf-8-sig")
    quick, slow = parse(text), parse_slowly(text)
    assert quick.data == slow.data
    assert quick.lines == slow.lines
    assert quick.findings == slow.findings == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: {c: 1, d\n", 3, "not valid YAML: expected ',' or '}', but got '<stream end>'"),
        ("a:\n\t- 1\n", 2, "not valid YAML: found character '\\t' that cannot start any token"),
        ("a: \x07\n", 1, "not a text file: it holds control characters"),
        ("a: 1\n---\nb: 2\n", 2, "not valid YAML: but found another document"),
    ],
)
def test_a_mistake_is_told_by_the_reader_with_the_better_words(text: str, line: int, said: str) -> None:
    ((found, finding),) = parse(text).findings
    assert (found, finding.message) == (line, said)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_brackets_without_end_are_a_finding_and_not_a_crash(opening: str) -> None:
    ((_, finding),) = parse(opening * DEEP).findings
    assert finding.message.startswith("not valid YAML")
