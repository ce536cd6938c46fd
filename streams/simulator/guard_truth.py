"""Which guards of the catalogue are violated, worked out from the events as they happen.

The guards are said here once more, in plain code: truth must not lean on what it checks. A record tells of one guard
and one document: from when to when (None: it lasts) the document violates it; one that ends before it begins did not.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from metrics.words import DAY, HOUR, Event
from streams.simulator.misdeeds import FINANCE_LIMIT_CENTS
from streams.simulator.processes import BUYING, DISPUTES, NIGHTS, OFFBOARDING, ONBOARDING, SPREADING, SUPPLIERS
from streams.simulator.truth import Write

Told = Callable[[str, str, str, int, int | None], None]
"""Takes process, guard, document, from and until."""


class _Half(NamedTuple):
    """What goes wrong half-way with an object of a type, and what mends or undoes it in time."""

    process: str
    guard: str
    kind: str
    asks: str
    ends: tuple[str, ...]
    within: int


_REPAIRS: Final = (
    _Half(SUPPLIERS, "sync_repaired", "supplier", "sync_failed", ("synced", "withdrawn", "rejected", "blocked"), DAY),
    _Half(ONBOARDING, "account_repaired", "user_account", "failed", ("created", "deleted"), DAY),
    _Half(SPREADING, "refusal_repaired", "data_change", "refused", ("corrected", "confirmed", "withdrawn"), DAY),
    _Half(NIGHTS, "difference_repaired", "batch", "unbalanced", ("corrected", "reconciled"), 8 * HOUR),
)


class GuardTruth:
    """Watches every event, and writes what it violates."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._suppliers = _Suppliers(self._tell)
        self._leavers = _Leavers(self._tell)
        self._repairs = [_Repair(one, self._tell) for one in _REPAIRS]
        self._asked: dict[str, tuple[str, int]] = {}
        """Requisition → who asked, and for how many cents."""
        self._approved: set[str] = set()
        self._disputed: set[str] = set()

    def note(self, event: Event) -> None:
        """Look at an event that happens."""
        kind, _, verb = event.type.removesuffix(".v1").partition(".")
        self._suppliers.note(kind, verb, event)
        self._leavers.note(kind, verb, event)
        for repair in self._repairs:
            repair.note(kind, verb, event)
        if kind == "requisition" and verb in ("created", "submitted"):
            cents = int(event.amount.value.replace(".", "")) if event.amount else 0
            self._asked[event.objects[0].id] = event.actor, cents
        elif (kind, verb) == ("approval_step", "approved"):
            self._step(event)
        elif kind == "invoice":
            self._invoice(verb, event)
        elif (kind, verb) == ("payment", "executed"):
            self._payment(event)
        if (kind, verb) in _DECIDED and event.actor in self._leavers.gone:
            self._tell(BUYING, "approver_employed", event.subject, event.time, None)

    def _step(self, event: Event) -> None:
        requester, cents = self._asked[event.objects[1].id]
        if requester and requester == event.actor:
            self._tell(BUYING, "four_eyes", event.subject, event.time, None)
        if event.attributes["step"] == "finance" and cents > FINANCE_LIMIT_CENTS:
            self._tell(BUYING, "approval_limit", event.subject, event.time, None)

    def _invoice(self, verb: str, event: Event) -> None:
        number = event.objects[0].id
        if verb == "approved":
            self._approved.add(number)
        elif verb == "exception":
            self._disputed.add(number)
        elif verb in ("exceptioncleared", "rejected"):
            self._disputed.discard(number)
        elif verb == "paid" and number not in self._approved:
            self._tell(BUYING, "paid_approved", event.subject, event.time, None)

    def _payment(self, event: Event) -> None:
        if any(one.type == "invoice" and one.id in self._disputed for one in event.objects):
            self._tell(DISPUTES, "paid_in_dispute", event.subject, event.time, None)

    def _tell(self, process: str, guard: str, document: str, since: int, until: int | None) -> None:
        about = {"process": process, "guard": guard, "document": document}
        self._write({"record": "guard", **about, "from": since, "until": until})


_DECIDED: Final = frozenset({("approval_step", "approved"), ("purchase_order", "approved"), ("invoice", "approved")})
_CHECKS: Final[Mapping[str, str]] = {"tax_verified": "tax", "bank_verified": "bank"}


class _Suppliers:
    """Suppliers that were asked for in this history: what they lack, and the orders that came too early."""

    def __init__(self, tell: Told) -> None:
        self._tell = tell
        self._lacks: dict[str, set[str]] = {}
        self._early: dict[str, list[tuple[str, int]]] = {}

    def note(self, kind: str, verb: str, event: Event) -> None:
        named = next((one.id for one in event.objects if one.type == "supplier"), "")
        if (kind, verb) == ("supplier", "requested"):
            self._lacks[named] = {"active", "contract", "tax", "bank"}
        lacks = self._lacks.get(named)
        if lacks is None:
            return
        if kind == "supplier" and verb in _CHECKS:
            lacks.discard(_CHECKS[verb])
        elif (kind, verb) == ("contract", "signed"):
            lacks.discard("contract")
        elif (kind, verb) == ("supplier", "activated"):
            lacks.discard("active")
            if lacks:
                self._tell(SUPPLIERS, "checked_before_active", event.subject, event.time, None)
        elif (kind, verb) == ("purchase_order", "created") and lacks & {"active", "contract"}:
            self._early.setdefault(named, []).append((event.subject, event.time))
            self._tell(BUYING, "supplier_ready", event.subject, event.time, None)
        if not lacks & {"active", "contract"}:
            for document, since in self._early.pop(named, ()):
                self._tell(BUYING, "supplier_ready", document, since, event.time)


class _Leaver:
    """Somebody whose employment has ended: when all had to be closed, and what is known of it."""

    __slots__ = ("closed", "document", "due", "opened", "told")

    def __init__(self, document: str, due: int) -> None:
        self.document = document
        self.due = due
        self.opened: dict[str, int] = {}
        self.closed: dict[str, int] = {}
        self.told = False


class _Leavers:
    """Accounts and permissions of people, until after they leave."""

    def __init__(self, tell: Told) -> None:
        self._tell = tell
        self.gone: set[str] = set()
        self._absent: set[str] = set()
        """Those who have left, and those whose hire was taken back."""
        self._opened: dict[str, dict[str, int]] = {}
        self._closed: dict[str, dict[str, int]] = {}
        self._leaving: dict[str, _Leaver] = {}

    def note(self, kind: str, verb: str, event: Event) -> None:
        worker = next((one.id for one in event.objects if one.type == "worker"), "")
        if kind == "worker" and verb in ("hired", "terminated", "rescinded"):
            self._status(worker, verb, event)
        elif (kind, verb) in (("user_account", "created"), ("access", "granted")):
            self._opened.setdefault(worker, {})[event.subject] = event.time
            if worker in self._absent:
                self._tell(ONBOARDING, "no_access_once_gone", event.subject, event.time, None)
            self._look(worker)
        elif (kind, verb) in (("user_account", "disabled"), ("access", "revoked")):
            self._closed.setdefault(worker, {}).setdefault(event.subject, event.time)
            self._look(worker)
        elif (kind, verb) == ("worker", "access_removed"):
            self._look(worker, event.time)

    def _status(self, worker: str, verb: str, event: Event) -> None:
        if verb == "hired":
            self._absent.discard(worker)
            self.gone.discard(worker)
            return
        self._absent.add(worker)
        if verb == "terminated":
            self.gone.add(worker)
            self._leaving[worker] = _Leaver(event.subject, event.time + DAY)
            self._look(worker)

    def _look(self, worker: str, removed: int | None = None) -> None:
        """Tell what has become of a leaver's access; `removed`: when the checklist says that all of it is."""
        leaver = self._leaving.get(worker)
        if leaver is None:
            return
        opened = {name: at for name, at in self._opened.get(worker, {}).items() if at <= leaver.due}
        closed = self._closed.get(worker, {})
        left = leaver.due - DAY
        names = {*opened, *(name for name, at in closed.items() if at >= left)}
        if names:
            ends = [closed.get(name, -1) for name in names]
            through = max(ends) if all(closed.get(name, -1) >= opened.get(name, left) for name in names) else None
        else:
            through = removed
        self._tell(OFFBOARDING, "access_revoked", leaver.document, leaver.due, through)


class _Repair:
    """Watches what goes wrong half-way."""

    def __init__(self, half: _Half, tell: Told) -> None:
        self._half = half
        self._tell = tell
        self._waiting: dict[str, list[int]] = {}
        self._late: dict[str, tuple[int, int]] = {}
        """Document → the newest violation that is over."""

    def note(self, kind: str, verb: str, event: Event) -> None:
        half, name = self._half, event.subject
        if kind != half.kind:
            return
        if verb == half.asks:
            self._waiting.setdefault(name, []).append(event.time + half.within)
            self._tell(half.process, half.guard, name, self._waiting[name][0], None)
        elif verb in half.ends and name in self._waiting:
            due = self._waiting.pop(name)[0]
            if event.time > due:
                before = self._late.get(name)
                self._late[name] = (before[0] if before and before[1] >= due else due), event.time
            self._tell(half.process, half.guard, name, *self._late.get(name, (due, event.time)))
