"""The words of data quality: kinds of exceptions, their states, and where a number leads."""

from typing import NamedTuple

from dashboards.address import Address

PATH = "/data-quality"


class Kind(NamedTuple):
    """A kind of exception: its name on tiles, of one and of many of them, and how bad one is.

    What it means stands in the catalogue of figures.
    """

    title: str
    single: str
    many: str
    tone: str


KINDS = {
    "contradiction": Kind(
        "Contradictory",
        "Contradiction",
        "contradictions",
        "warn",
    ),
    "duplicate": Kind(
        "Duplicates",
        "Duplicate",
        "duplicates",
        "warn",
    ),
    "unmapped": Kind(
        "Unmapped",
        "Unmapped value",
        "unmapped values",
        "warn",
    ),
    "missing_reference": Kind(
        "Missing references",
        "Missing reference",
        "missing references",
        "warn",
    ),
    "propagation": Kind(
        "Not arrived",
        "Not arrived in time",
        "changes that did not arrive in time",
        "warn",
    ),
    "guard": Kind(
        "Guards",
        "Guard violated",
        "violations of guards",
        "bad",
    ),
    "contract": Kind(
        "Contract breaches",
        "Contract breach",
        "breaches of contracts",
        "warn",
    ),
    "file": Kind(
        "Nightly files",
        "Nightly file",
        "nightly files",
        "bad",
    ),
    "late": Kind(
        "Late events",
        "Late event",
        "late events",
        "warn",
    ),
    "unlinked": Kind(
        "Unlinked events",
        "Unlinked event",
        "unlinked events",
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
