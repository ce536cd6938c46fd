"""What Flowglass is made of, as CycloneDX JSON from the lock file: `python deploy/sbom.py [LOCK] > sbom.json`.

Every locked package with its version, its package URL, the hashes that an installation accepts, the condition under
which it is installed, the licence that its installed metadata name (where this Python has that version), and what needs
it. The same lock file and the same installation give the same text. Python packages alone: images of other components
are pinned in docker-compose.yml.
"""

import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[1]
LOCK: Final = ROOT / "requirements.lock"
SPEC: Final = "1.6"
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+?)(?:\s*;\s*(.+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_VIA = re.compile(r"^\s+#\s+(?:via\s+)?(\S+)")
_LONGEST_LICENCE: Final = 120
"""Some packages put the whole text of the licence where its name belongs."""


class Package(NamedTuple):
    """One entry of the lock file. `needed_by`: names of packages; the project itself by its own name."""

    name: str
    version: str
    condition: str
    hashes: tuple[str, ...]
    needed_by: tuple[str, ...]


def packages(text: str) -> Iterator[Package]:
    """The entries of a lock file. Raises ValueError for one without a hash, and for what it does not understand."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if line and not line[0].isspace() and not line.startswith("#"):
            blocks.append([line])
        elif blocks:
            blocks[-1].append(line)
    for head, *rest in blocks:
        pinned = _PINNED.match(head)
        if pinned is None:
            raise ValueError(f"the lock file has a line that pins nothing: {head!r}")
        hashes = tuple(found for line in (head, *rest) for found in _HASH.findall(line))
        if not hashes:
            raise ValueError(f"the lock file has no hash of {pinned[1]}")
        via = (match[1] for line in rest if (match := _VIA.match(line)) and match[1] != "via")
        yield Package(pinned[1], pinned[2], pinned[3] or "", hashes, tuple(via))


def bom(text: str) -> dict[str, Any]:
    """The bill of materials of a lock file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = list(packages(text))
    own = f"pkg:pypi/{project['name']}@{project['version']}"
    refs = {project["name"]: [own]}  # several where conditions choose among versions
    for one in found:
        refs.setdefault(one.name, []).append(_ref(one))
    needs: dict[str, set[str]] = {ref: set() for several in refs.values() for ref in several}
    for one in found:
        for ref in (ref for name in one.needed_by for ref in refs[name]):
            needs[ref].add(_ref(one))
    root = {"type": "application", "bom-ref": own, "name": project["name"], "version": project["version"], "purl": own}
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPEC}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC,
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, sha256(text.encode()).hexdigest())}",
        "version": 1,
        "metadata": {"component": root},
        "components": [_component(one) for one in found],
        "dependencies": [{"ref": ref, "dependsOn": sorted(needed)} for ref, needed in sorted(needs.items())],
    }


def _ref(package: Package) -> str:
    return f"pkg:pypi/{package.name}@{package.version}"


def _component(package: Package) -> dict[str, Any]:
    properties = [{"name": "flowglass:lock:sha256", "value": one} for one in package.hashes]
    if package.condition:
        properties.append({"name": "flowglass:lock:condition", "value": package.condition})
    return {
        "type": "library", "bom-ref": _ref(package), "name": package.name, "version": package.version,
        "purl": _ref(package), **_licence(package), "properties": properties,
    }  # fmt: skip


def _licence(package: Package) -> dict[str, Any]:
    try:
        told = metadata(package.name)
    except PackageNotFoundError:
        return {}
    if told["Version"] != package.version:
        return {}
    expression = told.get("License-Expression")
    if expression:
        return {"licenses": [{"expression": expression}]}
    classes = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    name = next(iter(classes), (told.get("License") or "").strip())
    return {"licenses": [{"license": {"name": name}}]} if 0 < len(name) <= _LONGEST_LICENCE else {}


def main(arguments: Sequence[str]) -> int:
    """Print it."""
    lock = Path(arguments[0]) if arguments else LOCK
    try:
        made = bom(lock.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        print(f"{lock}: {problem}", file=sys.stderr)
        return 1
    print(json.dumps(made, indent=2, sort_keys=True, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
