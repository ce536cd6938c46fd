"""What a mapping will say, before it is written or tried: rules, objects, attributes."""

from collections.abc import Iterable
from dataclasses import dataclass

from metrics.connecting.columns import Column
from metrics.connecting.draft import Draft
from metrics.texts.names import ascii_letters, snake_case
from metrics.vocabulary import Vocabulary

STARTED = "started"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `steps` fire it (none: every row does); `only_if_set`: rows without the time give nothing.

    `identity`: the columns that together stay the same when the same fact is sent again.
    """

    name: str
    type: str
    key_type: str
    key: Column
    time: Column
    identity: tuple[Column, ...]
    steps: tuple[str, ...] = ()
    only_if_set: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """All of a mapping's one kind of message. `left_out`: steps that give nothing on purpose."""

    draft: Draft
    rules: tuple[Rule, ...]
    objects: tuple[tuple[str, Column], ...]
    attributes: tuple[tuple[str, Column], ...]
    left_out: tuple[str, ...]
    step: Column | None
    amount: Column | None
    currency: Column | None
    actor: Column | None
    recorded: Column | None

    @property
    def symbol(self) -> str:
        """The sign of currency that stands beside the amounts."""
        found = None if self.amount is None else self.draft.values[self.amount.place].money
        return found.symbol if found else ""


def plan_of(draft: Draft, vocabulary: Vocabulary) -> Plan:
    """The plan of a draft in which nothing is missing."""
    rules = _step_rules(draft, vocabulary) if draft.the("activity") else _time_rules(draft, vocabulary)
    own = {rule.key.place for rule in rules}
    amount, currency = draft.the("amount"), draft.the("currency")
    priced = amount if currency is not None or draft.currency else None
    others = draft.all("object") if own == {rules[0].key.place} and rules[0].key.role == "case" else [
        *draft.all("case"), *draft.all("object")
    ]  # fmt: skip
    return Plan(
        draft=draft,
        rules=rules,
        objects=tuple(_distinct_names((column.of, column) for column in others)),
        attributes=tuple(_attributes(draft, priced)),
        left_out=tuple(step.value for step in draft.steps if not step.type),
        step=draft.the("activity"),
        amount=priced,
        currency=currency,
        actor=draft.the("actor"),
        recorded=draft.the("recorded"),
    )


def _step_rules(draft: Draft, vocabulary: Vocabulary) -> tuple[Rule, ...]:
    """One rule a canonical type, fired by every step that means it."""
    activity, time, number = draft.the("activity"), draft.the("time"), draft.the("number")
    assert activity is not None
    assert time is not None
    by_type: dict[str, list[str]] = {}
    for step in draft.steps:
        if step.type:
            by_type.setdefault(step.type, []).append(step.value)
    rules = []
    for type_, steps in by_type.items():
        kind = vocabulary.events[type_].object
        key = draft.keys[kind]
        identity = (number,) if number else (key, activity, time)
        rules.append(Rule(_rule_name(type_), type_, kind, key, time, identity, tuple(steps)))
    return tuple(rules)


def _time_rules(draft: Draft, vocabulary: Vocabulary) -> tuple[Rule, ...]:
    """One rule a column that says when something happened."""
    times = [column for column in draft.all("time") if column.of]
    number = draft.the("number")
    rules = []
    names: dict[str, int] = {}
    for time in times:
        kind = vocabulary.events[time.of].object
        key = draft.keys[kind]
        name = _rule_name(time.of)
        names[name] = names.get(name, 0) + 1
        once = draft.values[key.place].unique
        identity = (number,) if number else (key,) if once else (key, time)
        unique_name = name if names[name] == 1 else f"{name}_{names[name]}"
        rules.append(Rule(unique_name, time.of, kind, key, time, identity, only_if_set=len(times) > 1))
    return tuple(rules)


def _rule_name(type_: str) -> str:
    """``purchase_order.created.v1`` as purchase_order_created."""
    return "_".join(type_.split(".")[:-1])


def _attributes(draft: Draft, amount: Column | None) -> list[tuple[str, Column]]:
    plain = [column for column in draft.columns if column.role == "attribute"]
    plain += [column for column in draft.all("amount") if amount is None]
    plain += [column for column in draft.all("time") if not column.of and draft.the("activity") is None]
    started = [(STARTED, column) for column in draft.all("start")]
    return _distinct_names([*started, *((attribute_name(column), column) for column in plain)])


def attribute_name(column: Column) -> str:
    """The name of a column as the name of an attribute; letters of other scripts have no place in it."""
    bare = ascii_letters(column.name)
    name = snake_case(bare)
    return f"column_{column.place + 1}" if name in ("object", "o_") and "object" not in bare.lower() else name


def _distinct_names(named: Iterable[tuple[str, Column]]) -> list[tuple[str, Column]]:
    found: dict[str, Column] = {}
    for name, column in named:
        free, number = name, 1
        while free in found:
            number += 1
            free = f"{name}_{number}"
        found[free] = column
    return list(found.items())
