"""What a column is taken for, by whom and why."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Role = Literal[
    "case", "activity", "time", "start", "recorded", "object", "amount", "currency", "actor", "number", "attribute",
    "leave",
]  # fmt: skip
ROLES: Final[tuple[Role, ...]] = get_args(Role)
Confidence = Literal["sure", "likely", "unsure", "default", "chosen"]
ONCE: Final[frozenset[Role]] = frozenset(
    ("case", "activity", "start", "recorded", "amount", "currency", "actor", "number")
)
"""At most one column has such a role; `time` too, where there is a column of steps."""
TIMED: Final[frozenset[Role]] = frozenset(("time", "start", "recorded"))
MEANING: Final[dict[Role, str]] = {
    "case": "Case or document number",
    "activity": "Step (activity)",
    "time": "When it happened",
    "start": "When the step began",
    "recorded": "When it was written down",
    "object": "Number of another object",
    "amount": "Amount of money",
    "currency": "Currency",
    "actor": "Who did it",
    "number": "The row's own number",
    "attribute": "Attribute",
    "leave": "Leave out",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column and its role. `of`: the type of object, or (a time in a table without steps) of event; '' where open.

    `form`: how times or amounts are written. `precision`: the finest that its times mean, '' as written.
    """

    place: int
    name: str
    role: Role
    reason: str
    confidence: Confidence = "likely"
    of: str = ""
    form: str = ""
    precision: str = ""
    personal: bool = False
