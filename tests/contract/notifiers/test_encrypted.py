"""Encrypted connections: to the name that was asked for, and only if its certificate is known."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from metrics.alerts.notifiers.email import EmailNotifier
from metrics.alerts.notifiers.port import Delivered, Retry
from metrics.alerts.notifiers.web import Gate, Web
from metrics.alerts.plan import HostRule
from tests.contract.notifiers.certificates import certificate, serving, trusting
from tests.contract.notifiers.servers import HttpReceiver, MailReceiver
from tests.fakes.alerting import message

NAME = "alerts.example"


def gate() -> Gate:
    return Gate([HostRule(NAME, None, private=True)], lambda host, port: ["127.0.0.1"], timeout=2.0)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return certificate(tmp_path, NAME)


@pytest.fixture
def receiver(file: Path) -> Iterator[HttpReceiver]:
    server = HttpReceiver(serving(file))
    yield server
    server.close()


@pytest.fixture
def mailbox(file: Path) -> Iterator[MailReceiver]:
    server = MailReceiver(serving(file))
    yield server
    server.close()


def mail(mailbox: MailReceiver, file: Path | None) -> Delivered | Retry | object:
    context = trusting(file) if file else None
    return EmailNotifier(
        gate(), NAME, mailbox.port, sender="a@example.org", to=("b@example.org",), context=context
    ).send(message())


def test_a_known_certificate_of_that_name_is_talked_to(receiver: HttpReceiver, file: Path) -> None:
    assert Web(gate(), trusting(file)).tell(f"https://{NAME}:{receiver.port}/x", b"{}", {}) == Delivered()


def test_an_unknown_certificate_gets_nothing(receiver: HttpReceiver) -> None:
    assert isinstance(Web(gate()).tell(f"https://{NAME}:{receiver.port}/x", b"{}", {}), Retry)
    assert receiver.got == []


def test_a_certificate_of_another_name_gets_nothing(receiver: HttpReceiver, file: Path) -> None:
    other = Gate([HostRule("other.example", None, private=True)], lambda host, port: ["127.0.0.1"])
    answer = Web(other, trusting(file)).tell(f"https://other.example:{receiver.port}/x", b"{}", {})
    assert isinstance(answer, Retry)
    assert receiver.got == []


def test_mail_is_encrypted_before_anything_is_said(mailbox: MailReceiver, file: Path) -> None:
    assert mail(mailbox, file) == Delivered()
    assert mailbox.encrypted == [True]


def test_a_mail_server_with_an_unknown_certificate_gets_nothing(mailbox: MailReceiver) -> None:
    assert isinstance(mail(mailbox, None), Retry)
    assert mailbox.mails == []
