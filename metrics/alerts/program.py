"""`flowglass alerts run`: the composition root of alerting, a process of its own."""

import os
import signal
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic
from types import FrameType

import structlog

from metrics.alerts.condition import Names
from metrics.alerts.decide import Note, told_of
from metrics.alerts.lanes import Lanes, MessageLane, Proof, Report, Settled, StateLane
from metrics.alerts.links import linker
from metrics.alerts.notifiers.alertmanager import AlertmanagerNotifier
from metrics.alerts.notifiers.build import OnMissing, Secrets, build, raised
from metrics.alerts.notifiers.port import Notifier, StateNotifier
from metrics.alerts.observed import Observed
from metrics.alerts.ownership import Ownership
from metrics.alerts.plan import Plan
from metrics.alerts.round import RESOLVED_KEPT, Rounds
from metrics.alerts.standby import Standby, unproven
from metrics.alerts.state import ORPHANED, AlertStore, Queued
from metrics.alerts.words import Told
from metrics.commands.opened import wall_clock
from metrics.completeness.beside import Beside
from metrics.completeness.plan import Expectations
from metrics.completeness.rounds import Rounds as CompletenessRounds
from metrics.definitions.registry import Catalogue
from metrics.exposition import Exposition, expose
from metrics.reports.making import maker
from metrics.reports.reading import ScheduledReport
from metrics.reports.rounds import ReportRounds
from metrics.settings import Settings
from metrics.store.client import connect
from metrics.store.errors import StoreUnavailable
from metrics.store.queries import Queries
from metrics.store.writer import ClickHouseWriter
from metrics.words import SECOND

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.25
STOP_SECONDS = 9.0
COMPLETENESS_STOP_SECONDS = 2.0
REST, LONGEST_REST = 2, 10.0
"""A round that took long is followed by a rest so many times as long, up to so many seconds: others read, too."""
RENEW_SECONDS = 5.0
STALE_SECONDS = 60.0
NO_REPORTS: Mapping[str, ScheduledReport] = {}


class Evaluator:
    """Rounds while this program is the owner; hands messages to the lanes and writes down what became of them."""

    def __init__(
        self,
        plan: Plan,
        ownership: Ownership,
        rounds: Rounds,
        store: AlertStore,
        lanes: Lanes,
        settled: "deque[Settled]",
        observed: Observed,
        standby: Standby,
        reports: ReportRounds,
        clock: Callable[[], int],
    ) -> None:
        self._standby = standby
        self._reports = reports
        self._plan = plan
        self._ownership = ownership
        self._rounds = rounds
        self._store = store
        self._lanes = lanes
        self._settled = settled
        self._observed = observed
        self._clock = clock
        self._owns = False
        self._last_round: float | None = None

    def ready(self) -> str:
        """'' or why this program does not do its work."""
        if not self._owns:
            return "another program tells the alerts"
        if self._last_round is None or monotonic() - self._last_round > STALE_SECONDS + self._plan.every / SECOND:
            return "no round has been finished lately"
        return ""

    def run(self, stop: threading.Event) -> None:
        """Until told to stop."""
        while not stop.is_set():
            began = monotonic()
            try:
                if self._is_owner():
                    self._round()
                    self._note_return()
            except StoreUnavailable as error:
                self._away(error)
            took = monotonic() - began
            self._rest(stop, max(self._plan.every / SECOND, min(REST * took, LONGEST_REST)))
        self._finish()

    def _is_owner(self) -> bool:
        if self._owns and not self._ownership.renew():
            log.warning("the lease ran out; what waits stays in the store")
            self._lanes.clear()
            self._owns = False
        if not self._owns and self._ownership.take():
            self._record()  # what was delivered while the store was away must not be taken for queued
            self._rounds.load(self._clock())
            self._reports.forget()
            self._lanes.clear()
            self._lanes.put(self._still_wanted(self._store.queue()))
            self._owns = True
            log.info("this program tells the alerts", epoch=self._ownership.epoch)
        self._observed.owner(self._owns)
        return self._owns

    def _still_wanted(self, queue: Sequence[Queued]) -> list[Queued]:
        """Without messages to receivers that the file does not name any more; those are given up."""
        known = {*self._plan.receivers, *self._reports.lanes}
        orphans = [one for one in queue if one.message.receiver not in known]
        self._store.save_messages(orphans, "refused", error=ORPHANED, settled=self._clock())
        return [one for one in queue if one.message.receiver in known]

    def _round(self) -> None:
        began, now = monotonic(), self._clock()
        outcome = self._rounds.run(now)
        self._show_states(now)
        self._lanes.put(outcome.queued)
        self._lanes.put(self._reports.run(now))
        self._last_round = monotonic()
        self._observed.round(self._rounds.alerts, self._last_round - began, now)
        self._observed.objectives(self._rounds.objectives)
        for kind in outcome.failed:
            self._observed.failed(kind)

    def _note_return(self) -> None:
        """Write down that the store was away, now that it can be."""
        alert = self._standby.back()
        if alert is not None:
            self._store.save_alerts([alert], self._clock())
            self._store.save_log([Note(alert.id, alert.revision, "", "", "resolved", alert.detail)], self._clock())

    def _show_states(self, now: int) -> None:
        for name in self._lanes.stateful:
            self._lanes.show(name, self._states(name, now))

    def _states(self, receiver: str, now: int) -> list[Told]:
        """What a receiver of states was told to fire and does, and what was resolved lately."""
        told = {id_ for (name, _), said in self._rounds.said.items() if name == receiver for id_ in said.told}
        heard = {group for name, group in self._rounds.said if name == receiver}
        link = linker(self._plan.link)
        return [
            told_of(alert, link)
            for id_, alert in self._rounds.alerts.items()
            if (alert.status == "firing" and id_ in told)
            or (alert.status == "resolved" and id_ in heard and now - (alert.resolved or 0) < RESOLVED_KEPT)
        ]

    def _rest(self, stop: threading.Event, seconds: float) -> None:
        """Write down what the lanes report, and keep the lease, until the next round."""
        until, renewal = monotonic() + seconds, monotonic() + RENEW_SECONDS
        while True:
            self._write_down()
            if self._owns and monotonic() >= renewal:
                renewal += RENEW_SECONDS
                self._keep_lease()
            if stop.wait(max(0.0, min(LOOK_SECONDS, until - monotonic()))) or monotonic() >= until:
                return

    def _keep_lease(self) -> None:
        try:
            self._ownership.renew()
        except StoreUnavailable as error:
            self._away(error)

    def _away(self, error: StoreUnavailable) -> None:
        log.warning("the store is unavailable; alerts wait", error=str(error))
        if self._last_round is not None:
            self._standby.away(error)

    def _write_down(self) -> None:
        self._observed.waiting(self._lanes.waiting())
        if self._owns:
            try:
                self._record()
            except StoreUnavailable:
                return  # written down later; should this program die first, it is sent once more with the same id

    def _record(self) -> None:
        while self._settled:
            one = self._settled[0]
            settled = None if one.state == "queued" else self._clock()
            self._store.save_messages([one.queued], one.state, error=one.error, settled=settled)
            self._settled.popleft()
            self._observed.settled(one.queued.message.receiver, one.state)

    def _finish(self) -> None:
        self._lanes.stop(STOP_SECONDS)
        try:
            self._write_down()
            self._ownership.release()
        except StoreUnavailable as error:
            log.warning("the store is unavailable; the next program waits for the lease to end", error=str(error))


def run_alerts(
    settings: Settings,
    plan: Plan,
    catalogue: Catalogue,
    expectations: Expectations,
    folder: Path,
    environment: Mapping[str, str],
    stop: threading.Event,
    on_missing: OnMissing = raised,
    reports: Mapping[str, ScheduledReport] = NO_REPORTS,
) -> None:
    """Tell alerts and send `reports` until told to stop. `folder`: where files of secrets are. Raises store errors, and
    what `on_missing` raises for a receiver whose secret is not there; else its messages wait in the store.
    """
    store = connect(settings)
    reader = Queries(store)
    writer = ClickHouseWriter(store, cluster=settings.cluster)
    holder = f"{socket.gethostname()}-{os.getpid()}-{os.urandom(4).hex()}"
    ownership = Ownership(reader, writer, holder, monotonic)
    kept = AlertStore(reader, writer, ownership)
    settled: deque[Settled] = deque()
    exposition = Exposition()
    notifiers = build(plan, Secrets(environment, folder), wall_clock, on_missing)
    due = ReportRounds(reports, reader, kept, maker(settings), plan.link)
    letters = {lane: notifiers[by] for lane, by in due.lanes.items() if by in notifiers}
    lanes = lanes_of({**notifiers, **letters}, ownership.proves, settled.append)
    link = linker(plan.link)
    direct = lanes_of(notifiers, unproven, lambda _: None)
    standby = Standby(plan, direct, link, wall_clock)
    rounds = Rounds(plan, Names(catalogue, plan.interfaces, expectations.prefixes), reader, kept, link)
    evaluator = Evaluator(plan, ownership, rounds, kept, lanes, settled, Observed(exposition), standby, due, wall_clock)
    completeness = Beside(
        ownership, lambda: CompletenessRounds(expectations, reader, writer, ownership.version), wall_clock
    )
    server = expose(settings, exposition, evaluator.ready)
    lanes.start()
    direct.start()
    completeness.start()
    try:
        evaluator.run(stop)
    finally:
        completeness.stop(COMPLETENESS_STOP_SECONDS)
        direct.stop(0.0)
        store.close()
        if server is not None:
            server.close()


def lanes_of(notifiers: Mapping[str, Notifier | StateNotifier], proves: Proof, report: Report) -> Lanes:
    """A lane for each notifier."""
    return Lanes(
        {
            name: StateLane(name, one, proves, report, monotonic, wall_clock)
            if isinstance(one, AlertmanagerNotifier)
            else MessageLane(name, one, proves, report, monotonic)  # type: ignore[arg-type]
            for name, one in notifiers.items()
        }
    )


def stop_signal() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    told = threading.Event()

    def tell(number: int, frame: FrameType | None) -> None:
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, tell)
    return told
