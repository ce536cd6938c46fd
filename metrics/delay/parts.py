"""The parts into which the time of a case is divided, and which of them an instant belongs to: the one place of both.

An instant may be claimed by several: a call is under way while the state waits for a person. It belongs to the first
that claims it, in the order of `PRIORITY`; what nobody claims is unexplained. So the parts add up to the whole.
"""

from typing import Final

CLOCK_STOP: Final = "clock_stop"
INTERFACE: Final = "interface"
RETRY: Final = "retry"
QUEUE: Final = "queue"
HUMAN: Final = "human"
UNEXPLAINED: Final = "unexplained"

PRIORITY: Final = (CLOCK_STOP, INTERFACE, RETRY, QUEUE, HUMAN, UNEXPLAINED)
"""The declared order, first claim first."""

RANK: Final = {part: rank for rank, part in enumerate(PRIORITY)}

TITLES: Final = {
    CLOCK_STOP: "Clock stopped",
    INTERFACE: "Interface active",
    RETRY: "Waiting for a retry",
    QUEUE: "In a queue",
    HUMAN: "Waiting for people",
    UNEXPLAINED: "Unexplained",
}

MEANINGS: Final = {
    CLOCK_STOP: "A declared pause: an SLA clock stood still.",
    INTERFACE: "A span of a call between systems was under way.",
    RETRY: "A call or delivery had failed and was not yet made again.",
    QUEUE: "A message was sent and not yet taken.",
    HUMAN: "The state waited for somebody, as the definition declares.",
    UNEXPLAINED: "No span, queue or declared wait accounts for it.",
}
