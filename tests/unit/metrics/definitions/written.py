"""A small process as a person writes it, for tests to spoil."""

from pathlib import Path

from metrics.definitions.load import load
from metrics.definitions.mistakes import DefinitionsError
from metrics.definitions.registry import Catalogue
from metrics.vocabulary import load_vocabulary

VOCABULARY = load_vocabulary()

SMALL = """\
process: small
version: 3
title: Small
owner: procurement
case: {object: requisition}
correlation:
  - {object: purchase_order, through: requisition, cap: 10}
milestones:
  asked: {on: requisition.created.v1}
  agreed: {on: requisition.approved.v1}
  refused: {on: requisition.rejected.v1}
  ordered: {on: [purchase_order.created.v1, Create order]}
  urgent: {on: purchase_order.created.v1, where: {priority: [high, 1]}}
  closed: {on: purchase_order.closed.v1}
branches:
  - {name: supply, leave: closed}
states:
  - {name: deciding, enter: asked}
  - {name: buying, enter: [agreed]}
  - {name: supplying, branch: supply, enter: ordered}
ends:
  - {milestone: closed, outcome: done}
  - {milestone: refused, outcome: refused}
reopens: [asked]
slas:
  - name: decision
    from: asked
    to: agreed
    target: 2wd
    calendar: business_hours
    cancel_on: refused
    pauses:
      - {from: ordered, to: closed, reason: waiting for supplier}
    objective: {share: 0.9, window_days: 28}
    owner: procurement
    source: house value
attributes: {facility: facility}
"""


def write(folder: Path, text: str = SMALL, name: str = "small.yaml") -> Path:
    """The file with this text."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def spoilt(old: str, new: str, text: str = SMALL) -> str:
    """The text with one place changed; the place must be there exactly once."""
    assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
    return text.replace(old, new)


def mistakes(path: Path) -> list[str]:
    """Every mistake found at a path, as it is printed; none when all is right."""
    try:
        load(path, VOCABULARY)
    except DefinitionsError as error:
        return [str(one) for one in error.mistakes]
    return []


def small(folder: Path, text: str = SMALL) -> Catalogue:
    """The catalogue that holds the small process alone."""
    return load(write(folder, text), VOCABULARY)
