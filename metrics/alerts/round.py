"""One round of the evaluator: look, advance, decide, write down. What is sent stands in the store before it is sent."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

import structlog

from metrics.alerts.actions import Action, Silence, standings
from metrics.alerts.condition import Names, Reader, Sight, conditions
from metrics.alerts.conditions.blind import KIND, unseen
from metrics.alerts.decide import Decision, GroupKey, Linker, Note, decide
from metrics.alerts.dedup import Said
from metrics.alerts.feeding import Feeding
from metrics.alerts.lifecycle import SPOKEN, Step, Timing, advance
from metrics.alerts.plan import Plan
from metrics.alerts.stages import Scene
from metrics.alerts.state import MessageState, Queued, Told
from metrics.alerts.words import Alert, Finding, Member, Message
from metrics.objectives.standing import ObjectiveStanding
from metrics.store.errors import StoreError, StoreUnavailable
from metrics.store.queries import QueryMismatch
from metrics.words import DAY, MINUTE

log = structlog.get_logger(__name__)

LOADED = 14 * DAY
"""How far back resolved alerts are loaded: a route's hours may hold the news of it back over holidays."""
RESOLVED_KEPT = 15 * MINUTE
"""How long a resolved alert stays at hand, so that receivers of states that were away hear of it."""
Members = dict[tuple[str, str], tuple[Member, int]]


class Keeper(Protocol):
    """What a round keeps; `metrics.alerts.state.AlertStore` in production."""

    def alerts(self, since: int) -> dict[str, Alert]: ...
    def revisions(self) -> dict[str, int]: ...
    def members(self) -> dict[str, Members]: ...
    def said(self, since: int) -> dict[GroupKey, Said]: ...
    def actions(self) -> list[Action]: ...
    def silences(self, now: int) -> list[Silence]: ...
    def answers(self) -> dict[tuple[str, str, str], tuple[str, int]]: ...
    def save_alerts(self, alerts: Iterable[Alert], now: int) -> None: ...
    def save_members(self, changes: Iterable[tuple[str, Member, int, int | None]]) -> None: ...
    def save_log(self, notes: list[Note], now: int) -> None: ...
    def save_messages(self, messages: Iterable[Queued], state: MessageState, /) -> None: ...


class Outcome(NamedTuple):
    """What a round came to."""

    steps: list[Step]
    queued: list[Queued]
    failed: frozenset[str]
    """Kinds that could not be looked at."""


class Rounds:
    """Alerting's memory between rounds; all of it is in the store as well, from which `load` takes it."""

    def __init__(self, plan: Plan, names: Names, reader: Reader, keeper: Keeper, link: Linker) -> None:
        self._plan = plan
        self._names = names
        self._reader = reader
        self._keeper = keeper
        self._link = link
        self._feeding = Feeding(names.definitions, plan.inhibitions, names.prefixes)
        self._timings = {kind: Timing(rule.hold, rule.keep) for kind, rule in plan.conditions.items()}
        self.alerts: dict[str, Alert] = {}
        self.said: dict[GroupKey, Said] = {}
        self.objectives: list[ObjectiveStanding] = []
        self._revisions: dict[str, int] = {}
        self._members: dict[str, Members] = {}
        self._slas: dict[str, frozenset[str]] = {}
        self._answers: dict[tuple[str, str, str], tuple[str, int]] = {}

    def load(self, now: int) -> None:
        """Take up where the last evaluator stopped."""
        self.said = self._keeper.said(now - LOADED)
        self.alerts = self._keeper.alerts(now - LOADED)
        self._revisions = self._keeper.revisions()
        self._members = self._keeper.members()
        self._answers = self._keeper.answers()

    def run(self, now: int) -> Outcome:
        """One round. Raises StoreUnavailable, after which the round is made again; nothing is told twice by that."""
        findings, failed = self._look(now)
        steps = advance(self.alerts, findings, now, self._timings, failed, self._revisions)
        changed = {step.alert.id: step.alert for step in steps}
        self._keeper.save_members(self._member_changes(findings, failed, now))
        self._keeper.save_alerts(changed.values(), now)
        alerts = self._remembered(self.alerts | changed, now)
        self._slas |= {one.identity.id: frozenset(one.slas) for one in findings if one.slas}
        decision = self._decide(alerts, now)
        queued = [Queued(message, told) for message, told in decision.messages]
        self._keeper.save_log(
            [*map(_spoken, (one for one in steps if one.change in SPOKEN)), *self._news(decision)], now
        )
        self._keeper.save_messages(queued, "queued")
        self._take_over(alerts, findings, failed, decision, now)
        return Outcome(steps, queued, failed)

    def _look(self, now: int) -> tuple[list[Finding], frozenset[str]]:
        """What holds now, and the kinds that could not be looked at."""
        rules = self._plan.conditions
        sight = Sight(
            now,
            self._reader,
            self._names,
            window=max(rules["breach"].window, rules["at_risk"].window),
            cause_window=self._plan.cause_window,
            slow_call=self._plan.slow_call,
            remembered=self._causes(),
        )
        findings: list[Finding] = []
        failed: set[str] = set()
        for kind, condition in conditions().items():
            if not rules[kind].enabled:
                continue
            try:
                findings += condition.find(sight, rules[kind])
            except (StoreError, QueryMismatch) as error:
                if isinstance(error, StoreUnavailable) and not error.code:
                    raise  # nobody answered; an error with a code is about this query (too slow, too large)
                log.error("a condition can't be looked at; its alerts stay as they are", kind=kind, error=str(error))
                failed.add(kind)
        self.objectives = sight.seen_objectives
        return findings + unseen(failed, rules[KIND]), frozenset(failed)

    def _causes(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Interfaces that were the cause of a case's trouble: (process, case) → stage and interface."""
        return {
            key: (member.stage, alert.identity.cause)
            for id_, members in self._members.items()
            if (alert := self.alerts.get(id_)) is not None and alert.identity.cause_kind == "interface"
            for key, (member, _) in members.items()
        }

    def _member_changes(
        self, findings: Iterable[Finding], failed: frozenset[str], now: int
    ) -> list[tuple[str, Member, int, int | None]]:
        """Cases that came to alerts or left them."""
        changes: list[tuple[str, Member, int, int | None]] = []
        for id_, then in self._members_now(findings, failed, now).items():
            before = self._members.get(id_, {})
            changes += [(id_, one, at, None) for key, (one, at) in then.items() if before.get(key, (None,))[0] != one]
            changes += [(id_, one, at, now) for key, (one, at) in before.items() if key not in then]
        return changes

    def _members_now(self, findings: Iterable[Finding], failed: frozenset[str], now: int) -> dict[str, Members]:
        then: dict[str, Members] = {}
        for finding in findings:
            before = self._members.get(finding.identity.id, {})
            then[finding.identity.id] = {
                one.key: (one, before[one.key][1] if one.key in before else now) for one in finding.members
            }
        for id_, members in self._members.items():
            if id_ not in then:
                alert = self.alerts.get(id_)
                then[id_] = members if alert is not None and alert.identity.kind in failed else {}
        return then

    def _decide(self, alerts: Mapping[str, Alert], now: int) -> Decision:
        actions = self._keeper.actions()
        fed = self._feeding.look(self._reader, alerts.values(), now)
        scene = Scene(
            now, alerts, standings(actions, alerts), self._keeper.silences(now), self._plan.inhibitions, self._slas, fed
        )
        return decide(self._plan, scene, self.said, self._link)

    def _news(self, decision: Decision) -> list[Note]:
        """Answers that are not what was last logged."""
        return [
            note
            for note in decision.notes
            if self._answers.get((note.alert_id, note.receiver, note.route)) != (note.code, note.revision)
        ]

    def _take_over(
        self, alerts: dict[str, Alert], findings: list[Finding], failed: frozenset[str], decision: Decision, now: int
    ) -> None:
        self._members = {id_: one for id_, one in self._members_now(findings, failed, now).items() if one}
        self.alerts = alerts
        self._slas = {id_: one for id_, one in self._slas.items() if id_ in alerts}
        self._revisions |= {id_: one.revision for id_, one in alerts.items()}
        for note in decision.notes:
            self._answers[note.alert_id, note.receiver, note.route] = note.code, note.revision
        for message, told in decision.messages:
            self.said[message.receiver, message.group] = said_by(message, told)

    def _remembered(self, alerts: dict[str, Alert], now: int) -> dict[str, Alert]:
        """Without alerts that were resolved long ago and that every receiver knows of."""
        known = {id_ for said in self.said.values() for id_ in said.told}
        return {
            id_: one
            for id_, one in alerts.items()
            if one.resolved is None or one.status != "resolved" or now - one.resolved < RESOLVED_KEPT or id_ in known
        }


def said_by(message: Message, told: Told) -> Said:
    """What has been said once a message was made."""
    return Said(told, message.number, message.created)


def _spoken(step: Step) -> Note:
    alert = step.alert
    return Note(alert.id, alert.revision, "", "", step.change, step.why or alert.detail)
