"""The bill of materials names every locked package, and nothing else."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.kit import ROOT
from tests.security.figures import Record

PROGRAM = ROOT / "deploy" / "sbom.py"
LOCK = ROOT / "requirements.lock"


def printed(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def bom() -> Any:
    return json.loads(printed().stdout)


def pinned() -> set[tuple[str, str]]:
    """Names and versions, read in another way than the program does."""
    return set(re.findall(r"(?m)^([\w.-]+)==([^\s;\\]+)", LOCK.read_text()))


def test_every_locked_package_is_a_component_once_with_all_its_hashes(bom: Any, record: Record) -> None:
    listed = [(one["name"], one["version"]) for one in bom["components"]]
    wrong = set(listed) ^ pinned()
    record(15, "locked packages that are in the bill of materials with every hash", len(listed), len(wrong))
    assert wrong == set()
    assert len(listed) == len(set(listed)) > 80
    hashes = [two["value"] for one in bom["components"] for two in one["properties"] if two["name"].endswith("sha256")]
    assert sorted(hashes) == sorted(re.findall(r"sha256:([0-9a-f]{64})", LOCK.read_text()))
    assert all(one["purl"] == f"pkg:pypi/{one['name']}@{one['version']}" == one["bom-ref"] for one in bom["components"])


def test_everything_is_needed_by_something_from_the_program_on(bom: Any) -> None:
    needs = {one["ref"]: one["dependsOn"] for one in bom["dependencies"]}
    reached, ahead = set(), [bom["metadata"]["component"]["bom-ref"]]
    while ahead:
        ref = ahead.pop()
        if ref not in reached:
            reached.add(ref)
            ahead += needs[ref]
    assert reached == set(needs) == {one["purl"] for one in bom["components"]} | {bom["metadata"]["component"]["purl"]}


def test_the_same_lock_file_gives_the_same_text() -> None:
    assert printed().stdout == printed(str(LOCK)).stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [("flask==3.1.3 \\\n    # via dash\n", "no hash of flask"), ("flask>=3\n", "pins nothing")],
)
def test_a_lock_file_that_locks_nothing_is_refused(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "some.lock"
    file.write_text(text)
    done = printed(str(file))
    assert done.returncode == 1
    assert says in done.stderr
