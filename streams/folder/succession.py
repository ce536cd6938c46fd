"""Which file takes the place of which: copies, corrections, and originals that come after their correction."""

from dataclasses import dataclass

import msgspec

from streams.folder.ledger import COPY, SENT, SUPERSEDED, Entry, Ledger


@dataclass(frozen=True, slots=True)
class Succession:
    """Answers from the ledger, of which it changes nothing."""

    ledger: Ledger

    def is_done(self, known: Entry) -> bool:
        """Whether nothing is to be done. A content that comes back under its own name after a correction is news."""
        if known.state != SUPERSEDED:
            return known.state in (SENT, COPY)
        return self.ledger.get(known.system, known.name, known.superseded_by) is None

    def copy_of(self, entry: Entry) -> Entry | None:
        """The entry of a copy, when the same bytes were sent under another name."""
        for other in self.ledger.of_content(entry.system, entry.content):
            if other.name != entry.name and other.state in (SENT, SUPERSEDED):
                return msgspec.structs.replace(
                    entry, state=COPY, reason=f"the same bytes as {other.name}", superseded_by=other.superseded_by
                )
        return None

    def late_original(self, entry: Entry) -> Entry | None:
        """The entry of a file whose correction came before it."""
        for other in self.ledger.corrections(entry.system):
            if other.name != entry.name and other.corrects in (entry.name, entry.content):
                reason = f"{other.name}, which corrects it, came before it"
                return msgspec.structs.replace(entry, state=SUPERSEDED, reason=reason, superseded_by=other.content)
        return None

    def named(self, entry: Entry) -> list[Entry]:
        """What a file's manifest says that it supersedes."""
        if not entry.corrects:
            return []
        found = self.ledger.of_name(entry.system, entry.corrects) + self.ledger.of_content(entry.system, entry.corrects)
        return [other for other in found if other.content != entry.content]

    def older(self, entry: Entry) -> list[Entry]:
        """What this file supersedes, as it is then: other contents of its name, and what its manifest names."""
        found = {other.key: f"superseded by {entry.name}" for other in self.named(entry)}
        for other in self.ledger.of_name(entry.system, entry.name):
            if other.content != entry.content:
                found[other.key] = "superseded: other content came under its name"
        old = ((self.ledger.get(*key), reason) for key, reason in sorted(found.items()))
        return [
            msgspec.structs.replace(other, state=SUPERSEDED, faulty=0, superseded_by=entry.content, reason=reason)
            for other, reason in old
            if other is not None and other.state != SUPERSEDED
        ]


def beside(name: str, told: str) -> str:
    """What a manifest supersedes: a name beside its own file, or a content."""
    if not told or (len(told) == 64 and all(sign in "0123456789abcdef" for sign in told)):
        return told
    directory, slash, _ = name.rpartition("/")
    return f"{directory}{slash}{told}"
