"""What is particular to each notifier: signatures, keys, labels, threads."""

import json
from typing import Any

import pytest

from metrics.alerts.notifiers.alertmanager import as_posted
from metrics.alerts.notifiers.email import EmailNotifier
from metrics.alerts.notifiers.pagerduty import event
from metrics.alerts.notifiers.port import Answer, Delivered, Refused, Retry
from metrics.alerts.notifiers.web import Gate, Web
from metrics.alerts.notifiers.webhook import WebhookNotifier
from metrics.words import MINUTE
from streams.gateway.signatures import SIGNED_WITH_TIME, Signature, Stamp
from tests.contract.notifiers.conftest import LOOPBACK, SECRET
from tests.contract.notifiers.servers import HttpReceiver, MailReceiver
from tests.fakes.alerting import NOON, as_told, message


def test_a_webhook_is_signed_as_receivers_check_it(receiver: HttpReceiver) -> None:
    notifier = WebhookNotifier(Web(Gate(LOOPBACK)), f"http://127.0.0.1:{receiver.port}/x", SECRET, lambda: NOON)
    assert notifier.send(message()) == Delivered()
    (got,) = receiver.got
    check = Signature(
        header="flowglass-signature",
        secrets=(SECRET,),
        prefix="sha256=",
        stamp=Stamp(header="flowglass-timestamp", within_us=MINUTE),
        signed=SIGNED_WITH_TIME,
    )
    assert check.fault(got.headers, got.body, NOON) == ""
    assert check.fault(got.headers, got.body + b" ", NOON) != ""
    assert check.fault(got.headers, got.body, NOON + 2 * MINUTE) != ""
    assert got.headers["idempotency-key"] == message().id == json.loads(got.body)["message"]


def test_alertmanager_knows_an_alert_by_labels_that_hold_no_amount_and_no_case() -> None:
    posted = as_posted(as_told(), NOON + MINUTE, 300_000_000)
    assert posted["labels"] == {
        "alertname": "FlowglassBreach",
        "kind": "breach",
        "process": "hiring",
        "cause_kind": "interface",
        "cause": "coupa to erp",
        "owner": "integration_team",
        "severity": "critical",
        "simulated": "false",
    }
    assert posted["annotations"]["money"] == "1,200.50 USD"
    assert (posted["startsAt"], posted["endsAt"]) == ("2026-01-01T12:00:00.000000Z", "2026-01-01T12:06:00.000000Z")
    assert as_posted(as_told(count=9), NOON, 1)["labels"] == posted["labels"], "counts may change under an alert"


def test_pagerduty_knows_an_alert_by_its_key_in_both_directions() -> None:
    opened, closed = event(as_told(), "key"), event(as_told("resolved"), "key")
    assert (opened["event_action"], closed["event_action"]) == ("trigger", "resolve")
    assert opened["dedup_key"] == closed["dedup_key"] == "flowglass-00112233445566ff"
    assert opened["payload"]["severity"] == "critical"


SENDER = "flowglass@example.org"


def mail_by(mailbox: MailReceiver, **changes: Any) -> Answer:
    gate = Gate(LOOPBACK, timeout=1.0)
    notifier = EmailNotifier(
        gate, "127.0.0.1", mailbox.port, sender=SENDER, to=("a@example.org", "b@example.org"), security="none"
    )
    return notifier.send(message(**changes))


def test_a_mail_arrives_once_however_often_it_is_sent(mailbox: MailReceiver) -> None:
    assert mail_by(mailbox) == mail_by(mailbox) == Delivered()
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"] == f"<{message().id}@flowglass.invalid>"
    assert first["Subject"].startswith("[FIRING 1] hiring: 400 cases are past their deadline")
    assert "https://flowglass.example/cases?process=hiring" in first.get_content()  # type: ignore[attr-defined]
    assert len(mailbox.recipients) == 4


def test_mails_of_one_group_are_one_thread(mailbox: MailReceiver) -> None:
    mail_by(mailbox)
    mail_by(mailbox, id="f" * 32, number=2, alerts=(as_told("resolved"),))
    mail_by(mailbox, group="other")
    first, second, other = mailbox.mails
    assert first["References"] == second["References"] != other["References"]
    assert second["Subject"].startswith("[RESOLVED]")


def test_a_mail_cannot_be_steered_by_what_it_tells_of(mailbox: MailReceiver) -> None:
    assert mail_by(mailbox, alerts=(as_told(summary="x\r\nBcc: evil@example.org\r\n\r\nhi"),)) == Delivered()
    assert mailbox.mails[0]["Bcc"] is None
    assert len(mailbox.recipients) == 2


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"DATA END": "451 later"}, Retry),
        ({"DATA END": "554 spam"}, Refused),
        ({"RCPT": "550 nobody"}, Refused),
        ({"RCPT": "450 busy"}, Retry),
        ({"MAIL": "552 full"}, Refused),
        ({"HELLO": "421 shutting down"}, Retry),
    ],
)
def test_a_mail_server_says_whether_another_try_is_worth_it(
    mailbox: MailReceiver, answers: dict[str, str], expected: type[object]
) -> None:
    mailbox.answers = answers
    assert isinstance(mail_by(mailbox), expected)


def test_a_mail_server_that_is_away_is_tried_again(mailbox: MailReceiver) -> None:
    mailbox.close()
    assert isinstance(mail_by(mailbox), Retry)


def test_an_address_that_the_mail_server_cannot_take_is_refused_and_holds_up_nothing(mailbox: MailReceiver) -> None:
    gate = Gate(LOOPBACK, timeout=1.0)
    notifier = EmailNotifier(gate, "127.0.0.1", mailbox.port, sender=SENDER, to=("jörg@example.org",), security="none")
    assert isinstance(notifier.send(message()), Refused)


def test_a_mail_server_that_offers_no_encryption_gets_nothing(mailbox: MailReceiver) -> None:
    notifier = EmailNotifier(Gate(LOOPBACK), "127.0.0.1", mailbox.port, sender="a@example.org", to=("b@example.org",))
    assert isinstance(notifier.send(message()), Retry)
    assert mailbox.mails == []
