"""Notifiers talk to the places that are allowed, and to no other: no request of theirs can be led astray."""

import pytest

from metrics.alerts.notifiers.port import Delivered, Retry
from metrics.alerts.notifiers.web import Gate, NotAllowed, Web
from metrics.alerts.plan import HostRule
from tests.contract.notifiers.servers import HttpReceiver
from tests.security.figures import Record

PUBLIC = HostRule("hooks.example", None, private=False)
INSIDE = "addresses inside that a webhook's name leads to"
PRIVATE = HostRule("intern.example", None, private=True)


def test_a_host_that_nobody_allowed_is_not_talked_to(receiver: HttpReceiver) -> None:
    web = Web(Gate([PUBLIC]))
    assert web.tell(f"http://127.0.0.1:{receiver.port}/", b"", {}) == Retry(
        f"127.0.0.1:{receiver.port} is not among `hosts` of the alerts file"
    )
    assert receiver.got == []


def test_a_port_may_be_part_of_the_permission(receiver: HttpReceiver) -> None:
    allowed = HostRule("127.0.0.1", receiver.port, private=True)
    web = Web(Gate([allowed]))
    assert web.tell(f"http://127.0.0.1:{receiver.port}/", b"", {}) == Delivered()
    with pytest.raises(NotAllowed):
        Gate([allowed]).open("127.0.0.1", receiver.port + 1)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "::1", "fd00:ec2::254", "100.64.0.1", "0.0.0.0",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1"],
)  # fmt: skip
def test_a_public_name_that_leads_inside_is_refused(address: str, record: Record) -> None:
    record(16, INSIDE, 1, 0)
    with pytest.raises(NotAllowed):
        Gate([PUBLIC], lambda host, port: [address]).open("hooks.example", 443)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1%eth0", "224.0.0.1", "0.0.0.0", "::"]
)
def test_where_clouds_hand_out_credentials_is_refused_to_all(address: str, record: Record) -> None:
    record(16, INSIDE, 1, 0)
    with pytest.raises(NotAllowed):
        Gate([PRIVATE], lambda host, port: [address]).open("intern.example", 80)


def test_a_name_is_asked_once_and_the_judged_address_is_called(receiver: HttpReceiver) -> None:
    answers = [["127.0.0.1"], ["10.9.9.9"]]
    gate = Gate([PRIVATE], lambda host, port: answers.pop(0))
    assert Web(gate).tell(f"http://intern.example:{receiver.port}/x", b"{}", {}) == Delivered()
    assert answers == [["10.9.9.9"]]
    assert receiver.got[0].headers["host"] == f"intern.example:{receiver.port}"


def test_a_public_place_is_talked_to_by_https_alone() -> None:
    answer = Web(Gate([PUBLIC])).tell("http://hooks.example/x", b"", {})
    assert answer == Retry("hooks.example must be talked to by https; only private places may do without")


def test_a_proxy_of_the_environment_is_not_asked(receiver: HttpReceiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{receiver.port}")
    gate = Gate([PRIVATE], lambda host, port: ["127.0.0.1"], timeout=0.5)
    assert isinstance(Web(gate).tell("http://intern.example:1/x", b"", {}), Retry)
    assert receiver.got == []
