"""What lies in a watched folder: files of systems with their manifests, and what is never followed.

Below `DIR/<system>/` the names are relative, with `/` between. Hidden names (`.x`) and names that say that an upload
goes on (`x.part`) are passed over. Nothing is ever read through a symbolic link.
"""

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from streams.folder.manifest import LARGEST, Manifest, ManifestError, parse_manifest, target_of

UNFINISHED: Final = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".uploading")
_DEEPEST: Final = 8


class Stamp(NamedTuple):
    """What changes when a file does. Times in nanoseconds since 1970 UTC."""

    size: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Seen:
    """A file, or what stands in its place. `problem`: why it cannot be used, a sentence; empty when it can.

    Without `stamp` there is only a manifest. `name` is text for people and the ledger, `path` the real one.
    """

    system: str
    name: str
    path: Path
    stamp: Stamp | None = None
    manifest: Manifest | None = None
    manifest_path: Path | None = None
    manifest_stamp: Stamp | None = None
    problem: str = ""
    hopeless: bool = False  # the problem is what it is, not what is missing yet


@dataclass(slots=True)
class Folder:
    """A watched folder; remembers the manifests that it has read."""

    root: Path
    _manifests: dict[Path, tuple[Stamp, Manifest | ManifestError]] = field(default_factory=dict)

    def look(self) -> list[Seen]:
        """Everything that lies there now, by system and name. Raises OSError when the folder itself cannot be read."""
        found: list[Seen] = []
        with os.scandir(self.root) as entries:
            systems = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda one: one.name)
        for entry in systems:
            if entry.is_symlink():
                found.append(Seen(_text(entry.name), ".", Path(entry.path), problem=_LINK, hopeless=True))
            elif entry.is_dir(follow_symlinks=False):
                found += self._directory(_text(entry.name), Path(entry.path), "", _DEEPEST)
        return found

    def _directory(self, system: str, directory: Path, prefix: str, deeper: int) -> Iterator[Seen]:
        try:
            with os.scandir(directory) as entries:
                listed = sorted(entries, key=lambda one: one.name)
        except OSError as error:
            yield Seen(system, prefix or ".", directory, problem=f"the directory cannot be read: {error.strerror}")
            return
        files: dict[str, Seen] = {}
        manifests: list[os.DirEntry[str]] = []
        for entry in listed:
            if entry.name.startswith(".") or entry.name.endswith(UNFINISHED):
                continue
            name = prefix + _text(entry.name)
            if entry.is_dir(follow_symlinks=False):
                if deeper:
                    yield from self._directory(system, Path(entry.path), f"{name}/", deeper - 1)
                else:
                    yield Seen(system, name, Path(entry.path), problem="the directory lies too deep")
            elif target_of(entry.name) and not entry.is_symlink():
                manifests.append(entry)
            elif (seen := _file(system, name, entry)) is not None:
                files[entry.name] = seen
        yield from self._with_manifests(system, directory, prefix, files, manifests)

    def _with_manifests(
        self, system: str, directory: Path, prefix: str, files: dict[str, Seen], manifests: list[os.DirEntry[str]]
    ) -> Iterator[Seen]:
        told: set[str] = set()
        for entry in manifests:
            read = self._manifest(entry)
            if read is None:
                continue
            stamp, manifest = read
            wrong = isinstance(manifest, ManifestError)
            target = target_of(entry.name) if isinstance(manifest, ManifestError) else manifest.name
            file = files.get(target) or Seen(system, prefix + _text(target), directory / target)
            problem = str(manifest) if wrong else file.problem
            if target in told and not problem:
                problem = f"two manifests speak of it, one of them {_text(entry.name)}"
            told.add(target)
            usable = None if isinstance(manifest, ManifestError) else manifest
            files[target] = replace(
                file, manifest=usable, manifest_path=Path(entry.path), manifest_stamp=stamp, problem=problem
            )
        yield from files.values()

    def _manifest(self, entry: os.DirEntry[str]) -> tuple[Stamp, Manifest | ManifestError] | None:
        """None when it went away in the meantime."""
        path = Path(entry.path)
        try:
            stamp = stamp_of(entry.stat(follow_symlinks=False))
            known = self._manifests.get(path)
            if known is not None and known[0] == stamp:
                return known
            read: Manifest | ManifestError = parse_manifest(read_regular(path, LARGEST + 1), _text(entry.name))
        except FileNotFoundError:
            return None
        except ManifestError as error:
            read = error
        except OSError as error:
            read = ManifestError(f"the manifest {_text(entry.name)} cannot be read: {error.strerror}")
        self._manifests[path] = (stamp, read)
        return stamp, read


_LINK: Final = "it is a symbolic link, and links are not followed: put the file itself here"


def stamp_of(found: os.stat_result) -> Stamp:
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)


def read_regular(path: Path, most: int) -> bytes:
    """The first `most` bytes of a regular file, never through a link and never waiting for a pipe. Raises OSError."""
    with open_regular(path) as file:
        return file.read(most)


def open_regular(path: Path) -> BinaryIO:
    """A regular file, opened; a link, a pipe or a device in its place is an OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return os.fdopen(handle, "rb")


def _file(system: str, name: str, entry: os.DirEntry[str]) -> Seen | None:
    path = Path(entry.path)
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Seen(system, name, path, problem=f"it cannot be looked at: {error.strerror}")
    problem = _LINK if stat.S_ISLNK(found.st_mode) else "" if stat.S_ISREG(found.st_mode) else "it is no regular file"
    return Seen(system, name, path, stamp_of(found), problem=problem, hopeless=bool(problem))


def _text(name: str) -> str:
    """A name as text: bytes that are no UTF-8 become `\\xff`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
