"""What every notifier owes, against a real server: deliver, and say rightly whether another try is worth it."""

import json
from typing import Any

from metrics.alerts.notifiers.port import Delivered, Refused, Retry
from tests.contract.notifiers.conftest import Send
from tests.contract.notifiers.servers import HttpReceiver
from tests.fakes.alerting import as_told, firing, message


def marked_up(body: dict[str, Any]) -> list[str]:
    """The texts in which Slack looks for markup."""
    sections = [block["text"]["text"] for block in body["blocks"] if block["type"] == "section"]
    return [body["text"], *sections, *(one["text"] for block in body["blocks"] for one in block.get("elements", ()))]


def test_a_message_arrives_as_json(send: Send, receiver: HttpReceiver) -> None:
    assert send(message()) == Delivered()
    (got,) = receiver.got
    assert got.headers["content-type"] == "application/json"
    assert "400 cases" in json.dumps(json.loads(got.body))


def test_the_same_message_sent_again_is_known_by_the_same_name(send: Send, receiver: HttpReceiver) -> None:
    """Byte for byte the same, or at least the same labels, key or id: what the receiver goes by."""
    send(message())
    send(message())
    first, second = receiver.got
    assert first.body == second.body
    assert first.headers.get("flowglass-message") == second.headers.get("flowglass-message")


def test_a_receiver_that_fails_may_be_asked_again(send: Send, receiver: HttpReceiver) -> None:
    receiver.replies = [(500, {}), (503, {"Retry-After": "30"}), (429, {"Retry-After": "7"}), (404, {}), (401, {})]
    assert [send(message()) for _ in range(5)] == [
        Retry("HTTP 500: ok"),
        Retry("HTTP 503: ok", 30.0),
        Retry("HTTP 429: ok", 7.0),
        Retry("HTTP 404: ok"),
        Retry("HTTP 401: ok"),
    ]
    assert send(message()) == Delivered()


def test_a_message_that_is_wrong_is_not_sent_again(send: Send, receiver: HttpReceiver) -> None:
    receiver.replies = [(400, {}), (413, {})]
    assert isinstance(send(message()), Refused)
    assert isinstance(send(message()), Refused)


def test_a_receiver_that_is_away_or_says_nothing_is_tried_again(send: Send, receiver: HttpReceiver) -> None:
    receiver.hang.set()
    assert send(message()) == Retry("no answer within 0.5 s")
    receiver.close()
    answer = send(message())
    assert isinstance(answer, Retry)
    assert answer.reason.startswith("can't be reached")
    assert "hook-secret-path" not in answer.reason


def test_a_redirect_leads_nowhere(send: Send, receiver: HttpReceiver) -> None:
    receiver.replies = [(307, {"Location": f"http://127.0.0.1:{receiver.port}/elsewhere"})]
    assert isinstance(send(message()), Retry)
    assert [got.path for got in receiver.got if "elsewhere" in got.path] == []


def test_simulated_data_says_so(send: Send, receiver: HttpReceiver) -> None:
    labels = firing(simulated=True).labels
    send(message(alerts=(as_told(labels=labels),)))
    send(message())
    simulated, real = (got.body.lower() for got in receiver.got)
    assert simulated.count(b"simulated") > real.count(b"simulated") or b'"simulated":"true"' in simulated


def test_a_resolution_arrives(send: Send, receiver: HttpReceiver) -> None:
    assert send(message(alerts=(as_told("resolved"),))) == Delivered()
    body = receiver.got[0].body.lower()
    assert b"resolve" in body or b'"endsat":"2026-01-01t12:01:00' in body


def test_text_from_outside_steers_nothing(send: Send, receiver: HttpReceiver) -> None:
    labels = firing("x\r\nHost: evil\x1b[2J<!channel> [a](http://evil)").labels
    hostile = as_told(labels=labels, summary="<https://evil|click> @here \r\n\x1b[31m *bold* & [a](http://evil)")
    assert send(message(alerts=(hostile,))) == Delivered()
    text = receiver.got[0].body.decode()
    assert json.loads(text)
    if "blocks" in json.loads(text):
        assert not any("<https://evil" in said for said in marked_up(json.loads(text)))
        assert "&lt;https://evil|click&gt;" in text
    if "attachments" in json.loads(text):
        assert "[a](http://evil)" not in text


def test_a_hundred_alerts_fit_the_receivers_limits(send: Send, receiver: HttpReceiver) -> None:
    many = tuple(as_told(id=f"{n:016x}", summary="s" * 2000) for n in range(100))
    assert send(message(alerts=many)) == Delivered()
    if "attachments" in json.loads(receiver.got[0].body):
        assert len(receiver.got[0].body) <= 28_000
    if "blocks" in json.loads(receiver.got[0].body):
        assert len(json.loads(receiver.got[0].body)["blocks"]) <= 50
