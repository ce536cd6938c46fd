"""When a file is complete: its manifest says so, or nothing about it changed for a while."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from streams.folder.listing import Seen, Stamp


class Wait(NamedTuple):
    """Why a file is not taken yet. `faulty`: time alone will not help; `quiet`: it only has to stay as it is."""

    reason: str
    faulty: bool = False
    quiet: bool = False


@dataclass(slots=True)
class Readiness:
    """Remembers since when each file is as it is. `quiet`: seconds without a change; `now`: seconds, monotonic."""

    quiet: float
    now: Callable[[], float]
    _since: dict[tuple[str, str], tuple[Stamp, float]] = field(default_factory=dict)

    def look(self, seen: Seen) -> Wait | None:
        """What a file waits for; None when it is complete as far as its looks go."""
        if seen.problem:
            return Wait(seen.problem, faulty=True)
        if seen.stamp is None:
            return Wait("its manifest is here, the file is not yet")
        if seen.manifest is None:
            return self._unchanged(seen, seen.stamp)
        told = seen.manifest.bytes
        if told is not None and seen.stamp.size < told:
            return Wait(f"not all of the {told} bytes are here that its manifest tells of")
        if told is not None and seen.stamp.size > told:
            return Wait(f"it has {seen.stamp.size} bytes, and its manifest tells of {told}", faulty=True)
        return None

    def _unchanged(self, seen: Seen, stamp: Stamp) -> Wait | None:
        key, now = (seen.system, seen.name), self.now()
        known = self._since.get(key)
        if known is None or known[0] != stamp:
            self._since[key] = known = (stamp, now)
        if now - known[1] >= self.quiet:
            return None
        return Wait(f"without a manifest it is taken once it has not changed for {self.quiet:g} seconds", quiet=True)


def content_fault(seen: Seen, content: str) -> str:
    """Why a file is not the one that its manifest tells of; empty when it is."""
    told = seen.manifest.sha256.lower() if seen.manifest else ""
    if told and told != content:
        return f"its SHA-256 is {content[:16]}…, and its manifest says {told[:16]}…: it is not the file that was meant"
    return ""
