"""The one alert that the store can't hold: that the store itself is away. It is told from memory.

Only the program that was the owner when the store went away tells it. Should that program die meanwhile, the sign of
life (`deadman`) stops, which is what others watch.
"""

from collections.abc import Callable

import msgspec

from metrics.alerts.decide import Linker, told_of
from metrics.alerts.lanes import Lanes
from metrics.alerts.plan import Plan, destinations
from metrics.alerts.state import Queued
from metrics.alerts.words import STORE_AWAY, Alert, Identity, Message, message_id
from metrics.store.errors import StoreFull, StoreUnavailable
from metrics.words import MINUTE, SECOND

PATIENCE = 20 * SECOND
"""How long the store may be away before it is told."""
AFTERWARDS = 15 * MINUTE
GROUP = "store_away"
IDENTITY = Identity(STORE_AWAY, "", "pipeline", "store", "", False)


class Standby:
    """Watches over the store. Times in microseconds; `clock` gives them."""

    def __init__(self, plan: Plan, lanes: Lanes, link: Linker, clock: Callable[[], int]) -> None:
        """`lanes` send without proof of ownership, which only the store could give."""
        self._plan = plan
        self._lanes = lanes
        self._link = link
        self._clock = clock
        self._since: int | None = None
        self._alert: Alert | None = None

    def away(self, error: StoreUnavailable) -> None:
        """The store did not answer, or did not take what was to be stored."""
        now = self._clock()
        self._since = now if self._since is None else self._since
        if self._is_told or now - self._since < PATIENCE:
            return
        what = "the store's disk is full" if isinstance(error, StoreFull) else "the store cannot be reached or written"
        detail = f"{what}: nothing is judged, and alerts wait until it is back"
        self._tell(
            Alert(
                identity=IDENTITY,
                severity="critical",
                status="firing",
                revision=1,
                since=self._since,
                fired=now,
                detail=detail,
                count=1,
                peak=1,
            )
        )

    def back(self) -> Alert | None:
        """The store answers. What was told of its absence, once, to be written down."""
        self._since, now = None, self._clock()
        alert = self._alert
        if alert is None:
            return None
        if alert.status == "resolved":
            if now - (alert.resolved or 0) > AFTERWARDS:
                self._alert = None
                for name in self._lanes.stateful:
                    self._lanes.show(name, [])
            return None
        self._tell(msgspec.structs.replace(alert, status="resolved", revision=2, resolved=now))
        return self._alert

    @property
    def _is_told(self) -> bool:
        return self._alert is not None and self._alert.status == "firing"

    def _tell(self, alert: Alert) -> None:
        self._alert = alert
        told = told_of(alert, self._link)
        names = dict.fromkeys(one.receiver for one in destinations(self._plan.routes, alert) if not one.after)
        for name in names:
            if name in self._lanes.stateful:
                self._lanes.show(name, [told])
            content = f"{alert.fired}|{alert.status}".encode()
            message = Message(
                id=message_id(name, GROUP, alert.revision, content),
                receiver=name,
                group=GROUP,
                number=alert.revision,
                created=self._clock(),
                reason="the store is away" if alert.status == "firing" else "the store is back",
                alerts=(told,),
                link=told.link,
            )
            self._lanes.put([Queued(message, {})])


def unproven() -> bool:
    """Proof enough where the store, which alone could prove more, is what is away."""
    return True
