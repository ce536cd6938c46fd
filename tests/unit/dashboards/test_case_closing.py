"""Closing a case from its page: who may, what is sent, and what is said when nothing is."""

from typing import Any

import pytest

from dashboards.address import Address
from dashboards.case_closing import NOT_HERE, SENT, close_case, fill_closing
from dashboards.filling import Empty, Request
from dashboards.hand import Hand
from dashboards.reading import Unanswered
from dashboards.scope import Desk
from metrics.closing import CLOSED_BY_HAND
from metrics.queries.closing_rows import Closable
from metrics.words import Event, ObjectRef
from tests.unit.dashboards.fake_reader import NOW, FakeReader

R2P, SEARCH = "requisition_to_pay", "?process=requisition_to_pay&id=R-1"
OPEN = Closable("open", "", NOW - 5, 1, "simulator", "live", NOW, "requisition")
ENDED = Closable("closed", "paid", NOW - 5, 1, "simulator", "live", NOW, "requisition")
CATCHING_UP = Closable("open", "", NOW - 5, 1, "simulator", "backfill", NOW, "requisition")


class Sent(list[Any]):
    """What was noted and sent, in order."""

    def hand(self, who: str = "ann", problem: Exception | None = None) -> Hand:
        def send(event: Event) -> None:
            if problem:
                raise problem
            self.append(event)

        return Hand(send, lambda: who, lambda did, what: self.append((did, what)))


def close(*found: Closable, hand: Hand | None, reason: str = "entered twice") -> str:
    return close_case(Desk(FakeReader(case_closing=list(found))), hand, SEARCH, reason, NOW)


def test_the_closing_is_noted_first_and_says_who_and_why() -> None:
    sent = Sent()
    assert close(OPEN, hand=sent.hand()) == SENT
    noted, event = sent
    assert noted == ("closed by hand", f"{R2P}/R-1: entered twice")
    assert (event.type, event.objects) == (CLOSED_BY_HAND, (ObjectRef("requisition", "R-1", R2P),))
    assert (event.time, event.feed, event.actor, event.simulated) == (NOW, "simulator", "ann", True)
    assert event.attributes == {"closing_reason": "entered twice"}


@pytest.mark.parametrize(
    ("found", "who", "reason", "told"),
    [
        ([OPEN], "", "why", "Your role does not close cases."),
        ([OPEN], "ann", " ", "Say why"),
        ([], "ann", "why", "There is no such case."),
        ([ENDED], "ann", "why", "This case has ended."),
        ([CATCHING_UP], "ann", "why", "still sends its history"),
    ],
)
def test_nothing_is_sent_or_noted_that_may_not_be(found: list[Closable], who: str, reason: str, told: str) -> None:
    sent = Sent()
    assert told in close(*found, hand=sent.hand(who), reason=reason)
    assert not sent


def test_a_broker_that_is_away_leaves_the_case_open_and_says_so() -> None:
    assert "is not closed" in close(OPEN, hand=Sent().hand(problem=OSError("away")))


def test_what_can_not_be_noted_is_not_sent() -> None:
    sent = Sent()

    def refuse(_did: str, _what: str) -> None:
        raise Unanswered("This can't be noted.")

    assert close(OPEN, hand=sent.hand()._replace(note=refuse)) == "This can't be noted."
    assert not sent


def test_the_card_says_why_there_is_no_form() -> None:
    def told(hand: Hand | None, *found: Closable) -> Any:
        reader = FakeReader(case_closing=list(found))
        scope = Desk(reader).scope(Address(process=R2P, id="R-1"))
        return fill_closing(reader, hand, Request(scope, False, 0, (), []))

    assert told(Sent().hand(), OPEN) == [False]
    assert close(OPEN, hand=None) == NOT_HERE
    for hand, found, why in (
        (None, OPEN, "command line"),
        (Sent().hand(""), OPEN, "role"),
        (Sent().hand(), ENDED, "ended"),
    ):
        with pytest.raises(Empty, match=why):
            told(hand, found)
