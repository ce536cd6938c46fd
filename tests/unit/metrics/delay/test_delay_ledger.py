"""Where the time of a case went: states, pauses, calls, retries and queues, each with its evidence."""

import pytest

from metrics.commands.show_delay import delay_json
from metrics.delay.calls import Span, call_claims
from metrics.delay.flow import Flow, Happened, read_flow, stays
from metrics.delay.ledger import Ledger, Pause, keep_ledger, life_of
from metrics.delay.reading import CaseLedger
from metrics.delay.sweep import Claim, Evidence, Slice, divide
from metrics.delay.words import sentence
from metrics.words import SECOND

FLOW = read_flow(
    """
process: buying
version: 1
title: Buying
owner: procurement
case: {object: requisition}
milestones:
  asked: {on: asked}
  approved: {on: approved}
  ordered: {on: [ordered, sent]}
  urgent: {on: sent, where: {how: urgent}}
  checked: {on: checked}
  done: {on: done}
branches:
  - {name: check, leave: checked}
states:
  - {name: approval, title: Waiting for approval, enter: asked, waits_for: department_heads}
  - {name: ordering, enter: approved, waits_for: system}
  - {name: delivery, enter: ordered, waits_for: supplier}
  - {name: rush, enter: urgent, waits_for: system}
  - {name: review, branch: check, enter: ordered, waits_for: buyer}
ends:
  - {milestone: done, outcome: finished}
reopens: asked
"""
)


def happened(*steps: tuple[int, str], **attributes: str) -> list[Happened]:
    return [Happened(f"e{time}", time, activity, attributes) for time, activity in steps]


def span(
    span_id: str,
    kind: str,
    start: int,
    stop: int,
    *,
    failed: bool = False,
    parent: str = "",
    interface: str = "orders",
    trace: str = "t",
    service: str = "hub",
    attempt: int = 0,
    links: tuple[str, ...] = (),
) -> Span:
    return Span(trace, span_id, parent, service, "call", kind, interface, start, stop, failed, attempt, links)


def kept(
    events: list[Happened], stop: int, spans: tuple[Span, ...] = (), pauses: tuple[Pause, ...] = (), flow: Flow = FLOW
) -> Ledger:
    return keep_ledger(life_of(flow, events, call_claims(spans), stop), events[0].time, stop, pauses)


def told(ledger: Ledger) -> list[tuple[int, int, str, str, str]]:
    return [(one.start, one.stop, one.part, one.cause, one.stage) for one in ledger.slices]


def test_a_state_that_waits_for_somebody_is_a_human_wait_with_the_event_that_led_there() -> None:
    ledger = kept(happened((0, "asked"), (60, "approved")), 100)
    assert told(ledger) == [
        (0, 60, "human", "approval|department_heads", "approval"),
        (60, 100, "unexplained", "", "ordering"),
    ]
    assert [one.evidence for one in ledger.slices] == [Evidence("event", "e0"), Evidence("event", "e60")]


def test_for_machines_every_duration_of_a_ledger_is_in_seconds() -> None:
    ledger = kept(happened((0, "asked"), (60 * SECOND, "approved")), 100 * SECOND)
    told = delay_json(CaseLedger("R-1", FLOW, ledger, (), False))
    assert told is not None
    whole = told["whole"]
    assert whole["gross_seconds"] == 100
    assert (whole["parts_seconds"]["human"], whole["parts_seconds"]["unexplained"]) == (60, 40)
    assert [sum(parts.values()) for parts in whole["stages_seconds"].values()] == [60, 40]
    assert [one["lasts_seconds"] for one in whole["slices"]] == [60, 40]
    assert not [name for name in whole if name.endswith("_us")]


def test_parallel_lines_are_one_stage_and_the_main_line_has_the_word() -> None:
    ledger = kept(happened((0, "asked"), (10, "ordered"), (30, "checked"), (40, "done"), (50, "checked")), 60)
    assert told(ledger) == [
        (0, 10, "human", "approval|department_heads", "approval"),
        (10, 30, "human", "delivery|supplier", "delivery + review"),
        (30, 40, "human", "delivery|supplier", "delivery"),
        (40, 60, "unexplained", "", "finished"),
    ]


def test_a_line_that_waits_for_somebody_speaks_where_the_main_line_waits_for_a_program() -> None:
    ledger = kept(happened((0, "sent"), how="urgent"), 20)
    assert told(ledger) == [(0, 20, "human", "review|buyer", "rush + review")]


def test_a_case_that_opens_again_leaves_its_outcome() -> None:
    assert [stay.stage for stay in stays(FLOW, happened((0, "asked"), (5, "done"), (9, "asked")), 12)] == [
        "approval",
        "finished",
        "approval",
    ]


def test_the_declared_order_decides_between_parts_that_claim_the_same_time() -> None:
    order = ("clock_stop", "interface", "retry", "queue", "human")
    claims = [Claim(0, 10 * (number + 1), part) for number, part in enumerate(order)]
    assert [(one.start, one.stop, one.part) for one in divide(0, 60, reversed(claims))] == [
        *((10 * number, 10 * (number + 1), part) for number, part in enumerate(order)),
        (50, 60, "unexplained"),
    ]


def test_a_pause_comes_before_everything_and_ends_with_the_whole() -> None:
    events = happened((0, "asked"), (50, "approved"))
    ledger = kept(events, 80, (span("a", "client", 10, 30),), (Pause(20, 25, "stocktaking"), Pause(70, None, "strike")))
    assert told(ledger) == [
        (0, 10, "human", "approval|department_heads", "approval"),
        (10, 20, "interface", "orders", "approval"),
        (20, 25, "clock_stop", "stocktaking", "approval"),
        (25, 30, "interface", "orders", "approval"),
        (30, 50, "human", "approval|department_heads", "approval"),
        (50, 70, "unexplained", "", "ordering"),
        (70, 80, "clock_stop", "strike", "ordering"),
    ]


def test_the_wait_between_a_failed_call_and_the_next_is_a_retry_although_the_delivery_goes_on_around_it() -> None:
    spans = (
        span("d", "consumer", 10, 60),
        span("c1", "client", 10, 20, failed=True, parent="d"),
        span("s1", "server", 12, 18, parent="c1", service="erp", interface=""),
        span("c2", "client", 40, 60, parent="d"),
    )
    assert [claim[:4] for claim in sorted(call_claims(spans)) if claim.part == "retry"] == [(20, 40, "retry", "orders")]
    ledger = kept(happened((0, "approved")), 70, spans)
    assert [row[:4] for row in told(ledger)] == [
        (0, 10, "unexplained", ""),
        (10, 20, "interface", "orders"),
        (20, 40, "retry", "orders"),
        (40, 60, "interface", "orders"),
        (60, 70, "unexplained", ""),
    ]
    assert ledger.slices[2].evidence == Evidence("span", "c2", "t")


def test_a_redelivery_long_after_a_failed_delivery_is_a_retry() -> None:
    spans = (span("d1", "consumer", 0, 10, failed=True, parent="p"), span("d2", "consumer", 900, 910, parent="d1"))
    assert Claim(10, 900, "retry", "orders", Evidence("span", "d2", "t")) in call_claims(spans)


@pytest.mark.parametrize(
    ("failed", "attempt", "waited"), [(True, 0, True), (True, 1, False), (False, 0, False), (False, 2, True)]
)
def test_the_number_that_an_attempt_says_it_has_decides_else_the_failure_before_it(
    failed: bool, attempt: int, waited: bool
) -> None:
    spans = (span("a", "client", 0, 10, failed=failed), span("b", "client", 50, 60, attempt=attempt))
    assert any(claim.part == "retry" for claim in call_claims(spans)) is waited


def test_a_queue_lasts_from_the_end_of_the_sending_to_the_start_of_the_taking() -> None:
    spans = (span("p", "producer", 0, 5, service="erp"), span("d", "consumer", 45, 50, parent="p"))
    assert Claim(5, 45, "queue", "orders", Evidence("span", "d", "t")) in call_claims(spans)


def test_a_consumer_that_opens_a_trace_of_its_own_is_known_by_its_link() -> None:
    spans = (
        span("p0", "producer", 0, 2, interface="others"),
        span("p", "producer", 0, 5),
        span("d", "consumer", 45, 50, trace="u", links=("t",)),
    )
    assert Claim(5, 45, "queue", "orders", Evidence("span", "d", "u")) in call_claims(spans)


def test_a_span_that_is_delivered_twice_claims_once_and_circles_of_parents_end() -> None:
    ring = (span("a", "client", 0, 10, parent="b"), span("b", "client", 20, 30, parent="a", failed=True))
    assert sorted(call_claims(ring)) == sorted(call_claims((*ring, *ring)))


def test_a_program_at_work_without_an_interface_is_no_interface() -> None:
    assert call_claims((span("a", "internal", 0, 10, interface=""),)) == []


def test_stages_and_parts_add_up_to_the_whole() -> None:
    ledger = kept(
        happened((3, "asked"), (60, "ordered")), 200, (span("a", "client", 10, 30), span("b", "client", 150, 260))
    )
    assert sum(ledger.by_part().values()) == sum(one.lasts for one in ledger.by_cause()) == ledger.gross == 197
    assert sum(sum(parts.values()) for parts in ledger.by_stage().values()) == 197


def test_the_sentence_names_the_largest_causes() -> None:
    ledger = kept(
        happened((0, "asked"), (60, "approved")),
        100,
        (span("a", "client", 61, 70, failed=True), span("b", "client", 95, 97)),
    )
    assert sentence(FLOW, ledger, lambda us: f"{us} h") == (
        "Of 100 h: 60 h waited for department heads in “Waiting for approval”; "
        "25 h waited for retries of interface orders; 11 h interface orders at work; 4 h elsewhere."
    )


def test_a_log_without_a_definition_has_an_activity_for_a_state_and_nobody_to_wait_for() -> None:
    ledger = kept(happened((0, "A"), (10, "B")), 15, flow=read_flow(""))
    assert told(ledger) == [(0, 10, "unexplained", "", "A"), (10, 15, "unexplained", "", "B")]


def test_nothing_is_divided_before_the_first_event() -> None:
    assert kept(happened((10, "asked")), 10).slices == ()
    assert Slice(0, 5, "human", "", Evidence()).lasts == 5
