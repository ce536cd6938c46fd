"""One case, driven by hand."""

from metrics.definitions.model import Definition
from metrics.words import SECOND
from streams.cases.case_state import CaseState
from streams.cases.plan import Plan
from streams.cases.readings import Changes, read_clocks
from streams.correlation.messages import CaseKey, Key
from tests.fakes.clocked import CLOCKED
from tests.fakes.events import event

OBJECT: Key = ("requisition", "R")
KEY = CaseKey("ordering", *OBJECT)


class OneCase:
    """A case with a store of its own; times in seconds."""

    def __init__(self, definition: Definition = CLOCKED) -> None:
        self.state = CaseState(KEY, Plan(definition))
        self.changes: list[Changes] = []

    def happen(self, *steps: tuple[str, int], sequence: int = 0) -> "OneCase":
        """Events reach the case in this order."""
        for activity, at in steps:
            self.state.enter(event(activity, at, OBJECT, sequence=sequence), OBJECT)
        return self

    def settle(self, now: int = 0, *, by_timer: bool = False) -> Changes:
        """What a flush does: fold again if need be, read the clocks. Events stay, as in a store."""
        if self.state.stale:
            self.state.refold({})
        changes = read_clocks(self.state, now * SECOND, by_timer=by_timer)
        self.state.late = []
        self.changes.append(changes)
        return changes

    def status(self, clock: str) -> str:
        """The clock's status as last read; empty while it has not started."""
        names = [rule.name for rule in self.state.plan.definition.slas]
        reading = self.state.readings[names.index(clock)]
        return "" if reading is None else reading.status
