"""To whom an alert is told, when, and the reason for every answer."""

import msgspec

from metrics.alerts.actions import Action, Silence, Standing, standings
from metrics.alerts.plan import Escalation, Inhibition, destinations
from metrics.alerts.words import Alert
from metrics.sla.calendar import CalendarSpec, compile_calendar
from metrics.words import DAY, HOUR, MINUTE, SECOND
from tests.fakes.alerting import INTERVAL, NOON, REPEAT, WAIT, Talk, firing, plan, route, told

OFFICE = CalendarSpec("office", "UTC", dict.fromkeys(range(5), ((480, 1020),)), "", "")


def resolved(alert: Alert, at: int = NOON + HOUR) -> Alert:
    return msgspec.structs.replace(alert, status="resolved", revision=alert.revision + 1, resolved=at, count=0)


def test_a_group_waits_for_its_like_and_is_told_once() -> None:
    talk = Talk(plan(route(group_by=("process",))))
    assert talk.at(NOON, firing("a")) == []
    assert talk.codes() == {"group_wait"}
    later = firing("b", at=NOON + 30 * SECOND)
    (message,) = talk.at(NOON + WAIT, firing("a"), later)
    assert told(message) == [("a", "firing"), ("b", "firing")]
    assert talk.at(NOON + 2 * WAIT, firing("a"), later) == []
    assert talk.codes() == {"told"}


def test_one_broken_interface_is_one_group_whatever_the_kinds() -> None:
    talk = Talk(plan())
    (message,) = talk.at(NOON + WAIT, firing("a"), firing("a", kind="stuck"))
    assert len(message.alerts) == 2
    assert len(talk.at(NOON + WAIT, firing("a"), firing("b"), firing("c"))) == 2, "other interfaces are other groups"


def test_what_comes_later_to_a_group_waits_for_the_interval() -> None:
    talk = Talk(plan(route(group_by=("process",))))
    talk.at(NOON + WAIT, firing("a"))
    second = firing("b", at=NOON + 2 * WAIT)
    assert talk.at(NOON + 3 * WAIT, firing("a"), second) == []
    assert talk.codes() == {"group_interval"}
    (message,) = talk.at(NOON + WAIT + INTERVAL, firing("a"), second)
    assert told(message) == [("a", "firing"), ("b", "firing")]
    assert message.number == 2


def test_a_resolution_is_told_to_those_who_were_told_and_only_once() -> None:
    talk = Talk(plan())
    alert = firing("a")
    talk.at(NOON + WAIT, alert)
    (message,) = talk.at(NOON + HOUR, resolved(alert))
    assert told(message) == [("a", "resolved")]
    assert message.is_resolved
    assert talk.at(NOON + 2 * HOUR, resolved(alert)) == []


def test_the_end_is_told_even_when_it_has_begun_again_meanwhile() -> None:
    talk = Talk(plan())
    talk.at(NOON + WAIT, firing("a"))
    again = msgspec.structs.replace(firing("a", revision=2), status="pending", fired=None, since=NOON + 4 * MINUTE)
    assert talk.at(NOON + 5 * MINUTE, again) == []
    (message,) = talk.at(NOON + 6 * MINUTE, again)
    assert told(message) == [("a", "resolved")]


def test_what_was_over_before_its_turn_is_told_to_nobody() -> None:
    talk = Talk(plan())
    assert talk.at(NOON, firing("a")) == []
    assert talk.at(NOON + HOUR, resolved(firing("a"))) == []


def test_it_is_repeated_until_somebody_acknowledges_it() -> None:
    talk = Talk(plan())
    alert = firing("a")
    talk.at(NOON + WAIT, alert)
    (again,) = talk.at(NOON + WAIT + REPEAT, alert)
    assert again.reason == "still so after 4 h"
    taken = {alert.id: Standing("ann", NOON + DAY)}
    assert talk.at(NOON + DAY, alert, standings=taken) == []
    assert talk.codes() == {"acknowledged"}
    assert len(talk.at(NOON + DAY, resolved(alert), standings=taken)) == 1, "its end is told all the same"


def test_an_alert_that_grew_much_is_news() -> None:
    talk = Talk(plan())
    talk.at(NOON + WAIT, firing("a", count=400))
    assert talk.at(NOON + HOUR, firing("a", count=799)) == []
    (message,) = talk.at(NOON + HOUR, firing("a", count=800))
    assert message.reason == "one alert grew"
    assert talk.at(NOON + 2 * HOUR, firing("a", count=801)) == []


def test_few_more_cases_are_no_news() -> None:
    talk = Talk(plan())
    talk.at(NOON + WAIT, firing("a", count=1))
    assert talk.at(NOON + HOUR, firing("a", count=10)) == []
    assert len(talk.at(NOON + HOUR, firing("a", count=11))) == 1


def test_a_refiring_is_told_though_its_resolution_never_was() -> None:
    talk = Talk(plan())
    talk.at(NOON + WAIT, firing("a"))
    (message,) = talk.at(NOON + HOUR, firing("a", at=NOON + 30 * MINUTE, revision=3))
    assert [one.revision for one in message.alerts] == [3]


def test_the_next_receiver_is_told_when_nobody_takes_it() -> None:
    chosen = route(escalate=(Escalation(30 * MINUTE, ("pager",)),))
    alert = firing("a")
    talk = Talk(plan(chosen))
    assert [one.receiver for one in talk.at(NOON + WAIT, alert)] == ["hook"]
    assert talk.at(NOON + 29 * MINUTE, alert) == []
    assert "escalation_waits" in talk.codes()
    assert [one.receiver for one in talk.at(NOON + 30 * MINUTE, alert)] == ["pager"]
    assert {one.receiver for one in talk.at(NOON + HOUR, resolved(alert))} == {"hook", "pager"}


def test_an_acknowledged_alert_does_not_escalate() -> None:
    talk = Talk(plan(route(escalate=(Escalation(30 * MINUTE, ("pager",)),))))
    alert = firing("a")
    talk.at(NOON + WAIT, alert)
    taken = {alert.id: Standing("ann", NOON + 20 * MINUTE)}
    assert talk.at(NOON + HOUR, alert, standings=taken) == []
    assert talk.codes() == {"acknowledged"}


def test_an_acknowledgement_ends_when_the_alert_fires_anew() -> None:
    alert = firing("a")
    taken = [Action(alert.id, NOON, "ack", "ann", "", 1)]
    assert standings(taken, {alert.id: alert})[alert.id].acknowledged_by == "ann"
    again = firing("a", revision=3)
    assert standings(taken, {alert.id: again})[alert.id].acknowledged_by == ""
    assert (
        standings([*taken, Action(alert.id, NOON + 1, "unack", "bob", "", 1)], {alert.id: alert})[
            alert.id
        ].acknowledged_by
        == ""
    )


def test_a_breach_holds_back_the_risk_of_the_same_cause_alone() -> None:
    rule = Inhibition(name="r", while_={"kind": ("breach",)}, hold={"kind": ("at_risk",)}, equal=("process", "cause"))
    talk = Talk(plan(inhibitions=(rule,)))
    messages = talk.at(NOON + WAIT, firing("a"), firing("a", kind="at_risk"), firing("b", kind="at_risk"))
    assert sorted(told(one) for one in messages) == [[("a", "firing")], [("b", "firing")]]
    reasons = {note.reason for note in talk.last.notes if note.code == "inhibited"}
    assert reasons == {f"rule r: breach alert {firing('a').id} fires"}


def test_simulated_trouble_holds_no_real_alert_back_and_shares_no_message_with_one() -> None:
    rule = Inhibition(name="r", while_={"kind": ("breach",)}, hold={"kind": ("at_risk",)}, equal=("process", "cause"))
    talk = Talk(plan(route(group_by=()), inhibitions=(rule,)))
    messages = talk.at(NOON + WAIT, firing("a", simulated=True), firing("a", kind="at_risk"))
    assert sorted(one.is_simulated for one in messages) == [False, True]


def test_alerts_that_fit_both_sides_of_a_rule_never_hold_each_other() -> None:
    rule = Inhibition(name="r", while_={"kind": ("breach",)}, hold={"kind": ("breach",)}, equal=("process",))
    assert len(Talk(plan(inhibitions=(rule,))).at(NOON + WAIT, firing("a"), firing("b"))) == 2


def test_a_silence_holds_back_until_it_ends_and_says_whose_it_is() -> None:
    hush = Silence("s1", {"cause": ("a*",)}, NOON, NOON + HOUR, "ann", "maintenance")
    talk = Talk(plan())
    assert talk.at(NOON + WAIT, firing("a1"), silences=[hush]) == []
    (note,) = talk.last.notes
    assert note.reason == "silence s1 by ann until 2026-01-01 13:00:00Z: maintenance"
    assert len(talk.at(NOON + HOUR, firing("a1"), silences=[hush])) == 1


def test_what_is_silenced_after_it_was_told_is_not_taken_for_resolved() -> None:
    hush = Silence("s1", {}, NOON, NOON + HOUR, "ann", "")
    talk = Talk(plan())
    talk.at(NOON + WAIT, firing("a"))
    assert talk.at(NOON + 30 * MINUTE, firing("a"), silences=[hush]) == []
    assert talk.at(NOON + HOUR, firing("a")) == [], "it was told before, and is not due for a repeat"


def test_the_end_of_what_was_silenced_after_it_was_told_is_told() -> None:
    hush = Silence("s1", {"cause": ("b",)}, NOON, NOON + DAY, "ann", "")
    talk = Talk(plan(route(group_by=())))
    talk.at(NOON + WAIT, firing("a"), firing("b"))
    third = firing("c", at=NOON + HOUR)
    assert told(talk.at(NOON + 2 * HOUR, firing("a"), firing("b"), third, silences=[hush])[0])[-1] == ("c", "firing")
    (message,) = talk.at(NOON + 3 * HOUR, firing("a"), resolved(firing("b")), third, silences=[hush])
    assert ("b", "resolved") in told(message)


def test_a_route_with_a_calendar_speaks_when_that_opens() -> None:
    thursday_noon, evening = NOON, NOON + 6 * HOUR
    talk = Talk(plan(route(during=compile_calendar(OFFICE))))
    alert = firing("a", at=evening)
    assert talk.at(evening + WAIT, alert) == []
    (note,) = talk.last.notes
    assert note.reason == "office opens in 14 h"
    assert len(talk.at(thursday_noon + 20 * HOUR, alert)) == 1
    over = resolved(alert)
    assert talk.at(NOON + 32 * HOUR, over) == [], "the end is not told at night either"
    assert len(talk.at(NOON + 4 * DAY, over)) == 1


def test_the_first_route_that_fits_decides_unless_it_says_continue() -> None:
    critical = route("critical", ("pager",), match={"severity": ("critical",)})
    chosen = plan(critical, route("rest", ("hook",)))
    assert [one.receiver for one in destinations(chosen.routes, firing())] == ["pager"]
    open_ended = plan(msgspec.structs.replace(critical, go_on=True), route("rest", ("hook",)))
    assert [one.receiver for one in destinations(open_ended.routes, firing())] == ["pager", "hook"]


def test_a_sign_of_life_goes_only_where_it_was_asked_for() -> None:
    chosen = plan(route("all"), route("life", ("pager",), match={"kind": ("deadman",)}))
    assert [one.receiver for one in destinations(chosen.routes, firing("alerts", kind="deadman"))] == ["pager"]


def test_an_alert_that_no_route_wants_says_so() -> None:
    talk = Talk(plan(route(to=())))
    assert talk.at(NOON + WAIT, firing("a")) == []
    assert talk.codes() == {"no_route"}


def test_alertmanager_is_told_every_alert_at_once_and_repeats_by_itself() -> None:
    talk = Talk(plan(route(to=("manager",), group_by=("process",))))
    messages = talk.at(NOON, firing("a"), firing("b"))
    assert sorted(told(one) for one in messages) == [[("a", "firing")], [("b", "firing")]]
    assert talk.at(NOON + 30 * DAY, firing("a"), firing("b")) == []
    (end,) = talk.at(NOON + 30 * DAY, firing("a"), resolved(firing("b")))
    assert told(end) == [("b", "resolved")]


def test_the_same_decision_made_twice_is_the_same_message() -> None:
    first, second = Talk(plan()), Talk(plan())
    assert first.at(NOON + WAIT, firing("a"))[0].id == second.at(NOON + WAIT + 5, firing("a"))[0].id
    other = second.at(NOON + DAY, firing("a", at=NOON + HOUR, revision=1))
    assert other[0].id != first.at(NOON + DAY, firing("a"))[0].id, "another firing is another message"
