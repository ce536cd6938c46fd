"""A round: what cannot be seen is not taken for gone, and is told."""

from collections.abc import Iterable
from typing import Any, TypeVar

import pytest

from metrics.alerts.actions import Action, Silence
from metrics.alerts.condition import Names, conditions
from metrics.alerts.decide import GroupKey, Note
from metrics.alerts.dedup import Said
from metrics.alerts.plan import Owner
from metrics.alerts.round import Members, Rounds
from metrics.alerts.rows import OverdueClock
from metrics.alerts.state import Queued
from metrics.alerts.words import Alert, Member
from metrics.store.errors import StoreError, StoreMismatch, StoreUnavailable
from metrics.words import MINUTE, SECOND
from tests.fakes.alerting import NOON, plan

Row = TypeVar("Row")


class FakeQueries:
    """The queries' answers."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Any] | StoreError] = {}

    def rows(self, name: str, row_type: type[Row], /, **_: object) -> list[Row]:
        found = self.answers.get(name, [])
        if isinstance(found, StoreError):
            raise found
        return found


class FakeKeeper:
    """What rounds keep; nothing was kept before."""

    def __init__(self) -> None:
        self.kept: dict[str, Alert] = {}
        self.log: list[Note] = []

    def alerts(self, since: int) -> dict[str, Alert]:
        return {}

    def revisions(self) -> dict[str, int]:
        return {}

    def members(self) -> dict[str, Members]:
        return {}

    def said(self, since: int) -> dict[GroupKey, Said]:
        return {}

    def actions(self) -> list[Action]:
        return []

    def silences(self, now: int) -> list[Silence]:
        return []

    def answers(self) -> dict[tuple[str, str, str], tuple[str, int]]:
        return {}

    def save_alerts(self, alerts: Iterable[Alert], now: int) -> None:
        self.kept |= {one.id: one for one in alerts}

    def save_members(self, changes: Iterable[tuple[str, Member, int, int | None]]) -> None:
        pass

    def save_log(self, notes: list[Note], now: int) -> None:
        self.log += notes

    def save_messages(self, messages: Iterable[Queued], state: str, /) -> None:
        pass


def overdue(case: str, sla: str = "s") -> OverdueClock:
    return OverdueClock("p", case, sla, "breached", "waiting", 0, "procurement", "5.00", "USD", 0, "live")


class Scene:
    def __init__(self) -> None:
        self.queries, self.keeper = FakeQueries(), FakeKeeper()
        rules = {kind: one.defaults for kind, one in conditions().items()}
        chosen = plan(conditions=rules)
        self.rounds = Rounds(chosen, Names(None, [Owner("*", "it")]), self.queries, self.keeper, lambda alert: "")

    def fires(self, at: int) -> set[str]:
        self.rounds.run(NOON + at)
        return {one.identity.kind for one in self.keeper.kept.values() if one.status == "firing"} - {"deadman"}


def test_a_query_that_fails_leaves_its_alerts_and_is_told_once_it_keeps_failing() -> None:
    scene = Scene()
    scene.queries.answers["alert_clocks"] = [overdue("a")]
    scene.fires(0)
    assert scene.fires(15 * SECOND) == {"breach"}
    scene.queries.answers["alert_clocks"] = StoreUnavailable("Timeout exceeded", 159)
    assert scene.fires(30 * SECOND) == {"breach"}
    assert scene.fires(10 * MINUTE) == {"breach", "blind"}
    blind = {one.identity.cause for one in scene.keeper.kept.values() if one.identity.kind == "blind"}
    assert blind == {"at_risk", "breach", "stuck"}
    scene.queries.answers["alert_clocks"] = [overdue("a")]
    scene.fires(11 * MINUTE)
    assert scene.fires(13 * MINUTE) == {"breach"}


def test_a_query_that_does_not_fit_the_store_is_no_reason_to_stop() -> None:
    scene = Scene()
    scene.queries.answers["alert_dead_letters"] = StoreMismatch("unknown column", 47)
    scene.fires(0)
    assert scene.fires(3 * MINUTE) == {"blind"}


def test_a_store_that_does_not_answer_ends_the_round() -> None:
    scene = Scene()
    scene.queries.answers["alert_clocks"] = StoreUnavailable("connection refused")
    with pytest.raises(StoreUnavailable):
        scene.rounds.run(NOON)
    assert scene.keeper.kept == {}


def test_a_case_that_is_late_for_two_reasons_counts_and_costs_once() -> None:
    scene = Scene()
    scene.queries.answers["alert_clocks"] = [overdue("a"), overdue("a", "other"), overdue("b")]
    scene.fires(0)
    (alert,) = (one for one in scene.keeper.kept.values() if one.identity.kind == "breach")
    assert (alert.count, alert.amounts) == (2, {"USD": "10.00"})
    assert alert.detail == "p: 2 cases, 10.00 USD are past their deadline; they wait in waiting"


def test_an_answer_is_logged_when_it_changes_and_not_again() -> None:
    scene = Scene()
    scene.queries.answers["alert_clocks"] = [overdue("a")]
    for second in (0, 15, 20, 25):
        scene.fires(second * SECOND)
    breach = [note.code for note in scene.keeper.log if "deadline" in note.reason or note.receiver]
    assert breach.count("group_wait") <= 2
    assert [code for code in breach if code != "group_wait"] == ["began", "fired"]
