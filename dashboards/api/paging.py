"""Lists in parts: each part says where the next one begins, by key, so that no row comes twice or is left out."""

import base64
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, UnsetType

from dashboards.api.problems import Refused

Row = TypeVar("Row")
Next = Annotated[str | None, Meta(description="What to give as `cursor` for the rest; null at the end.")]
_NOT_OURS = "This cursor was not given by this list; leave it out to begin at the first row."


def page_form(item: type[msgspec.Struct]) -> type[msgspec.Struct]:
    """The form of one part of a list."""
    about = {"__doc__": "One part of a list."}
    fields: list[Any] = [("items", list[item]), ("next", Next)]  # type: ignore[valid-type]
    return msgspec.defstruct(f"{item.__name__}List", fields, frozen=True, namespace=about)


def page_of(rows: Sequence[Row], limit: int, key: Callable[[Row], Sequence[str]], form: Callable[[Row], Any]) -> Any:
    """The first `limit` of rows, of which one more was asked for."""
    shown, more = rows[:limit], len(rows) > limit
    return {"items": [form(row) for row in shown], "next": written(key(shown[-1])) if more else None}


def written(key: Sequence[str]) -> str:
    """A key as a cursor: base64url of a JSON list."""
    return base64.urlsafe_b64encode(msgspec.json.encode(list(key))).decode().rstrip("=")


def begins_after(cursor: str | UnsetType, parts: int) -> list[str]:
    """The key of a cursor, `parts` texts long; empty texts for the first part of a list. Raises Refused."""
    if isinstance(cursor, UnsetType):
        return [""] * parts
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key = msgspec.json.decode(
            base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True), type=list[str]
        )
    except (ValueError, msgspec.DecodeError) as error:
        raise Refused(400, _NOT_OURS) from error
    if len(key) != parts or written(key) != cursor or any("\0" in part for part in key):
        raise Refused(400, _NOT_OURS)
    return key
