"""The words of data quality: kinds of exceptions, their states, and where a number leads."""

from typing import NamedTuple

from dashboards.address import Address

PATH = "/data-quality"


class Kind(NamedTuple):
    """A kind of exception: its name on tiles, of one and of many of them, what it means, and how bad one is."""

    title: str
    single: str
    many: str
    about: str
    tone: str


KINDS = {
    "contradiction": Kind(
        "Contradictory",
        "Contradiction",
        "contradictions",
        "Two systems say different things about one object for longer than the domain accepts.",
        "warn",
    ),
    "duplicate": Kind(
        "Duplicates",
        "Duplicate",
        "duplicates",
        "One supplier, worker or other object that is kept under two numbers.",
        "warn",
    ),
    "unmapped": Kind(
        "Unmapped",
        "Unmapped value",
        "unmapped values",
        "A value, such as a cost centre, that the system of record does not know.",
        "warn",
    ),
    "missing_reference": Kind(
        "Missing references",
        "Missing reference",
        "missing references",
        "An event names an object that no system has told of.",
        "warn",
    ),
    "propagation": Kind(
        "Not arrived",
        "Not arrived in time",
        "changes that did not arrive in time",
        "A change in the system of record that a target has not shown within what the domain accepts.",
        "warn",
    ),
    "guard": Kind(
        "Guards",
        "Guard violated",
        "violations of guards",
        "Something was done, or left undone, although a process forbids it: an order before its supplier is active.",
        "bad",
    ),
    "contract": Kind(
        "Contract breaches",
        "Contract breach",
        "breaches of contracts",
        "Contracts of event types that a source breaks. They need work while they were seen within the last 7 days.",
        "warn",
    ),
    "file": Kind(
        "Nightly files",
        "Nightly file",
        "nightly files",
        "Files that were refused, wait for the rest, or do not add up from source to store.",
        "bad",
    ),
    "late": Kind(
        "Late events",
        "Late event",
        "late events",
        "Events that came after a later one of their case, by the time of that one. Numbers they changed are restated.",
        "warn",
    ),
    "unlinked": Kind(
        "Unlinked events",
        "Unlinked event",
        "unlinked events",
        "Events that no case claims yet. They are kept, and join a case when a link to it is seen.",
        "warn",
    ),
}
FINDINGS = ("contradiction", "duplicate", "unmapped", "missing_reference", "propagation", "guard")
STATES = (
    ("open", "Open"),
    ("acknowledged", "Acknowledged"),
    ("resolved", "Resolved"),
    ("healed", "Healed"),
    ("quiet", "Not seen lately"),
    ("all", "All"),
)
_LOOKS = {"open": "at_risk", "acknowledged": "paused", "resolved": "met", "healed": "met", "quiet": "cancelled"}


def state_look(status: str, kind: str) -> tuple[str, str]:
    """Status class and word of an exception's state."""
    look = "breached" if status == "open" and kind == "file" else _LOOKS.get(status, "open")
    return look, dict(STATES).get(status, status.capitalize())


def list_link(address: Address, **changes: str) -> str:
    """The list behind a number: the filters of the page stay, a chosen exception does not."""
    return PATH + address.with_(**{"finding": "", "state": "", "system": "", **changes}).search()
