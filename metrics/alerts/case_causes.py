"""Cases in trouble, gathered by what holds them up: an interface that fails, else the stage in which they wait."""

from collections.abc import Iterable
from typing import NamedTuple

from metrics.alerts.condition import Sight, cases, money, muting, total
from metrics.alerts.plan import ConditionRule
from metrics.alerts.words import Finding, Identity, Member


class Trouble(NamedTuple):
    """A case in trouble. `owner` answers for it where no interface is the cause."""

    member: Member
    owner: str
    phase: str
    simulated: bool


def gather(kind: str, said: str, troubles: Iterable[Trouble], sight: Sight, rule: ConditionRule) -> list[Finding]:
    """One finding for each cause in each process. `said` says of the cases what is wrong: 'are past their deadline'.

    Cases of feeds in their history count for a finding only where all of its cases are of such feeds: then it is muted.
    """
    found: dict[Identity, list[Trouble]] = {}
    for one in troubles:
        found.setdefault(_identity(kind, one, sight, rule), []).append(one)
    return [_finding(identity, said, group, sight, rule) for identity, group in sorted(found.items())]


def _identity(kind: str, one: Trouble, sight: Sight, rule: ConditionRule) -> Identity:
    process, stage = one.member.process, one.member.stage
    interface = sight.cause(one.member.key, stage)
    if interface:
        owner = sight.names.interface_owner(interface) or rule.owner
        return Identity(kind, process, "interface", interface, owner, one.simulated)
    return Identity(kind, process, "stage", main_stage(stage), rule.owner or one.owner, one.simulated)


def main_stage(stage: str) -> str:
    """The state on the main line: side lines would make many small alerts of one wait."""
    return stage.partition(" + ")[0]


def _finding(identity: Identity, said: str, group: list[Trouble], sight: Sight, rule: ConditionRule) -> Finding:
    told = [one for one in group if not muting(one.phase)]
    counted = told or group
    members = {one.member.key: one.member for one in sorted(counted, key=lambda one: one.member)}
    amounts = total(members.values())
    return Finding(
        identity=identity,
        severity=rule.severity,
        detail=_sentence(identity, said, len(members), amounts, sight),
        count=len(members),
        muted="" if told else muting(group[0].phase),
        members=tuple(members.values()),
        amounts=amounts,
        slas=tuple(sorted({one.member.sla for one in counted if one.member.sla})),
    )


def _sentence(identity: Identity, said: str, count: int, amounts: dict[str, str], sight: Sight) -> str:
    process = sight.names.process(identity.process)
    worth = f", {money(amounts)}" if amounts else ""
    one = count == 1
    if identity.cause_kind == "interface":
        why = f"the interface {identity.cause} fails {'it' if one else 'them'}"
    else:
        where = sight.names.stage(identity.process, identity.cause) or "its first stage"
        why = f"{'it waits' if one else 'they wait'} in {where}"
    verb = said.replace("are ", "is ", 1).replace("their", "its") if one else said
    return f"{process}: {cases(count)}{worth} {verb}; {why}"
