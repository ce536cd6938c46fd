"""The JSON forms of query rows, derived from the rows' own structs: what the command line prints with `--json`.

Times (`…_us`) become RFC 3339 texts, durations seconds, flags booleans, JSON texts the values they hold. Money stays a
decimal text. The derived structs are what answers are checked against and what the OpenAPI document is made from.
"""

from collections.abc import Collection, Mapping
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from metrics.commands.output import DURATIONS, for_machines
from metrics.commands.wording import rfc3339

Moment = Annotated[str, Meta(extra_json_schema={"format": "date-time"}, description="RFC 3339, in UTC.")]
Decimal = Annotated[str, Meta(description="A decimal number as text, exact; empty where none is told.")]
Seconds = Annotated[float, Meta(description="Seconds.")]
Content = Annotated[dict[str, Any], Meta(description="As the source sent it, after the privacy rules.")]
Pauses = Annotated[
    list[tuple[Moment, Moment | None, str]], Meta(description="From, to (null: still) and reason of each pause.")
]

_OWN: Final[Mapping[str, Any]] = {
    "simulated": bool, "labour": bool, "valued": bool, "amount": Decimal, "hours": Decimal, "attributes": Content,
    "amounts": dict[str, Decimal], "pauses": Pauses,
}  # fmt: skip
_FLAGS: Final = frozenset({"simulated", "labour", "valued"})


class Form:
    """The JSON form of one row type; `about` describes it where the row's own words speak of how it is stored."""

    def __init__(
        self, row_type: type[msgspec.Struct], name: str, about: str = "", *, without: Collection[str] = ()
    ) -> None:
        self._without = frozenset(without)
        hints = get_type_hints(row_type, include_extras=True)
        fields = [_field(key, hints[key]) for key in row_type.__struct_fields__ if key not in self._without]
        text = about or " ".join((row_type.__doc__ or "").split("`: ", 1)[-1].split())
        told = {"__doc__": text[:1].upper() + text[1:]}
        self.type: type[msgspec.Struct] = msgspec.defstruct(name, fields, frozen=True, namespace=told)
        self.many: Any = list[self.type]  # type: ignore[name-defined]

    def of(self, row: msgspec.Struct) -> Any:
        """The row in this form; raises ValidationError where it does not fit, which no stored row does."""
        told = for_machines(row)
        for name in told.keys() & _OWN.keys():
            told[name] = _value(name, told[name])
        return msgspec.convert({name: told[name] for name in told if name not in self._without}, self.type)


def _field(name: str, kind: Any) -> tuple[str, Any]:
    can_lack = type(None) in get_args(kind) if get_origin(kind) in (Union, UnionType) else False
    if name.endswith("_us"):
        stem = name.removesuffix("_us")
        if name in DURATIONS:
            return f"{stem}_seconds", Seconds | None if can_lack or kind is float else Seconds
        return stem, Moment | None if can_lack else Moment
    if name in _OWN and kind in (str, int):
        return name, _OWN[name]
    return name, kind | None if kind is float else kind


def _value(name: str, value: Any) -> Any:
    if name in _FLAGS:
        return bool(value)
    if name == "pauses":
        return [(rfc3339(start), rfc3339(stop), why) for start, stop, why in msgspec.json.decode(value or "[]")]
    if name in ("attributes", "amounts") and isinstance(value, str):
        return msgspec.json.decode(value or "{}")
    return value
