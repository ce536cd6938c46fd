"""The schemas as they were published: in a directory, or in a commit of the git checkout around it."""

import io
import json
import subprocess
import tarfile
from pathlib import Path
from typing import Final

from metrics.contracts.json_schema import ENDING
from metrics.contracts.kinds import Schema

FOLDER: Final = Path("docs/schema/events")
"""Where the schemas lie in the project."""


class NotPublished(Exception):
    """There is nothing to compare with; the message says why and what to do."""


def read_published(against: str, folder: Path = FOLDER) -> dict[str, Schema]:
    """File name -> schema, of a directory if `against` is one, else of a git commit. Raises `NotPublished`."""
    place = Path(against)
    return read_directory(place) if place.is_dir() else read_commit(against, folder)


def read_directory(folder: Path) -> dict[str, Schema]:
    """The schemas in a directory. Raises `NotPublished` when there are none."""
    files = sorted(folder.glob(f"*{ENDING}"))
    if not files:
        raise NotPublished(f"there are no schemas (*{ENDING}) in {folder}; `flowglass contracts build` writes them")
    return {file.name: _parsed(str(file), file.read_bytes()) for file in files}


def read_commit(ref: str, folder: Path = FOLDER) -> dict[str, Schema]:
    """The schemas that a commit, branch or tag holds at `folder`; none before the first were written.

    Raises `NotPublished` when there is no such commit.
    """
    here = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.is_dir())
    top = Path(_git(here, "rev-parse", "--show-toplevel").decode().strip())
    place = folder.resolve().relative_to(top.resolve()).as_posix()
    commit = _git(top, "rev-parse", "--verify", "--end-of-options", f"{ref}^{{commit}}").decode().strip()
    if not _git(top, "ls-tree", "-d", commit, place):
        return {}
    return _unpacked(_git(top, "archive", "--format=tar", commit, place), ref)


def _git(folder: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, check=False)
    except FileNotFoundError:
        raise NotPublished("git is not installed; name a directory with the schemas to compare with") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        why = said[0] if said else "failed"
        raise NotPublished(f"git {words[0]}: {why}; name a directory, or a commit, branch or tag")
    return done.stdout


def _unpacked(archive: bytes, ref: str) -> dict[str, Schema]:
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isfile() else None
            if content is not None and member.name.endswith(ENDING):
                found[Path(member.name).name] = _parsed(f"{ref}:{member.name}", content.read())
    return found


def _parsed(name: str, content: bytes) -> Schema:
    try:
        schema = json.loads(content)
    except ValueError as error:
        raise NotPublished(f"{name} is not JSON: {error}") from None
    if not isinstance(schema, dict):
        raise NotPublished(f"{name} is no schema: it is no JSON object")
    return schema
