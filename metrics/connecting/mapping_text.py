"""A plan as the text of a mapping file, in the language of docs/mappings.md."""

import json
import re
from typing import Any, Final

import yaml

from metrics.connecting.columns import MEANING, Column
from metrics.connecting.plan import Plan, Rule

_PLAIN_PATH: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_PLAIN_TEXT: Final = re.compile(r"[A-Za-z/][A-Za-z0-9_./{}-]*(?: [A-Za-z0-9_./-]+)*", re.ASCII)
_ESCAPED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NO_WORDS: Final = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))
_BYTES, _RECORDS = 1 << 20, 10_000
_MOST: Final = 10_000_000
KIND: Final = "row"
NONE_OF_THEM: Final = "left_out"


def mapping_text(plan: Plan, file_name: str = "") -> str:
    """The mapping file. Steps and columns that were left out are named in it."""
    draft = plan.draft
    data: dict[str, Any] = {
        "mapping": draft.name,
        "title": draft.name.replace("_", " ").capitalize(),
        "source": f"/{draft.name}/{{tenant}}",
        "evidence": {"inferred": ["everything, from the columns of one file"]},
        "settings": {"tenant": "default"},
        "inputs": {"csv": _input(plan)},
        "defaults": {"zone": draft.zone},
        "redact": [column.name for column in draft.columns if column.personal],
        "ignore": _ignored(plan),
        "limits": _limits(plan),
        "messages": {KIND: _kind(plan)},
    }
    written = {word: value for word, value in data.items() if value}
    body = yaml.dump(written, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return _head(plan, file_name) + body


def path_of(column: Column) -> str:
    """The selector of a column."""
    name = column.name
    return name if _PLAIN_PATH.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _head(plan: Plan, file_name: str) -> str:
    lines = [
        f"Drawn up from the columns of {file_name or 'the file'}. Read it, correct it, then try it:",
        f"  flowglass mapping try {plan.draft.name}.yaml FILE",
        "",
    ]
    for column in plan.draft.columns:
        name = json.dumps(column.name, ensure_ascii=False)
        lines.append(f"{name}: {MEANING[column.role].lower()} ({column.reason})")
    return "".join(f"# {_one_line(line)}".rstrip() + "\n" for line in lines)


def _one_line(text: str) -> str:
    return _ESCAPED.sub(" ", text)


def _input(plan: Plan) -> dict[str, Any]:
    table = plan.draft.table
    found: dict[str, Any] = {"header_row": True}
    if table.delimiter != ",":
        found["delimiter"] = table.delimiter
    if table.encoding != "utf-8":
        found["encoding"] = table.encoding
    if not table.quote:
        found["quote"] = ""
    return found


def _ignored(plan: Plan) -> dict[str, Any]:
    if plan.step is None or not plan.left_out:
        return {}
    test = {"value": path_of(plan.step), "in": list(plan.left_out)}
    return {NONE_OF_THEM: {"when": test, "why": "these steps give no event"}}


def _limits(plan: Plan) -> dict[str, int]:
    """Twice what the file needs, where the usual limits of one message are too narrow."""
    table = plan.draft.table
    rows = table.expected_rows
    found = {}
    if table.size * 2 > _BYTES:
        found["bytes"] = min(1 << (table.size * 2).bit_length(), 1 << 30)
    if rows * 2 > _RECORDS:
        found["records"] = min(10 ** len(str(rows * 2)), _MOST)
    if rows * 2 * len(plan.rules) > _RECORDS:
        found["events"] = min(10 ** len(str(rows * 2 * len(plan.rules))), _MOST)
    return found


def _kind(plan: Plan) -> dict[str, Any]:
    first = plan.rules[0]
    several = plan.step is None and len(plan.rules) > 1
    kind: dict[str, Any] = {}
    if plan.step is not None:
        known = [value for rule in plan.rules for value in rule.steps]
        kind["accept"] = {"value": path_of(plan.step), "in": known}
    kind["key"] = {"type": first.key_type, "id": path_of(first.key)}
    kind["identity"] = _identity(first)
    if not several:
        kind["time"] = _time(first.time)
    if plan.recorded:
        kind["recorded"] = _time(plan.recorded)
    if plan.amount:
        kind["amount"] = _amount(plan, plan.amount)
    if plan.actor:
        kind["actor"] = path_of(plan.actor)
    if plan.objects:
        kind["objects"] = {name: _object(name, column) for name, column in plan.objects}
    if plan.attributes:
        kind["attributes"] = {name: path_of(column) for name, column in plan.attributes}
    if several:
        kind["otherwise"] = "ignore"
    kind["rules"] = {rule.name: _rule(rule, plan, several) for rule in plan.rules}
    return kind


def _rule(rule: Rule, plan: Plan, several: bool) -> dict[str, Any]:
    first = plan.rules[0]
    written: dict[str, Any] = {"type": rule.type, "evidence": "inferred"}
    if plan.step is not None:
        written["when"] = {"value": path_of(plan.step), "in": list(rule.steps)}
    elif rule.only_if_set:
        written["when"] = {"value": path_of(rule.time), "set": True}
    if rule.key != first.key:
        written["key"] = {"type": rule.key_type, "id": path_of(rule.key)}
    if several:
        written["time"] = _time(rule.time)
    if rule.identity != first.identity:
        written["identity"] = _identity(rule)
    return written


def _identity(rule: Rule) -> Any:
    if len(rule.identity) == 1:
        return path_of(rule.identity[0])
    return {"join": [path_of(column) for column in rule.identity], "with": "|"}


def _time(column: Column) -> Any:
    if column.form == "iso" and not column.precision:
        return path_of(column)
    written: dict[str, Any] = {"value": path_of(column), "format": column.form}
    return {**written, "precision": column.precision} if column.precision else written


def _amount(plan: Plan, column: Column) -> dict[str, Any]:
    value: Any = path_of(column)
    if plan.symbol:
        value = [value, {"replace": plan.symbol, "with": ""}]
    currency = path_of(plan.currency) if plan.currency else f"={plan.draft.currency}"
    return {"value": value, "currency": currency, "form": column.form}


def _object(name: str, column: Column) -> Any:
    return path_of(column) if name == column.of else {"type": column.of, "id": path_of(column)}


class _Dumper(yaml.SafeDumper):
    """Quotes every text that is not plain words, so that no reader takes it for something else."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> yaml.SequenceNode:
        node = super().represent_sequence(tag, sequence, flow_style)
        node.flow_style = _is_short(node.value)
        return node

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:
        node = super().represent_mapping(tag, mapping, flow_style)
        node.flow_style = _is_short([part for pair in node.value for part in pair])
        return node


def _is_short(parts: list[yaml.Node]) -> bool:
    """Whether a list or mapping fits on the line it begins in."""
    plain = all(isinstance(part, yaml.ScalarNode) or getattr(part, "flow_style", False) for part in parts)
    return plain and len(parts) <= 10 and sum(len(str(part.value)) + 4 for part in parts) < 84


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = _PLAIN_TEXT.fullmatch(text) and text.lower() not in _NO_WORDS
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else _quotes(text))


def _quotes(text: str) -> str:
    """Double quotes where a sign must be written as an escape, because readers take it for the end of a line."""
    return '"' if _ESCAPED.search(text) else "'"


_Dumper.add_representer(str, _text)
