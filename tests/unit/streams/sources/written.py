"""Small mapping files for tests."""

from pathlib import Path

import yaml

from streams.sources.load import Library, Loaded
from streams.sources.mapping import Mapping
from streams.sources.message import Message, Outcome

SMALL = """
mapping: small
title: Small
source: /small/{tenant}
evidence: {inferred: all of it}
settings: {tenant: t}
inputs: {json: {}}
defaults: {zone: UTC}
messages:
  order:
    key: {type: purchase_order, id: nr}
    identity: id
    time: at
    rules:
      created: {type: purchase_order.created.v1, evidence: inferred}
"""


def small(**changes: object) -> str:
    """The small mapping with some of its words changed, at any depth (``messages__order__time``)."""
    data = yaml.safe_load(SMALL)
    for path, value in changes.items():
        *steps, last = path.split("__")
        place = data
        for step in steps:
            place = place.setdefault(step, {})
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return yaml.dump(data, Dumper=_Plain, sort_keys=False)


class _Plain(yaml.SafeDumper):
    """Writes a thing that is used twice twice: mapping files have no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def loaded(folder: Path, *texts: str) -> Loaded:
    """The last of some mapping files, after all are written into a folder."""
    for text in texts:
        name = yaml.safe_load(text)["mapping"]
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Library((folder,)).load(name)


def mapping(folder: Path, *texts: str) -> Mapping:
    """The last of some mappings, compiled."""
    return loaded(folder, *texts).mapping


def mapped(folder: Path, text: str, body: str, **message: object) -> Outcome:
    """What one message gives."""
    return mapping(folder, text).map(Message(body.encode(), **message))  # type: ignore[arg-type]
