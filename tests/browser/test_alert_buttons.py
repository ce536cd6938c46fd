"""Acting on an alert in the browser; what the command line says of it afterwards."""

import re
from collections.abc import Callable

import pytest

from metrics.alerts.desk import Desk, Seen
from metrics.alerts.ownership import Writer
from metrics.commands.opened import wall_clock
from metrics.store.client import connect_url
from metrics.store.queries import Queries
from tests.browser.conftest import Visit, violations
from tests.browser.seed_alerts import FIRES

pytestmark = [pytest.mark.browser, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(300)]

FIRING = FIRES[0].identity.id
AT_ONCE = "ids => ids.forEach(id => document.getElementById(id).click())"
"""Both buttons are pressed before the page sends anything."""


class NoWriter:
    """The command line's desk only looks here."""

    def insert(self, table: str, columns: object, /) -> None:
        raise AssertionError(table)


def told(store_url: str) -> tuple[Seen, list[tuple[str, str]]]:
    """How the alert stands, and what was done about it, as the command line reads it."""
    writer: Writer = NoWriter()
    desk = Desk(Queries(connect_url(store_url, "flowglass")), writer, wall_clock)
    people = [(line.what, line.detail) for line in desk.history(FIRING) if line.what in ("ack", "assign", "comment")]
    return desk.one(FIRING), people


def test_an_alert_is_taken_assigned_commented_and_silenced_and_the_command_line_says_so(
    store_url: str, pages_url: str, axe_source: str, visit: Callable[..., Visit]
) -> None:
    seen = visit(pages_url, width=1600).open("/alerts")
    page = seen.page
    page.get_by_role("textbox", name="Comment").fill("Looking at the queue")
    page.get_by_role("button", name="Acknowledge", exact=True).click()
    page.locator("#alert-note", has_text="You have it").wait_for()
    page.get_by_role("button", name="Give back", exact=True).wait_for()
    page.locator("#alerts-grid .ag-row", has_text="Taken").filter(has_text="oracle").wait_for()
    page.locator("#alert-more li", has_text="Looking at the queue").wait_for()
    assert page.get_by_role("textbox", name="Comment").input_value() == ""
    page.get_by_role("textbox", name="Whom").fill("bo")
    page.get_by_role("button", name="Assign", exact=True).click()
    page.locator("#alert-panel dd", has_text=re.compile("^bo$")).wait_for()
    page.get_by_role("button", name="Silence", exact=True).click()
    page.get_by_role("button", name="End the silence", exact=True).wait_for()
    assert violations(page, axe_source) == []
    one, people = told(store_url)
    assert (bool(one.standing.acknowledged_by), one.standing.assignee, bool(one.silence)) == (True, "bo", True)
    assert people == [("ack", "Looking at the queue"), ("assign", "bo")]
    page.evaluate(AT_ONCE, ["alert-unsilence", "alert-unacknowledge"])
    page.get_by_role("button", name="Acknowledge", exact=True).wait_for()
    one, _ = told(store_url)
    assert (one.standing.acknowledged_by, one.silence) == ("", "")
    assert seen.problems == []
