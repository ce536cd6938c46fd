"""Which definitions a replay goes by: those at hand, or versions that the store was once told."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from metrics.definitions.load import CALENDARS_FILE, FACILITIES_FILE, SHIPPED, load
from metrics.definitions.model import Definition
from metrics.definitions.registry import Catalogue
from streams.engine.ports import Reader


class UnknownVersion(Exception):
    """Neither the files nor the store have that version of a process."""


def chosen(path: Path | None, versions: Mapping[str, int], reader: Reader) -> tuple[Definition, ...]:
    """One definition for each process: the version named, else the one in force at `path`.

    Raises UnknownVersion, DefinitionsError, FileNotFoundError and store errors.
    """
    catalogue = load(path)
    found = {one.process: one for one in catalogue.definitions}
    for process, version in versions.items():
        if version in catalogue.versions(process):
            found[process] = catalogue.by_name(process, version)
        else:
            found[process] = _stored(path or SHIPPED, process, version, reader).by_name(process, version)
    return tuple(found.values())


def _stored(path: Path, process: str, version: int, reader: Reader) -> Catalogue:
    sql = "SELECT yaml FROM v_definitions WHERE process = %(process)s AND version = %(version)s"
    row = next(iter(reader.rows(sql, {"process": process, "version": version})), None)
    if row is None:
        raise UnknownVersion(f"neither {path} nor the store knows version {version} of the process {process!r}")
    folder = path if path.is_dir() else path.parent
    with tempfile.TemporaryDirectory() as aside:
        for name in (CALENDARS_FILE, FACILITIES_FILE):
            if (folder / name).is_file():
                shutil.copy(folder / name, aside)
        (Path(aside) / f"{process}.yaml").write_text(row["yaml"], encoding="utf-8")
        return load(Path(aside))
