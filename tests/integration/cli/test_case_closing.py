"""A case closed by hand, from the store to the store: what is asked before, and what the closing comes to."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from typer.testing import Result

from metrics.closing import OUTCOME, closing
from metrics.queries.closing_rows import Closable
from metrics.queries.rows import CaseClock, CaseHeader
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.words import SECOND, Event
from streams.case_command import case
from streams.codecs.cloudevents import decode_batch, encode
from tests.fakes.events import event
from tests.golden.sources.playing import Written
from tests.integration.cli.seeding import fold

pytestmark = pytest.mark.store
Run = Callable[..., Result]
R2P, START = "requisition_to_pay", 1_795_190_400
REASON = "entered twice: it goes on as R-2, since the first form was lost"


def told(kind: str, at: int) -> Event:
    made = event(kind, START + at, ("requisition", "R-1"), id=f"{kind}-{at}", source="/coupa", facility="north")
    return replace(made, feed="/coupa", subject="requisition/R-1", position=at, origin="test-closing")


def closable(store: StoreClient) -> Closable:
    (found,) = Queries(store).rows("case_closing", Closable, process=R2P, case_id="R-1")
    return found


def header(store: StoreClient) -> CaseHeader:
    return Queries(store).rows("case_header", CaseHeader, process=R2P, case_id="R-1")[0]


def statuses(store: StoreClient) -> set[str]:
    return {row.status for row in Queries(store).rows("case_clocks", CaseClock, process=R2P, case_id="R-1")}


def by_hand(found: Closable) -> Event:
    """The closing as a worker reads it."""
    at = found.present((START + 9000) * SECOND)
    made = closing(R2P, (found.case_type, "R-1"), at=at, feed=found.feed, actor="ann", reason=REASON)
    (event,), _, dead = decode_batch([Written(7, *encode(made))], "i")
    assert not dead
    return event


def test_a_closed_case_ends_by_hand_until_something_happens_in_it(run: Run, store: StoreClient) -> None:
    fold(store, [told("requisition.created.v1", 0), told("requisition.submitted.v1", 60)], (START + 60) * SECOND)
    found = closable(store)
    assert (found.case_type, found.status, found.feed, found.phase) == ("requisition", "open", "/coupa", "live")
    assert found.last_us == (START + 60) * SECOND
    closed = by_hand(found)
    fold(store, [closed], closed.time)
    fold(store, [closed], closed.time)
    stands = header(store)
    assert (stands.status, stands.outcome, stands.state_since_us, stands.events) == ("closed", OUTCOME, closed.time, 3)
    assert statuses(store) == {"cancelled"}
    refused = run(case, "close", R2P, "R-1", "--reason", "again")
    assert (refused.exit_code, OUTCOME in refused.output) == (1, True)
    shown = run(case, "R-1")
    assert (shown.exit_code, OUTCOME in shown.output) == (0, True)
    assert run(case, "show", "R-1").exit_code == 0
    fold(store, [told("requisition.approved.v1", 10_000)], (START + 10_000) * SECOND)
    assert (header(store).status, header(store).outcome) == ("open", "")
    assert "cancelled" not in statuses(store)


def test_what_is_no_open_case_is_not_closed(run: Run, store: StoreClient) -> None:
    refused = run(case, "close", R2P, "R-404", "--reason", "lost")
    assert refused.exit_code == 1
    assert "has no case 'R-404'" in refused.output
    assert run(case, "close", R2P, "R-1").exit_code == 2
