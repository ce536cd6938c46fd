"""While the feed is dead that tells how a clock stops, nobody is told that the clock runs out."""

from typing import Any

import pytest

from metrics.alerts.feeding import KEPT, NOTHING_FED, Fed, Feeding
from metrics.alerts.plan import Inhibition, destinations
from metrics.alerts.rows import ToldBy
from metrics.alerts.stages import Scene, held
from metrics.alerts.words import Alert, Identity
from metrics.definitions.load import load
from metrics.store.errors import StoreUnavailable
from tests.fakes.alerting import NOON, plan, route
from tests.unit.metrics.commands.readers import FakeReader

PROCESS = "requisition_to_pay"
RULE = Inhibition(
    name="silent_over_clocks",
    while_={"kind": ("source_silent", "feed_silent")},
    hold={"kind": ("breach", "at_risk", "burn", "budget")},
    equal=(),
    fed=True,
)
DEFINITIONS = load().definitions
ISSUED = "purchase_order.issued.v1"


def told(source: str, activity: str, events: int = 100, simulated: int = 0) -> ToldBy:
    return ToldBy(activity, source, "live", events, simulated)


ROWS = [
    told("/coupa/prod", ISSUED, 90),
    told("/ariba/prod", ISSUED, 10),
    told("/bank/prod", "payment.executed.v1"),
    told("/coupa/prod", "requisition.approved.v1"),
]


def alert(kind: str, cause: str, process: str = "", cause_kind: str = "stage", simulated: bool = False) -> Alert:
    one = Identity(kind, process, cause_kind, cause, "owner", simulated)
    return Alert(identity=one, severity="critical", status="firing", revision=1, since=NOON, fired=NOON, detail="d")


LATE = alert("breach", "to_order", PROCESS)
DEAD = alert("source_silent", "coupa", cause_kind="source")


def seen(*alerts: Alert, rows: Any = ROWS) -> Fed:
    return Feeding(DEFINITIONS, [RULE], (["/coupa"], ["coupa"])).look(FakeReader(alert_fed=list(rows)), alerts, NOON)


def answer(late: Alert, *others: Alert, slas: tuple[str, ...] = ("po_release",), rows: Any = ROWS) -> str:
    """Why the late alert is not told; '' when it is."""
    known = {one.id: one for one in (late, *others)}
    scene = Scene(NOON, known, {}, (), (RULE,), {late.id: frozenset(slas)}, seen(*known.values(), rows=rows))
    (destination,) = destinations(plan(route()).routes, late)
    found = held(late, destination, scene)
    return found.reason if found else ""


def test_the_log_says_which_feed_is_silent_and_what_hangs_on_it() -> None:
    assert answer(LATE, DEAD) == (
        "rule silent_over_clocks: not sent: feed coupa is silent, which tells most of 'Order sent', "
        "on which the clock po_release hangs"
    )


def test_a_clock_that_another_source_stops_is_told() -> None:
    assert answer(LATE, DEAD, slas=("invoice_to_pay",)) == ""
    assert answer(LATE, DEAD, slas=("approval",)) != ""
    assert answer(LATE, DEAD, slas=("approval", "invoice_to_pay")) == "", "one sure breach is reason enough"
    assert answer(LATE, DEAD, slas=()) == "", "what hangs on no clock is told"


def test_a_source_that_tells_little_of_it_holds_nothing_back() -> None:
    assert answer(LATE, alert("source_silent", "ariba", cause_kind="source")) == ""


def test_without_a_silent_feed_nothing_is_held_back_and_nothing_is_read() -> None:
    reader = FakeReader(alert_fed=ROWS)
    assert Feeding(DEFINITIONS, [RULE]).look(reader, [LATE], NOON) is NOTHING_FED
    assert reader.asked == []
    assert answer(LATE, alert("source_short", "coupa", cause_kind="source")) == ""


def test_the_live_feed_that_brings_everything_counts_as_well() -> None:
    assert "feed live is silent" in answer(LATE, alert("feed_silent", "live", cause_kind="feed"))


def test_an_objective_is_unsure_as_its_clock_is() -> None:
    burn = alert("burn", "po_release", PROCESS, "objective")
    assert "feed coupa is silent" in answer(burn, DEAD, slas=())
    assert answer(alert("burn", "invoice_to_pay", PROCESS, "objective"), DEAD, slas=()) == ""


def test_a_simulated_feed_that_dies_holds_no_real_alert_back() -> None:
    dead = alert("source_silent", "coupa", cause_kind="source", simulated=True)
    assert answer(LATE, dead) == ""


def test_other_kinds_are_told_whatever_is_silent() -> None:
    assert answer(alert("stuck", "to_order", PROCESS), DEAD) == ""


def test_who_tells_what_is_read_once_in_a_while_and_its_failure_holds_nothing_back() -> None:
    feeding = Feeding(DEFINITIONS, [RULE], (["/coupa"], ["coupa"]))
    reader = FakeReader(alert_fed=ROWS)
    for at in (NOON, NOON + KEPT - 1, NOON + KEPT):
        feeding.look(reader, [DEAD], at)
    assert len(reader.asked) == 2
    slow, gone = (FakeReader(alert_fed=StoreUnavailable("away", code)) for code in (159, 0))
    assert Feeding(DEFINITIONS, [RULE]).look(slow, [DEAD], NOON).unsure(LATE, ("po_release",), [DEAD]) == ""
    with pytest.raises(StoreUnavailable):
        Feeding(DEFINITIONS, [RULE]).look(gone, [DEAD], NOON)
