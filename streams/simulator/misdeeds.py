"""What people do although a guard forbids it, played on purpose: a small share, drawn by the seed alone.

Each draw has dice of its own, so that no other part of the history moves. What is violated by it is worked out by
`guard_truth`, from the events.
"""

from dataclasses import replace
from random import Random

from metrics.words import Event
from streams.simulator.world import Supplier

FINANCE_LIMIT_CENTS = 2_500_000
"""What finance may decide alone; above it the executive board does."""

_EARLY_ORDER, _OWN_APPROVAL, _GONE_APPROVER, _ABOVE_LIMIT = 0.012, 0.02, 0.02, 0.3
_REMEMBERED = 40


class Misdeeds:
    """Knows who could do what is forbidden just now."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._registering: dict[str, None] = {}
        self._gone: list[str] = []

    def note(self, event: Event) -> None:
        """Look at an event that happens: a supplier that is not active yet, somebody who leaves."""
        if event.type == "supplier.requested.v1":
            self._registering[event.objects[0].id] = None
        elif event.type in ("supplier.activated.v1", "supplier.rejected.v1", "supplier.withdrawn.v1"):
            self._registering.pop(event.objects[0].id, None)
        elif event.type == "worker.terminated.v1":
            self._gone.append(event.objects[0].id)

    def supplier(self, requisition: str, wanted: Supplier) -> Supplier:
        """Who gets the order: rarely one whose registration is still under way."""
        dice = self._dice("supplier", requisition)
        if not self._registering or dice.random() >= _EARLY_ORDER:
            return wanted
        return replace(wanted, id=dice.choice(list(self._registering)[-_REMEMBERED:]))

    def approver(self, requisition: str, requester: str, wanted: str) -> str:
        """Who approves: rarely the requester, or somebody who has left, by a password that lived on."""
        dice = self._dice("approver", requisition)
        luck = dice.random()
        if requester and luck < _OWN_APPROVAL:
            return requester
        if self._gone and luck > 1 - _GONE_APPROVER:
            return dice.choice(self._gone[-_REMEMBERED:])
        return wanted

    def level(self, requisition: str, cents: int) -> str:
        """On which level an amount (US cents) is approved: rarely on one that may not."""
        if cents <= FINANCE_LIMIT_CENTS or self._dice("level", requisition).random() < _ABOVE_LIMIT:
            return "finance"
        return "executive"

    def _dice(self, what: str, about: str) -> Random:
        return Random(f"misdeeds/{self._seed}/{what}/{about}")
