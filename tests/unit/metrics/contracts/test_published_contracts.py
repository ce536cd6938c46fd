"""Where the contracts of before are found: in a directory, or in a commit."""

import subprocess
from pathlib import Path

import pytest

from metrics.contracts.published import NotPublished, read_published


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@sample.invalid"]
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose first commit holds no schemas and whose second, tagged `v1`, holds one."""
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "first")
    git(tmp_path, "tag", "empty")
    folder = tmp_path / "docs" / "schema" / "events"
    folder.mkdir(parents=True)
    (folder / "a.b.v1.schema.json").write_text('{"title": "before"}', encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "second")
    git(tmp_path, "tag", "v1")
    (folder / "a.b.v1.schema.json").write_text('{"title": "now"}', encoding="utf-8")
    return folder


def test_a_directory_is_read_as_it_is(checkout: Path) -> None:
    assert read_published(str(checkout)) == {"a.b.v1.schema.json": {"title": "now"}}


def test_a_commit_is_read_as_it_was(checkout: Path) -> None:
    assert read_published("v1", checkout) == {"a.b.v1.schema.json": {"title": "before"}}


def test_before_the_first_schema_there_is_nothing_to_break(checkout: Path) -> None:
    assert read_published("empty", checkout) == {}


@pytest.mark.parametrize("ref", ["v9", "--output=x", ""])
def test_a_commit_that_is_none_is_told(checkout: Path, ref: str) -> None:
    with pytest.raises(NotPublished, match="name a directory, or a commit"):
        read_published(ref or "HEAD~99", checkout)


def test_an_empty_directory_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotPublished, match="flowglass contracts build"):
        read_published(str(tmp_path))


def test_a_broken_schema_is_named(checkout: Path) -> None:
    (checkout / "a.b.v1.schema.json").write_text("[", encoding="utf-8")
    with pytest.raises(NotPublished, match=r"a\.b\.v1\.schema\.json is not JSON"):
        read_published(str(checkout))
