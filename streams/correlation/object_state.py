"""What is known of one object: its neighbours, its cases, and the events it still holds in memory."""

from collections.abc import Collection, Sequence

from metrics.words import Event
from streams.correlation.messages import CaseKey, Key, Proof

SELF_PROOF: Proof = (-(1 << 62), "")
"""A case object belongs to its own case before any event could say so: no link is older."""


class ObjectState:
    """Mutable state of one object, owned by one worker.

    ``links[case][via]`` is the smallest proof that the object belongs to `case` through `via`.
    ``kept`` are the cases within the cap. ``events`` holds events not yet in the store, and, in the
    waiting room (no case yet), those still worth keeping; ``stored`` says that the store has more.
    ``opened`` remembers that the cases which it opens by itself were told.
    """

    __slots__ = (
        "children",
        "dirty",
        "events",
        "kept",
        "key",
        "links",
        "opened",
        "parents",
        "simulated",
        "stored",
    )

    def __init__(self, key: Key) -> None:
        self.key = key
        self.parents: dict[Key, Proof] = {}
        self.children: dict[Key, Proof] = {}
        self.links: dict[CaseKey, dict[Key, Proof]] = {}
        self.kept: tuple[CaseKey, ...] = ()
        self.events: list[Event] | tuple[()] = ()
        self.stored = False
        self.simulated = False
        self.opened = False
        self.dirty = True

    def see(self, event: Event) -> None:
        """Take in an event that names this object. Its row tells of links alone: most events change nothing there."""
        if self.events:
            self.events.append(event)
        else:
            self.events = [event]
        if event.simulated and not self.simulated:
            self.simulated = self.dirty = True

    def learn_parent(self, parent: Key, proof: Proof) -> bool:
        """Whether this proof is news (a new parent, or a smaller proof of a known one)."""
        return self._learn(self.parents, parent, proof)

    def learn_child(self, child: Key, proof: Proof) -> bool:
        return self._learn(self.children, child, proof)

    def _learn(self, known: dict[Key, Proof], key: Key, proof: Proof) -> bool:
        old = known.get(key)
        if old is not None and old <= proof:
            return False
        known[key] = proof
        self.dirty = True
        return True

    def link(self, case: CaseKey, via: Key, proof: Proof) -> bool:
        """Note that `via` brings this object into `case`; whether that is news."""
        return self._learn(self.links.setdefault(case, {}), via, proof)

    def unlink(self, case: CaseKey, via: Key) -> bool:
        """Note that `via` no longer brings this object into `case`; whether that is news."""
        ways = self.links.get(case)
        if ways is None or via not in ways:
            return False
        del ways[via]
        if not ways:
            del self.links[case]
        self.dirty = True
        return True

    def choose(self, caps: Sequence[tuple[str, int]]) -> tuple[list[CaseKey], list[CaseKey]]:
        """Keep the cases within each process's cap, smallest proof first; returns (joined, left), each sorted."""
        before, links = self.kept, self.links
        if not caps and len(links) == 1 and not before:  # its first case: the usual end of most messages
            self.kept = tuple(links)
            return [*links], []
        after: Collection[CaseKey] = links
        for process, cap in caps:
            reached = [case for case in after if case.process == process]
            if len(reached) > cap:
                reached.sort(key=lambda case: (min(links[case].values()), case.id))
                beyond = set(reached[cap:])
                after = [case for case in after if case not in beyond]
        self.kept = tuple(after)
        held, stays = set(before), set(after)
        return sorted(stays - held), sorted(held - stays)

    @property
    def capped(self) -> int:
        """How many links the cap keeps out."""
        return len(self.links) - len(self.kept)
