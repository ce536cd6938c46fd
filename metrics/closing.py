"""A case that will never end, closed by hand: the event that says so, with who did it and why.

It names the case by its object, whose qualifier is the process: one object may be a case of several processes.
"""

from typing import Final
from uuid import uuid4

from metrics.words import Event, ObjectRef

CLOSED_BY_HAND: Final = "case.closed_by_hand.v1"
OUTCOME: Final = "closed_by_hand"
SOURCE: Final = "/flowglass/by-hand"
LONGEST_REASON: Final = 500


def closing(
    process: str, case: tuple[str, str], *, at: int, feed: str, actor: str, reason: str, simulated: bool = False
) -> Event:
    """The event that closes a case (its type and id) at a time in microseconds UTC.

    `feed`: the stream whose clock the case follows. Raises ValueError without an actor or a reason.
    """
    if not actor.strip() or not reason.strip():
        raise ValueError("closing a case needs somebody who does it, and a reason")
    if len(reason) > LONGEST_REASON:
        raise ValueError(f"the reason is longer than {LONGEST_REASON} signs")
    return Event(
        id=uuid4().hex,
        type=CLOSED_BY_HAND,
        activity=CLOSED_BY_HAND,
        time=at,
        source=SOURCE,
        objects=(ObjectRef(*case, process),),
        origin="",
        position=0,
        subject="/".join(case),
        feed=feed,
        attributes={"closing_reason": reason.strip()},
        actor=actor.strip(),
        simulated=simulated,
    )
