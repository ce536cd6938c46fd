"""In which zone and currency the pages are shown to whoever asks: a cookie of theirs, read once for each request.

It is about the reader and not about what is asked, so it is no part of a page's address: a link shows each reader their
own, it stays as people go from page to page, and a saved view does not change it. What texts and figures are shown in
stands in the context of the request; outside of one (mails, tests) it is UTC and the declared currency.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Final, NamedTuple
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from flask import Flask, request

from dashboards.address import parse
from dashboards.security import CALLBACKS
from metrics.sla.zones import load_zone, zone_names
from metrics.texts.zoned import UTC_NAME, city

COOKIE: Final = "flowglass_shown"
"""The zone and the currency, with a blank between them."""
OF_FACILITY: Final = "facility"
"""The zone of the facility that a page is narrowed to; UTC where it is narrowed to none and they differ."""
_LONGEST: Final = 80


class Shown(NamedTuple):
    """The zone of times, the currency of sums ('': the declared one), and whether the zone is that of the facility."""

    zone: ZoneInfo
    currency: str = ""
    local: bool = False

    @property
    def choice(self) -> str:
        """What the cookie says of the zone."""
        return OF_FACILITY if self.local else self.zone.key


_SHOWN: Final[ContextVar[Shown | None]] = ContextVar("shown", default=None)


def shown() -> Shown:
    """What the request under way is shown in."""
    return _SHOWN.get() or Shown(load_zone(UTC_NAME))


def show_in(wanted: Shown | None) -> None:
    """From now on, and until the end of this request."""
    _SHOWN.set(wanted)


def in_zone(heading: str) -> str:
    """A heading that says '(UTC)' with the zone that its times are shown in."""
    now = shown()
    return heading.replace("(UTC)", "(local)" if now.local else f"({city(now.zone.key)})")


class Places(NamedTuple):
    """The zones of facilities by name, and that of all others."""

    zones: Mapping[str, str]
    default: str = UTC_NAME

    def zone_of(self, facility: str) -> str:
        """The zone of a facility; without one, the zone that all share, else UTC."""
        if facility:
            return self.zones.get(facility, self.default)
        shared = {self.default, *self.zones.values()}
        return self.default if len(shared) == 1 else UTC_NAME


def read_shown(cookie: str, facility: str, places: Places) -> Shown:
    """What a cookie asks for; what is unknown in it is left at its default."""
    zone, _, currency = unquote(cookie[: 3 * _LONGEST])[:_LONGEST].partition(" ")
    name = places.zone_of(facility) if zone == OF_FACILITY else zone or UTC_NAME
    if name not in zone_names():
        name, zone = UTC_NAME, ""
    known = currency if len(currency) == 3 and currency.isascii() and currency.isupper() else ""
    return Shown(load_zone(name), known, zone == OF_FACILITY)


def register_shown(server: Flask, places: Places) -> None:
    """Read the cookie before each request."""

    def read() -> None:
        show_in(read_shown(request.cookies.get(COOKIE, ""), _facility(), places))

    server.before_request(read)
    server.teardown_request(lambda _problem: show_in(None))


def _facility() -> str:
    """The facility that the page is narrowed to which asks."""
    if request.path != CALLBACKS:
        return ""
    body: Any = request.get_json(silent=True)
    parts = [*_specs(body, "inputs"), *_specs(body, "state")] if isinstance(body, dict) else []
    found = (one.get("value") for one in parts if (one.get("id"), one.get("property")) == ("url", "search"))
    search = next((text for text in found if isinstance(text, str)), "")
    return parse(search).facility


def _specs(body: Mapping[str, Any], part: str) -> list[dict[str, Any]]:
    listed = body.get(part)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
