"""Acting on an alert from its page: what is stored and noted, and what is said when nothing is."""

import json
from typing import Any

import pytest
from werkzeug.exceptions import Forbidden

from dashboards.alert_form import AWAY, PARTS, answer, which_hidden
from dashboards.alert_hand import AlertHand, Refused, Wanted, act
from dashboards.alert_lists import Shown
from dashboards.reading import Unanswered
from dashboards.scope import Desk
from metrics.access.masks import HIDDEN
from metrics.alerts.actions import NOBODY, Standing
from metrics.alerts.matching import fits
from metrics.alerts.rows import StoredAlert, StoredSilence
from metrics.alerts.state import alert_of
from tests.unit.dashboards.fake_reader import NOW, FakeReader, Stored
from tests.unit.dashboards.test_alerts_page import stored

FIRING, PENDING, OVER = stored("orders"), stored("lookup", "pending"), stored("bank", "resolved")
SILENCE = StoredSilence("0a0b0c0d", '{"cause":["orders"]}', NOW - 5, NOW + 5, "bo", "known")


class Deeds:
    """Acts on one alert and keeps what was stored and noted, in order of coming."""

    def __init__(self, alert: StoredAlert = FIRING, **rows: list[Any]) -> None:
        self.reader, self.alert = FakeReader(alert_open=[alert], **rows), alert
        self.stored, self.noted = Stored(), list[tuple[str, str]]()
        self.hand = AlertHand(self.stored, lambda: "ada", lambda did, what: self.noted.append((did, what)), lambda: NOW)

    def do(self, deed: str, words: str = "", whom: str = "", last: str = "4h") -> str:
        return act(self.reader, self.hand, self.alert.alert_id, Wanted(deed, words, whom, last))

    def rows(self) -> list[tuple[str, str, str]]:
        return [(row["action"], row["actor"], row["text"]) for table, row in self.stored if table == "alert_actions"]


def test_an_acknowledgement_is_stored_as_the_command_line_stores_it_and_noted_with_the_name() -> None:
    deeds = Deeds()
    assert deeds.do("acknowledge", " looking ").startswith("You have it, ada")
    row = {"alert_id": FIRING.alert_id, "at": NOW, "action": "ack", "actor": "ada", "text": "looking", "revision": 1}
    assert deeds.stored == [("alert_actions", row)]
    assert deeds.noted == [("acknowledged an alert", f"{FIRING.alert_id}: looking")]


def test_the_other_deeds_are_stored() -> None:
    deeds = Deeds()
    deeds.do("assign", "his system", "bo")
    deeds.do("assign")
    deeds.do("comment", "asked them")
    deeds.do("unacknowledge")
    assert deeds.rows() == [
        ("assign", "ada", "bo"), ("comment", "ada", "his system"), ("assign", "ada", "ada"),
        ("comment", "ada", "asked them"), ("unack", "ada", ""),
    ]  # fmt: skip
    assert len(deeds.noted) == 4


def test_a_silence_fits_this_alert_in_any_severity_and_no_other() -> None:
    odd = stored("orders *[1]")
    deeds = Deeds(odd)
    assert "4 hours" in deeds.do("silence", "known", last="4h")
    ((table, row),) = deeds.stored
    matchers = json.loads(row["matchers"])
    assert (table, row["ends"] - row["starts"], row["actor"]) == ("alert_silences", 4 * 3_600_000_000, "ada")
    labels = alert_of(odd).labels
    assert fits(matchers, labels)
    assert fits(matchers, {**labels, "severity": "critical"})
    assert not fits(matchers, {**labels, "cause": "orders x1"})


def test_a_silence_is_ended_where_one_holds() -> None:
    deeds = Deeds(alert_silences=[SILENCE])
    assert deeds.do("unsilence") == "Silence 0a0b0c0d is over."
    assert deeds.stored[0][1]["ends"] == NOW
    with pytest.raises(Refused, match="No silence"):
        Deeds().do("unsilence")


@pytest.mark.parametrize(
    ("alert", "deed", "more", "told"),
    [
        (OVER, "comment", {"words": "x"}, "is over"),
        (PENDING, "acknowledge", {}, "does not fire"),
        (FIRING, "comment", {"words": "  "}, "Write the comment"),
        (FIRING, "silence", {"last": "9y"}, "how long"),
        (FIRING, "comment", {"words": "x" * 501}, "at most 500"),
        (FIRING, "assign", {"whom": "a\x00b"}, "printable"),
        (FIRING, "burn", {}, "no such deed"),
        (stored(HIDDEN), "silence", {}, "masked"),
    ],
)
def test_nothing_is_stored_or_noted_that_makes_no_sense(
    alert: StoredAlert, deed: str, more: dict[str, str], told: str
) -> None:
    deeds = Deeds(alert)
    with pytest.raises(Refused, match=told):
        deeds.do(deed, **more)
    assert (deeds.stored, deeds.noted) == ([], [])


def test_an_alert_that_the_person_does_not_see_is_not_acted_on() -> None:
    deeds = Deeds()
    for id_ in ("", "ffff", FIRING.alert_id[:8]):
        with pytest.raises(Refused, match="no longer there"):
            act(deeds.reader, deeds.hand, id_, Wanted("acknowledge"))
    assert not deeds.stored


def test_what_can_not_be_noted_is_not_stored_and_a_store_that_is_away_is_told() -> None:
    def refuse(_did: str, _what: str) -> None:
        raise Unanswered("This can't be noted.")

    deeds = Deeds()
    desk = Desk(deeds.reader, alert_hand=deeds.hand._replace(note=refuse))
    assert answer(desk, "", FIRING.alert_id, Wanted("acknowledge")) == ("This can't be noted.", False)
    assert not deeds.stored
    deeds.stored.problem = OSError("away")
    desk = Desk(deeds.reader, alert_hand=deeds.hand)
    assert answer(desk, "", FIRING.alert_id, Wanted("acknowledge")) == (AWAY, False)


def test_who_may_not_is_refused_before_anything_is_read() -> None:
    deeds = Deeds()
    for hand in (None, deeds.hand._replace(who=lambda: "")):
        with pytest.raises(Forbidden):
            answer(Desk(deeds.reader, alert_hand=hand), "", FIRING.alert_id, Wanted("acknowledge"))
    assert not deeds.reader.asked


def test_buttons_stand_only_where_they_do_something() -> None:
    hand = Deeds().hand

    def seen(
        alert: StoredAlert, standing: Standing = NOBODY, silence: str = "", of: AlertHand | None = hand
    ) -> set[str]:
        hidden = which_hidden(Shown(alert_of(alert), standing, silence), of)
        return {part.removeprefix("alert-") for part, away in zip(PARTS, hidden, strict=True) if not away}

    assert seen(FIRING) == {"form", "acknowledge", "quiet"}
    assert seen(FIRING, Standing("ada", NOW, "")) == {"form", "unacknowledge", "quiet"}
    assert seen(PENDING, silence="s") == {"form", "unsilence"}
    for of, alert in ((None, FIRING), (hand._replace(who=lambda: ""), FIRING), (hand, OVER)):
        assert "form" not in seen(alert, of=of)
