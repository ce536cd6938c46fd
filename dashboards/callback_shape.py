"""Whether a callback's request has the shape that its page sends: the parts that were registered, in their order."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

_WILDCARDS: Final = (["ALL"], ["MATCH"], ["ALLSMALLER"])


def is_asked_as_registered(body: Mapping[str, Any], registered: Mapping[str, Any]) -> bool:
    """Whether inputs, state and outputs of a request are those of a callback of the server; values may be anything."""
    if "callback" not in registered or not _are_texts(body.get("changedPropIds", [])):
        return False
    parts = ((body.get("inputs", []), registered["inputs"]), (body.get("state", []), registered["state"]))
    return all(_are(told, wanted) for told, wanted in parts) and _are_outputs(body, registered)


def _are_texts(told: Any) -> bool:
    return isinstance(told, list) and all(isinstance(one, str) for one in told)


def _are_outputs(body: Mapping[str, Any], registered: Mapping[str, Any]) -> bool:
    if registered.get("no_output"):
        return True
    output, told = str(body["output"]), body.get("outputs")
    if not output.startswith(".."):
        return _is(told, _spec(output))
    return _are(told, [_spec(one) for one in output[2:-2].split("...")])


def _spec(name: str) -> dict[str, str]:
    component, _, which = name.rpartition(".")
    # Where an output may be of several callbacks, Dash puts a hash behind the property: "url.search@1f0c".
    return {"id": component, "property": _property(which)}


def _property(told: Any) -> str:
    return str(told).split("@", 1)[0]


def _are(told: Any, wanted: Sequence[Mapping[str, Any]]) -> bool:
    return (
        isinstance(told, list)
        and len(told) == len(wanted)
        and all(_is(one, other) for one, other in zip(told, wanted, strict=True))
    )


def _is(told: Any, wanted: Mapping[str, Any]) -> bool:
    """One part, or the list of those that an id with a wildcard stands for."""
    several = told if isinstance(told, list) and '["ALL' in wanted["id"] else [told]
    return all(
        isinstance(one, dict)
        and _property(one.get("property")) == wanted["property"]
        and _is_id(one.get("id"), wanted["id"])
        for one in several
    )


def _is_id(told: Any, wanted: str) -> bool:
    if not wanted.startswith("{"):
        return bool(told == wanted)
    parts: dict[str, Any] = json.loads(wanted)
    return (
        isinstance(told, dict)
        and told.keys() == parts.keys()
        and all(isinstance(told[name], str | int | list) for name in parts)
        and all(value in _WILDCARDS or told[name] == value for name, value in parts.items())
    )
