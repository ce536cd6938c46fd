"""The SLAs of a process as promises with their source, from the text of its definition."""

from typing import Any

import yaml

from metrics.explaining.asked import Target


def promises(text: str) -> tuple[Target, ...]:
    """Every SLA in a definition's YAML text, in its order; none where the text can't be read."""
    try:
        said: Any = yaml.safe_load(text)
    except yaml.YAMLError:
        return ()
    slas = said.get("slas") if isinstance(said, dict) else None
    return tuple(_promise(one) for one in slas or () if isinstance(one, dict) and "name" in one)


def _promise(one: dict[str, Any]) -> Target:
    objective = one.get("objective")
    share = objective.get("share") if isinstance(objective, dict) else None
    title = str(one.get("title") or str(one["name"]).replace("_", " "))
    source = " ".join(str(one.get("source", "")).split())
    calendar = str(one.get("calendar", "always"))
    return Target(title, str(one.get("target", "")), calendar, float(share) if share is not None else None, source)
