"""docs/new-system.md is true: every file on it is written, every command is run, and says what the page shows."""

import re
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from metrics.cli import run
from metrics.connecting.draft import guessed, missing
from metrics.connecting.mapping_text import mapping_text
from metrics.connecting.plan import plan_of
from metrics.connecting.table import read_table
from metrics.vocabulary import load_vocabulary
from streams.sources.command import mapping

PAGE = (Path(__file__).parents[4] / "docs" / "new-system.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"`([a-z0-9_]+\.[a-z]+)`:\n\n```[a-z]+\n(.*?)```", PAGE, re.DOTALL))
CASES = {"ordered_confirmed": ("1_ordered.json", "2_confirmed.json", "3_ping.json"), "no_number": ("4_no_number.json",)}
ANYTHING = "…"


class Run(NamedTuple):
    """A command on the page and what it prints there."""

    command: str
    shown: list[str]


def runs() -> list[Run]:
    found = []
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            found.append(Run(command, shown))
    return found


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory as it is after somebody has followed the page."""
    folder = tmp_path_factory.mktemp("page")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    slips = FILES["medistore.yaml"].replace("{pad: 6}", "{padd: 6}").replace(".issued.v1", ".isued.v1")
    (folder / "mistakes.yaml").write_text(slips.replace("mapping: medistore", "mapping: mistakes"), encoding="utf-8")
    for case, names in CASES.items():
        (folder / "cases" / "medistore" / case).mkdir(parents=True)
        for name in names:
            (folder / "cases" / "medistore" / case / name).write_text(FILES[name], encoding="utf-8")
    return folder


def test_the_page_has_the_files_and_commands_that_it_speaks_of() -> None:
    assert {"orders.csv", "orders.yaml", "medistore.yaml", "medistore_lakeside.yaml", "medistore_harbour.yaml"} <= set(
        FILES
    )
    assert len(runs()) == 9


def test_every_command_prints_what_the_page_shows(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(desk)
    for command, shown in runs():
        words = shlex.split(command)
        assert words[:2] == ["flowglass", "mapping"]
        run("mapping", mapping, words[2:])
        told = capsys.readouterr()
        lines = [line.rstrip() for line in (told.out + told.err).splitlines()]
        assert fits(lines, shown), f"$ {command}\n" + "\n".join(lines)


def fits(lines: list[str], shown: list[str]) -> bool:
    """Whether the lines are those shown; a line with three dots stands for any number of them."""
    if not shown:
        return not lines
    if shown[0] == ANYTHING:
        return any(fits(lines[start:], shown[1:]) for start in range(len(lines) + 1))
    return bool(lines) and lines[0] == shown[0].rstrip() and fits(lines[1:], shown[1:])


def test_the_table_gives_the_mapping_that_the_page_shows() -> None:
    content = FILES["orders.csv"].encode()
    draft = guessed(read_table(content, len(content)), "orders.csv", load_vocabulary())
    assert missing(draft, load_vocabulary()) == []
    text = mapping_text(plan_of(draft, load_vocabulary()), "orders.csv")
    assert "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#")) == FILES["orders.yaml"]


def test_links_of_the_page_lead_somewhere() -> None:
    docs = Path(__file__).parents[4] / "docs"
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        file, _, heading = target.partition("#")
        assert not file or (docs / file).is_file(), target
        text = (docs / file).read_text(encoding="utf-8") if file else PAGE
        names = {
            re.sub(r"[^a-z0-9 -]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^#+ (.*)$", text, re.M)
        }
        assert not heading or heading in names, target


def test_the_messages_on_the_page_are_json_and_the_mappings_yaml() -> None:
    for name, text in FILES.items():
        if name.endswith((".json", ".yaml")):
            assert isinstance(yaml.safe_load(text), dict), name
