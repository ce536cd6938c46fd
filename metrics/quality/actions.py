"""What people do with findings: rows that are only ever added, so that no recomputation loses them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol
from uuid import uuid4

ACTIONS: Final = ("acknowledged", "resolved", "reopened", "assigned", "commented")
TABLE: Final = "quality_actions"


class Writer(Protocol):
    """The one writer of the store."""

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], /) -> None: ...


def act(
    writer: Writer,
    finding_id: str,
    opened: int,
    action: str,
    *,
    actor: str,
    at: int,
    owner: str = "",
    comment: str = "",
) -> None:
    """Note what somebody did with the episode of a finding that opened then; times in microseconds UTC.

    Raises ValueError for an action that there is not, one without an actor, and an assignment to nobody.
    """
    if action not in ACTIONS:
        raise ValueError(f"there is no action '{action}'; there are {', '.join(ACTIONS)}")
    if not actor:
        raise ValueError("an action needs somebody who does it")
    if (action == "assigned") != bool(owner):
        raise ValueError("an assignment names the owner, and nothing else does")
    row: dict[str, Any] = {
        "finding_id": finding_id,
        "action_id": uuid4().hex,
        "action": action,
        "opened": opened,
        "owner": owner,
        "comment": comment,
        "actor": actor,
        "at": at,
    }
    writer.insert(TABLE, {name: [value] for name, value in row.items()})
