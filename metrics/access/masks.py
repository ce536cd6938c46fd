"""Fields that a role does not see are masked inside the views of its reach: what is masked never leaves the store.

People are in the store as tokens alone (names are dropped at intake), so whatever text holds one is masked, in whatever
column it stands; a new column is masked until it is listed in PLAIN. A text that is a token and nothing else becomes a
stand-in, the same in all views, so that cases still can be told apart, opened and followed.
"""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final

from metrics.access.model import FIELDS, Role
from metrics.settings import SettingError, Settings
from metrics.store.sqltext import quoted, quoted_name

HIDDEN: Final = "•••"
TOKEN: Final = "(?:…[0-9A-Za-z_]{4}~)?[a-z][a-z0-9]{0,7}~[a-z2-7]{16}"
"""A token of `metrics.privacy.tokens`, with the last signs of a bank account before it where it is one."""

PLAIN: Final = frozenset(
    {
        "process", "case_processes", "facility", "department", "type", "activity", "activities", "step.name",
        "event_id", "event_ids", "trace_id", "span_id", "parent_span_id", "origin", "feed", "interface", "service",
        "kind",
        "status", "state", "currency",
        "object_type", "object_types", "subject_type", "document_type", "named_types", "via_type", "stage", "sla",
        "milestone", "rule", "expectation", "simulated", "alert_id", "finding_id", "figure", "yaml", "hash", "title",
        "link.process", "link.case_type", "link.via_type", "link.event_id", "child.type", "child.event_id",
        "parent.type", "parent.event_id", "carrier", "unit", "phase", "severity", "worker", "holder",
        "topic", "incarnation",
    }
)  # fmt: skip
"""Columns that never hold a person: names of our own, and ids from which nobody can be worked out. Indexes hold."""
WHO: Final = frozenset({"actor"})
"""Columns that hold nobody but a person, in whatever form."""

_WORTH: Final = "amount|price|rate|salary|wage|fee|total|value|money"
MONEY_MEMBER: Final = rf'"([^"]*(?i:{_WORTH})[^"]*)": ?(?:"(?:[^"\\]|\\.)*"|[-+0-9.eE]+|\[[^\[\]{{}}]*\])'
MEMBER_HIDDEN: Final = rf'"\1":"{HIDDEN}"'
MONEY_IN_TEXT: Final = r"[0-9][0-9.,]* ?[A-Z]{3}\b"
MONEY: Final[Mapping[str, str]] = {
    "amount": "''",
    "amounts": "'{}'",
    "currency": quoted(HIDDEN),
    "billed": "0",
    "money_declared": "''",
    "money_sent": "''",
    "money_stored": "''",
    "said.value": f"arrayMap(one -> {quoted(HIDDEN)}, {{column}})",
    "attributes": f"replaceRegexpAll({{column}}, {quoted(MONEY_MEMBER)}, {quoted(MEMBER_HIDDEN)})",
    "detail": f"replaceRegexpAll({{column}}, {quoted(MONEY_IN_TEXT)}, {quoted(HIDDEN)})",
}
"""What stands for money, by column; `{column}` is its name."""
MONEY_VIEWS: Final = ("v_ledger", "v_published_figures", "v_figure_restatements")
"""Views of sums of money: closed, but for the figures without a currency."""
ABOUT_VALUES: Final = ("v_quality_findings", "v_quality_history", "v_guard_violations")
"""Their `detail` quotes what systems said."""

_KINDS: Final = re.compile(r"(?:LowCardinality\()?String\)?|Nullable\(String\)")
_LISTS: Final = re.compile(r"Array\((?:LowCardinality\()?String\)?\)")
_PAIRS: Final = "Array(Tuple(String, String))"


def fingerprint(hidden: Iterable[str]) -> str:
    """What a name of masked views depends on besides their conditions."""
    return f"{sorted(hidden)} {sorted(PLAIN)} {sorted(WHO)} {MONEY} {ABOUT_VALUES} {MONEY_VIEWS} {_person('x', 0, 0)}"


def narrowed(view: str, condition: str, hidden: frozenset[str]) -> str:
    """The condition of a view, with sums of money left out where money is hidden."""
    if "money" not in hidden or view not in MONEY_VIEWS:
        return condition
    return "0" if view == "v_ledger" else f"({condition}) AND currency = ''"


def shown(view: str, columns: Iterable[tuple[str, str]], hidden: frozenset[str], secret: str) -> str:
    """The select list that shows a view's columns (name and type) with what is hidden masked, each in its own type.

    `secret` makes the stand-ins; who knows it can try tokens until one fits. Raises ValueError for texts in a type
    that nobody knows how to mask, so that they are not shown by mistake.
    """
    if not hidden <= set(FIELDS):
        raise ValueError(f"there are no fields {sorted(hidden - set(FIELDS))}")
    masked = (
        f"CAST({expression}, {quoted(kind)}) AS {quoted_name(name)}"
        for name, kind in sorted(columns)
        if (expression := _masked(view, name, kind, hidden, secret)) != quoted_name(name)
    )
    replaced = ", ".join(masked)
    return f"* REPLACE ({replaced})" if replaced else "*"


def refuse_unmasked(roles: Iterable[Role], settings: Settings) -> None:
    """Raise SettingError where people could not be masked, since they are no tokens."""
    blind = sorted(role.name for role in roles if "people" in role.reach.hidden)
    if blind and settings.privacy == "off":
        raise SettingError(
            f"with FLOWGLASS_PRIVACY=off people stand in the store by their own numbers, which can't be masked for"
            f" {', '.join(blind)}: turn it on, or give these roles `fields: all` in roles.yaml"
        )


def _masked(view: str, name: str, kind: str, hidden: frozenset[str], secret: str) -> str:
    expression = quoted_name(name)
    if "people" in hidden and "String" in kind and name not in PLAIN:
        expression = _without_people(expression, name, kind, secret)
    if "money" in hidden:
        if name == "detail" and view in ABOUT_VALUES:
            return quoted(HIDDEN)
        if name == "amount" and "Decimal" in kind:
            return "NULL"
        if name == "currency" and view in MONEY_VIEWS:
            return expression
        if name in MONEY:
            return MONEY[name].replace("{column}", expression)
    return expression


def _without_people(column: str, name: str, kind: str, secret: str) -> str:
    digest = sha256(secret.encode()).digest()
    keys = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:16], "big")
    if name in WHO:
        return f"if({column} = '', '', {quoted(HIDDEN)})"
    if _KINDS.fullmatch(kind):
        return _person(column, *keys)
    if _LISTS.fullmatch(kind):
        return f"arrayMap(one -> {_person('one', *keys)}, {column})"
    if kind == _PAIRS:
        return f"arrayMap(one -> (one.1, {_person('one.2', *keys)}), {column})"
    raise ValueError(f"nobody knows how to mask people in {column}, which is {kind}")


def _person(text: str, first: int, second: int) -> str:
    alone, inside = quoted(f"^{TOKEN}$"), quoted(TOKEN)
    digest = f"sipHash64Keyed((toUInt64({first}), toUInt64({second})), toString({text}))"
    stand_in = f"concat({quoted(HIDDEN)}, lower(hex({digest})))"
    return f"if(match({text}, {alone}), {stand_in}, replaceRegexpAll({text}, {inside}, {quoted(HIDDEN)}))"
