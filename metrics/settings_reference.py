"""Every setting as the documentation and the command line show it."""

from typing import Any

import msgspec

from metrics.settings import Settings, Variable, variables


class Setting(msgspec.Struct, frozen=True):
    """One setting as documented: field, variable, type's name and default as text."""

    field: str
    variable: Variable
    kind: str
    default: str


def reference() -> list[Setting]:
    """All settings in the order of their declaration."""
    defaults = Settings()
    return [
        Setting(field, variable, _kind_name(kind), "" if (value := getattr(defaults, field)) is None else str(value))
        for field, (kind, variable) in variables().items()
    ]


def reference_markdown() -> str:
    """The reference as a Markdown table, for docs/configuration.md."""
    lines = ["| variable | type | default | meaning |", "|---|---|---|---|"]
    for setting in reference():
        variable = setting.variable
        about = variable.about + (f" ({', '.join(variable.choices)})" if variable.choices else "")
        default = f"`{setting.default}`" if setting.default else "–"
        lines.append(f"| `{variable.name}` | {setting.kind} | {default} | {about} |")
    return "\n".join(lines) + "\n"


def _kind_name(kind: Any) -> str:
    return "number" if kind is int else "text" if kind is str else "path"
