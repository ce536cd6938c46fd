"""From findings to alerts: pending, muted, firing, resolved."""

from collections.abc import Iterable

from metrics.alerts.lifecycle import Step, Timing, advance
from metrics.alerts.words import Alert, Finding
from metrics.words import SECOND
from tests.fakes.alerting import NOON, finding

TIMINGS = {"breach": Timing(hold=30 * SECOND, keep=60 * SECOND)}


class Life:
    """Rounds with a memory."""

    def __init__(self) -> None:
        self.alerts: dict[str, Alert] = {}

    def at(self, seconds: int, *findings: Finding, unknown: Iterable[str] = ()) -> list[Step]:
        steps = advance(self.alerts, findings, NOON + seconds * SECOND, TIMINGS, frozenset(unknown))
        self.alerts |= {step.alert.id: step.alert for step in steps}
        return steps

    def changes(self, seconds: int, *findings: Finding) -> list[str]:
        return [step.change for step in self.at(seconds, *findings)]

    @property
    def only(self) -> Alert:
        (alert,) = self.alerts.values()
        return alert


def test_a_condition_fires_once_it_has_held_long_enough() -> None:
    life = Life()
    assert life.changes(0, finding()) == ["began"]
    assert life.changes(29, finding()) == []
    assert life.changes(30, finding()) == ["fired"]
    assert (life.only.status, life.only.revision, life.only.fired) == ("firing", 1, NOON + 30 * SECOND)


def test_a_condition_that_goes_before_its_time_was_never_told() -> None:
    life = Life()
    life.at(0, finding())
    assert life.changes(10) == ["ended"]
    assert (life.only.fired, life.only.revision) == (None, 0)


def test_a_condition_without_a_hold_fires_at_once() -> None:
    assert Life().changes(0, finding(kind="source_paused")) == ["began", "fired"]


def test_an_alert_is_resolved_when_its_condition_has_been_gone_for_a_while() -> None:
    life = Life()
    life.at(0, finding())
    life.at(30, finding())
    assert life.changes(40) == ["going"]
    assert life.changes(99) == []
    assert life.changes(100) == ["resolved"]
    assert (life.only.status, life.only.revision, life.only.count, life.only.peak) == ("resolved", 2, 0, 3)


def test_a_condition_that_flickers_neither_resolves_nor_fires_anew() -> None:
    life = Life()
    life.at(0, finding())
    life.at(30, finding())
    life.at(40)
    assert life.changes(50, finding()) == ["returned"]
    assert life.changes(105) == ["going"]
    assert life.only.revision == 1


def test_what_a_feed_brings_in_its_history_is_muted_until_it_is_live() -> None:
    life = Life()
    life.at(0, finding(muted="backfill"))
    assert life.changes(30, finding(muted="backfill")) == ["muted"]
    assert life.changes(300, finding(muted="backfill")) == []
    assert life.changes(301, finding()) == ["unmuted"]
    assert (life.only.status, life.only.revision, life.only.fired) == ("firing", 1, NOON + 301 * SECOND)


def test_what_is_over_when_the_feed_goes_live_never_fires() -> None:
    life = Life()
    life.at(0, finding(muted="backfill"))
    life.at(30, finding(muted="backfill"))
    assert life.changes(31) == ["ended"]
    assert life.only.fired is None


def test_an_alert_that_fires_again_counts_on() -> None:
    life = Life()
    for second in (0, 30):
        life.at(second, finding())
    life.at(40), life.at(100)
    life.at(200, finding())
    assert life.changes(230, finding()) == ["fired"]
    assert (life.only.revision, life.only.gone, life.only.resolved) == (3, None, None)


def test_a_revision_counts_on_when_the_alert_itself_is_not_at_hand() -> None:
    one = finding(kind="source_paused")
    (_, step) = advance({}, [one], NOON, {}, revisions={one.identity.id: 6})
    assert step.alert.revision == 7


def test_a_kind_that_could_not_be_looked_at_changes_nothing() -> None:
    life = Life()
    life.at(0, finding())
    life.at(30, finding())
    assert life.at(10_000, unknown=["breach"]) == []
    assert life.only.status == "firing"


def test_counts_follow_and_the_severity_of_a_told_alert_stays() -> None:
    life = Life()
    life.at(0, finding())
    life.at(30, finding())
    assert life.changes(35, finding(count=9, severity="warning")) == ["updated"]
    assert (life.only.count, life.only.peak, life.only.severity) == (9, 9, "critical")
    assert life.changes(40, finding(count=4)) == ["updated"]
    assert (life.only.count, life.only.peak) == (4, 9)


def test_one_cause_of_two_owners_or_of_simulated_data_is_another_alert() -> None:
    ids = {finding(**changes).identity.id for changes in ({}, {"owner": "x"}, {"simulated": True}, {"process": "y"})}
    assert len(ids) == 4
