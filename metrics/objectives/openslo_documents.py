"""OpenSLO documents as plain data: read, joined with the indicators they refer to, and compared place by place."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import yaml

from metrics.definitions.yaml_text import QUICK_LOADER
from metrics.objectives.openslo import PROCESS, SLA, Document

MOST_BYTES: Final = 4 << 20
MOST_OPENINGS: Final = 20_000
"""Signs that open a list or mapping: libyaml recurses in C, and a text of these alone would end the process."""
TAKEN: Final = (
    "metadata.name",
    f"metadata.annotations[{PROCESS}]",
    f"metadata.annotations[{SLA}]",
    "spec.service",
    "spec.timeWindow[0].duration",
    "spec.timeWindow[0].isRolling",
    "spec.objectives[0].target",
    "spec.objectives[0].targetPercent",
)
"""Places whose meaning is in the objective, however they are written."""


class Unreadable(ValueError):
    """The text is no YAML that can be read; the message says where."""


def read_documents(text: str) -> list[Document]:
    """The documents of a YAML text. Raises Unreadable."""
    if len(text.encode()) > MOST_BYTES:
        raise Unreadable(f"it holds more than {MOST_BYTES >> 20} MiB")
    if sum(map(text.count, ("[", "{", "- ", "? "))) > MOST_OPENINGS:
        raise Unreadable(f"it holds more than {MOST_OPENINGS:,} lists and mappings")
    try:
        if any(isinstance(one, yaml.AliasEvent) for one in yaml.parse(text, Loader=QUICK_LOADER)):
            raise Unreadable("it uses aliases (*name), which are not read")
        found = list(_flat(yaml.load_all(text, Loader=QUICK_LOADER)))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Unreadable(str(error) or "it is nested too deeply") from error
    wrong = next((one for one in found if not isinstance(one, dict)), None)
    if wrong is not None:
        raise Unreadable("every document is a mapping with apiVersion, kind, metadata and spec")
    return found


def with_indicator(document: Document, indicators: Mapping[str, Document], used: set[str]) -> Document:
    """An SLO with the indicator it refers to in its place."""
    spec = mapping(document, "spec")
    name = spec.get("indicatorRef")
    if not isinstance(name, str) or name not in indicators:
        return document
    used.add(name)
    found = {key: value for key, value in indicators[name].items() if key in ("metadata", "spec")}
    rest = {key: value for key, value in spec.items() if key != "indicatorRef"}
    return {**document, "spec": {**rest, "indicator": found}}


def differences(read_: Any, ours: Any, place: str = "") -> Iterator[str]:
    """The places of what was read that ours has not, or has otherwise; the outermost each."""
    if isinstance(read_, dict) and isinstance(ours, dict):
        for key, value in read_.items():
            inner = f"{place}.{key}" if place and "." not in str(key) else f"{place}[{key}]" if place else str(key)
            yield from differences(value, ours[key], inner) if key in ours else _leaves(value, inner)
    elif isinstance(read_, list) and isinstance(ours, list):
        for index, value in enumerate(read_):
            inner = f"{place}[{index}]"
            yield from differences(value, ours[index], inner) if index < len(ours) else _leaves(value, inner)
    elif read_ != ours or isinstance(read_, bool) != isinstance(ours, bool):
        yield place


def _leaves(value: Any, place: str) -> Iterator[str]:
    """A missing branch is told whole, but for the places whose meaning was taken."""
    if isinstance(value, dict) and any(taken.startswith((f"{place}[", f"{place}.")) for taken in TAKEN):
        yield from differences(value, {}, place)
    else:
        yield place


def _flat(found: Iterable[Any]) -> Iterator[Any]:
    """Documents that hold a list stand for its items."""
    for one in found:
        if isinstance(one, list):
            yield from one
        elif one is not None:
            yield one


def mapping(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """The mapping under a key; an empty one where there is none."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def name_of(document: Mapping[str, Any]) -> str:
    """Its `metadata.name`, '' for none."""
    return str(mapping(document, "metadata").get("name", ""))


def title_of(document: Mapping[str, Any]) -> str:
    """What it is called in a message."""
    return f"{document.get('kind', 'document')} {name_of(document) or 'without a name'}"
