"""Alerting's own metrics."""

from collections import Counter
from collections.abc import Iterable, Mapping

from metrics import metric_names as names
from metrics.alerts.words import Alert, Status
from metrics.exposition import Exposition
from metrics.objectives.standing import ObjectiveStanding
from metrics.words import SECOND

_OF_OBJECTIVES = (names.OBJECTIVE_ATTAINMENT, names.OBJECTIVE_TARGET, names.OBJECTIVE_BUDGET)


class Observed:
    """What alerting shows of itself. Times in microseconds."""

    def __init__(self, exposition: Exposition) -> None:
        self._exposition = exposition
        self._shown: set[tuple[str, Status]] = set()

    def round(self, alerts: Mapping[str, Alert], took: float, now: int) -> None:
        """A round that took so many seconds."""
        counts = Counter((one.identity.kind, one.status) for one in alerts.values())
        gauge = self._exposition.gauge(names.ALERTS)
        for key in self._shown | counts.keys():
            gauge.labels(*key).set(counts[key])
        self._shown |= counts.keys()
        self._exposition.histogram(names.ALERT_ROUND_SECONDS).observe(took)
        self._exposition.gauge(names.ALERT_ROUND_TIME).set(now / SECOND)

    def objectives(self, found: Iterable[ObjectiveStanding]) -> None:
        """How objectives stand; one that is not found any more keeps no value."""
        gauges = [self._exposition.gauge(metric) for metric in _OF_OBJECTIVES]
        for gauge in gauges:
            gauge.clear()
        for one in found:
            for gauge, value in zip(gauges, (one.attainment, one.target, one.left), strict=True):
                if value is not None:
                    gauge.labels(one.process, one.sla, str(one.simulated).lower()).set(value)

    def owner(self, owns: bool) -> None:
        self._exposition.gauge(names.ALERT_OWNER).set(int(owns))

    def failed(self, kind: str) -> None:
        self._exposition.counter(names.ALERT_CONDITION_FAILURES).labels(kind).inc()

    def settled(self, receiver: str, state: str) -> None:
        """An attempt: delivered, refused, or queued for another one."""
        outcome = "failed" if state == "queued" else state
        self._exposition.counter(names.ALERT_MESSAGES).labels(receiver, outcome).inc()

    def waiting(self, counts: Mapping[str, int]) -> None:
        for receiver, count in counts.items():
            self._exposition.gauge(names.ALERT_QUEUE).labels(receiver).set(count)
