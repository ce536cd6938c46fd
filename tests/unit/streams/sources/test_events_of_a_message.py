"""Identity, enrichment, trace, place and faults of the events of a message."""

from pathlib import Path

from streams.sources.message import Cause, Message
from tests.unit.streams.sources.written import mapped, mapping, small

BODY = '{"nr": "1", "id": "e", "at": "2026-01-02T03:04:05Z"}'
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
OTHER = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01"


def test_the_same_message_always_gives_the_same_outcome(tmp_path: Path) -> None:
    made = mapping(tmp_path, small())
    assert made.map(Message(BODY.encode())).events == made.map(Message(BODY.encode())).events


def test_the_id_depends_on_source_rule_subject_and_native_id_alone(tmp_path: Path) -> None:
    first = mapped(tmp_path, small(), BODY).events[0].id
    assert mapped(tmp_path, small(), BODY.replace("03:04:05", "09:09:09")).events[0].id == first
    assert mapped(tmp_path, small(), BODY.replace('"e"', '"f"')).events[0].id != first
    assert mapped(tmp_path, small(settings={"tenant": "u"}), BODY).events[0].id != first


def test_events_of_one_message_have_places_of_their_own(tmp_path: Path) -> None:
    rule = {"type": "purchase_order.issued.v1", "evidence": "inferred"}
    text = small(messages__order__rules__issued=rule)
    events = mapped(tmp_path, text, BODY, origin="t/0@i", position=7).events
    assert [event.position for event in events] == [7 << 20, (7 << 20) + 1]
    assert [event.sequence for event in events] == [0, 1]


def test_the_place_in_a_file_travels_as_the_sequence(tmp_path: Path) -> None:
    (event,) = mapped(tmp_path, small(), BODY, origin="file:0123456789abcdef", position=3).events
    assert (event.origin, event.position, event.sequence) == ("file:0123456789abcdef", 3 << 20, 3 << 20)


def test_the_first_valid_carrier_of_the_trace_wins(tmp_path: Path) -> None:
    text = small(trace=[{"traceparent": "trace"}, {"traceparent": "$header.traceparent"}, {"derived": "nr"}])
    payload = BODY.replace("{", f'{{"trace": "{PARENT}", ')
    headers = {"traceparent": OTHER}
    assert mapped(tmp_path, text, payload, headers=headers).events[0].trace_id == PARENT[3:35]
    broken = payload.replace(PARENT, "00-zz")
    assert mapped(tmp_path, text, broken, headers=headers).events[0].trace_id == OTHER[3:35]
    assert mapped(tmp_path, text, broken).events[0].trace_source == "derived"


def test_a_thin_event_goes_out_at_once_and_its_answer_completes_it(tmp_path: Path) -> None:
    details = {
        "answers": "details",
        "key": {"type": "purchase_order", "id": "nr"},
        "time": "$cause.time",
        "rules": {"detailed": {"type": "purchase_order.detailed.v1", "evidence": "inferred"}},
    }
    asked = {"details": {"request": {"join": ["=/o/", "nr"]}, "timeout": "5s"}}
    made = mapping(tmp_path, small(messages__order__enrich=asked, messages__details=details))
    thin = made.map(Message(BODY.encode()))
    (question,) = thin.enrichments
    assert (question.request, question.timeout_us) == ("/o/1", 5_000_000)
    assert thin.events[0].attributes == {"enrichment": "pending"}
    answer = made.map(Message(b'{"nr": "1"}', cause=question.cause))
    assert answer.events[0].attributes == {"enrichment": "done", "completes": thin.events[0].id}
    assert answer.events[0].time == thin.events[0].time


def test_an_answer_that_nobody_asked_for_is_a_dead_letter(tmp_path: Path) -> None:
    cause = Cause(enrichment="other", event_id="x", type="t", subject="s", time="2026-01-02T03:04:05Z")
    outcome = mapping(tmp_path, small()).map(Message(BODY.encode(), cause=cause))
    assert [letter.reason for letter in outcome.letters] == ["no_message_kind"]


def test_faults_of_one_message_share_one_dead_letter_with_its_secrets_masked(tmp_path: Path) -> None:
    text = small(redact=["ssn"])
    outcome = mapped(tmp_path, text, f'[{BODY}, {{"nr": "2", "ssn": "canary"}}, {{"id": "3"}}]')
    assert len(outcome.events) == 1
    (letter,) = outcome.letters
    assert "record 1" in letter.detail
    assert "record 2" in letter.detail
    assert b"canary" not in letter.payload
    assert letter.source == "/small/t"


def test_more_events_than_the_limit_refuse_the_whole_message(tmp_path: Path) -> None:
    outcome = mapped(tmp_path, small(limits={"events": 2}), f"[{BODY}, {BODY}, {BODY}]")
    assert (outcome.events, [letter.reason for letter in outcome.letters]) == ([], ["too_many_events"])


def test_one_record_may_be_taken_by_several_kinds(tmp_path: Path) -> None:
    paid = {
        "for_each": "paid",
        "identity": {"join": [["$record", "id"], "nr"], "with": "/"},
        "key": {"type": "invoice", "id": "nr"},
        "time": ["$record", "at"],
        "rules": {"paid": {"type": "invoice.paid.v1", "evidence": "inferred"}},
    }
    text = small(messages__order__pass_on=True, messages__paid=paid)
    outcome = mapped(tmp_path, text, BODY.replace("{", '{"paid": [{"nr": "I-1"}, {"nr": "I-2"}], '))
    assert [event.subject for event in outcome.events] == ["purchase_order/1", "invoice/I-1", "invoice/I-2"]
