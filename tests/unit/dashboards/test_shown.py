"""In which zone and currency pages are shown: what the cookie may say, and what follows from it."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from dashboards.access.gate import CALLBACKS
from dashboards.application import create_app
from dashboards.components.cards import plain_table
from dashboards.components.grids import when
from dashboards.figures.case_timeline import case_timeline
from dashboards.figures.interface_hours import interface_hours
from dashboards.shown import COOKIE, Places, Shown, in_zone, read_shown, show_in
from dashboards.shown_menu import shown_words
from dashboards.wording import exact_moment, moment, second_moment, time_of_day, utc_day
from metrics.ledger.rates import Rates
from metrics.queries.interface_rows import InterfaceHour
from metrics.queries.rows import CaseMilestone
from metrics.sla.zones import load_zone
from metrics.texts.zoned import abbreviation, wall
from tests.unit.dashboards.access.test_gate import prop
from tests.unit.dashboards.fake_reader import NOW, FakeReader

AT = 1_774_745_999_000_000  # 2026-03-29 00:59:59 UTC: one second before clocks go forward in Europe
RATES = Rates("USD", {"EUR 2026": Decimal("1.25")}, {"EUR": "a bank, 2026-12-31"})
PLACES = Places({"north": "America/New_York", "west": "America/Los_Angeles"}, "America/New_York")


@pytest.fixture
def berlin() -> Iterator[None]:
    show_in(Shown(load_zone("Europe/Berlin")))
    yield
    show_in(None)


def test_outside_of_a_request_times_are_in_utc() -> None:
    assert moment(AT) == "2026-03-29 00:59"
    assert exact_moment(AT) == "2026-03-29 00:59:59 UTC"
    assert in_zone("Since (UTC)") == "Since (UTC)"


@pytest.mark.usefixtures("berlin")
def test_times_and_headings_follow_the_zone_through_a_change_of_clocks() -> None:
    assert exact_moment(AT) == "2026-03-29 01:59:59 CET"
    assert exact_moment(AT + 1_000_000) == "2026-03-29 03:00:00 CEST"
    assert (second_moment(AT), time_of_day(AT)) == ("2026-03-29 01:59:59", "01:59 CET")
    assert utc_day(AT) == "2026-03-29"
    assert when("at", "Since (UTC)")["headerName"] == "Since (Berlin)"
    head = plain_table(("Since (UTC)", "What"), [], "x")
    assert "Since (Berlin)" in str(head)


@pytest.mark.usefixtures("berlin")
def test_charts_are_drawn_on_the_wall_of_the_zone() -> None:
    milestone = CaseMilestone("approved", AT, AT + 1_000_000, 1)
    drawn = case_timeline([milestone], [], lambda name: name).to_json()
    assert "2026-03-29T01:59:59" in drawn
    hours = interface_hours([InterfaceHour(AT, 10, 3, 4e5)], AT, AT + 3_600_000_000, 3600)
    assert "2026-03-29T03:29:59" in hours.to_json()  # the middle of its bar


def test_a_zone_without_letters_is_told_by_its_offset() -> None:
    assert abbreviation(wall(NOW, load_zone("Asia/Kathmandu"))) == "UTC+05:45"


@pytest.mark.parametrize(
    ("cookie", "facility", "zone", "currency", "local"),
    [
        ("", "", "UTC", "", False),
        ("Europe%2FBerlin%20EUR", "", "Europe/Berlin", "EUR", False),
        ("facility%20USD", "west", "America/Los_Angeles", "USD", True),
        ("facility", "unheard of", "America/New_York", "", True),
        ("facility", "", "UTC", "", True),
        ("../../etc/passwd%20eur", "", "UTC", "", False),
        ("Europe/Berlin%20%3Cb%3E", "", "Europe/Berlin", "", False),
        ("%00%20" + "x" * 9000, "", "UTC", "", False),
    ],
)
def test_a_cookie_says_only_what_there_is(cookie: str, facility: str, zone: str, currency: str, local: bool) -> None:
    found = read_shown(cookie, facility, PLACES)
    assert (found.zone.key, found.currency, found.local) == (zone, currency, local)


def test_facilities_that_share_a_zone_need_no_choice() -> None:
    assert Places({"north": "Europe/Berlin"}, "Europe/Berlin").zone_of("") == "Europe/Berlin"


def test_the_menu_says_zone_currency_and_rates() -> None:
    text, hover = shown_words(Shown(load_zone("America/New_York"), "EUR"), RATES)
    assert text == "Times in America/New York · EUR"
    assert "USD at 0.8 EUR (2026; a bank, 2026-12-31)" in hover
    assert shown_words(Shown(load_zone("UTC"), "GBP"), RATES)[0] == "Times in UTC · USD"


def test_each_request_is_answered_in_its_own_zone() -> None:
    client: Any = create_app(FakeReader()).server.test_client()
    body = {
        "output": "..shown-text.children...shown-text.title..",
        "outputs": [prop("shown-text.children"), prop("shown-text.title")],
        "inputs": [prop("url.search") | {"value": "?facility=west"}],
        "changedPropIds": ["url.search"],
    }

    def told(cookie: str) -> str:
        client.set_cookie(COOKIE, cookie)
        return str(client.post(CALLBACKS, json=body).json["response"]["shown-text"]["children"])

    assert told("Europe%2FBerlin").startswith("Times in Europe/Berlin")
    assert moment(AT) == "2026-03-29 00:59", "what a request is shown in ends with it"
    assert told("facility").startswith("Times in America/Los Angeles")
    assert told("").startswith("Times in UTC")
    layout = json.dumps(client.get("/_dash-layout").json)
    assert '"id": "views-menu"' not in layout
