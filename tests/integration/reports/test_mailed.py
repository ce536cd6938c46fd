"""Reports by mail on a real store and SMTP server: late when it is away, never lost, and once across restarts."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest

from metrics.alerts.lanes import MessageLane, Settled
from metrics.alerts.notifiers.email import EmailNotifier
from metrics.alerts.notifiers.web import Gate
from metrics.alerts.ownership import Ownership
from metrics.alerts.plan import HostRule
from metrics.alerts.state import AlertStore, Queued
from metrics.commands.report_mail import record_sent
from metrics.ledger.overview import newest_event
from metrics.reports.making import made, reader_of
from metrics.reports.reading import ScheduledReport, read_reports
from metrics.reports.rounds import ReportRounds
from metrics.reports.schedule import Due
from metrics.reports.spend import Report
from metrics.settings import Settings
from metrics.store.client import StoreClient
from metrics.store.queries import Queries
from metrics.store.tables import TABLES
from metrics.store.writer import ClickHouseWriter
from metrics.words import DAY
from tests.contract.notifiers.servers import MailReceiver
from tests.fakes.drawing import at_once
from tests.fakes.paper import read_paper
from tests.fakes.spending import NEWEST, LedgerOf, Paid
from tests.integration.store.front_process import StoreFront

pytestmark = pytest.mark.store
NAMES = count()
FILE = """
version: 1
reports:
  board: {weekly: {on: friday, at: "06:00"}, by: mail, to: [cfo@example.org], role: executive, period: 3_months}
"""
LOOPBACK = (HostRule("127.0.0.1", None, private=True),)


@pytest.fixture
def report(tmp_path: Path) -> ScheduledReport:
    file = tmp_path / "reports.yaml"
    file.write_text(FILE)
    return read_reports(file, ["mail"])["board"]


@pytest.fixture
def mailbox() -> Iterator[MailReceiver]:
    server = MailReceiver()
    yield server
    server.close()


class Program:
    """One run of the program that sends, driven by hand: `look` is a round, `step` an attempt of the lane."""

    def __init__(self, client: StoreClient, report: ScheduledReport, port: int) -> None:
        reader, writer = Queries(client, seconds=60), ClickHouseWriter(client)
        self.now = [0.0]
        self.ownership = Ownership(reader, writer, f"reports-{next(NAMES)}", lambda: 0.0)
        assert self.ownership.take()
        self.store = AlertStore(reader, writer, self.ownership)
        self.rounds = ReportRounds({report.name: report}, reader, self.store, drawn, begin=at_once)
        sender = EmailNotifier(
            Gate(LOOPBACK, timeout=2.0), "127.0.0.1", port, sender="flowglass@example.org", to=("ap@example.org",),
            security="none",
        )  # fmt: skip
        self.lane = MessageLane("mail", sender, lambda: True, self.settle, lambda: self.now[0])
        self.lane.put(self.store.queue())

    def look(self, now: int) -> list[Queued]:
        found = self.rounds.run(now)
        self.lane.put(found)
        return found

    def step(self) -> None:
        self.now[0] += 60
        self.lane.step()

    def settle(self, one: Settled) -> None:
        self.store.save_messages([one.queued], one.state, error=one.error, settled=NEWEST)

    def end(self) -> None:
        self.ownership.release()


def drawn(report: ScheduledReport, due: Due) -> Report:
    return made(report, due, LedgerOf([Paid("committed", "100.10"), Paid("paid", "40.05")]), None)


def states(client: StoreClient) -> list[str]:
    return [str(row["state"]) for row in client.rows("SELECT state FROM v_alert_messages")]


def test_a_mail_waits_for_its_server_outlives_the_program_and_comes_once(
    store: StoreClient, report: ScheduledReport, mailbox: MailReceiver
) -> None:
    gone = MailReceiver()
    gone.close()
    first = Program(store, report, gone.port)
    assert len(first.look(NEWEST)) == 1
    first.step()
    first.step()
    assert states(store) == ["queued"]
    first.end()  # killed while the server is away
    second = Program(store, report, mailbox.port)
    mailbox.answers["DATA END"] = "451 come back later"
    assert second.look(NEWEST + DAY) == []
    second.step()
    mailbox.answers.clear()
    second.step()
    second.step()
    assert states(store) == ["delivered"]
    second.end()
    third = Program(store, report, mailbox.port)
    assert third.look(NEWEST + 2 * DAY) == []
    third.step()
    third.end()
    (mail,) = mailbox.mails
    assert mailbox.recipients[-1] == "rcpt TO:<cfo@example.org>"
    text, file = mail.iter_parts()  # type: ignore[attr-defined]
    assert "Committed: 100.10 USD" in text.get_content()
    paper = read_paper(file.get_content())
    assert (paper.pages, paper.texts[0]) == (1, "Spend & labour")
    assert "100.10" in paper.texts


def test_a_mail_that_was_refused_and_then_sent_by_hand_is_delivered_and_stays_so(
    store: StoreClient, report: ScheduledReport, mailbox: MailReceiver
) -> None:
    first = Program(store, report, mailbox.port)
    mailbox.answers["DATA END"] = "554 no"
    (mail,) = first.look(NEWEST)
    first.step()
    assert states(store) == ["refused"]
    record_sent(Queries(store), ClickHouseWriter(store), mail, NEWEST)
    assert states(store) == ["delivered"]
    first.end()
    assert Program(store, report, mailbox.port).look(NEWEST + DAY) == []


def labour(number: int, facility: str, worker: int) -> dict[str, Any]:
    return {
        "stage": "worked", "document_type": "timesheet", "document_id": f"T-{number:03}", "line": "", "version": 1,
        "gone": 0, "event_id": f"e{number}", "time": NEWEST - DAY, "labour": 1, "legal_entity": "LE1",
        "facility": facility, "department": "icu", "cost_center": "4711", "supplier": "S-1", "category": "",
        "process": "contingent_labour", "case_processes": [], "case_ids": [], "named_types": ["worker"],
        "named_ids": [f"W-{worker}"], "currency": "USD", "amount": "10.01", "valued": 0, "hours": "8",
        "simulated": 1, "content": number,
    }  # fmt: skip


def test_who_sees_sums_alone_gets_no_group_of_few_people_in_the_mail(
    store: StoreClient, store_front: StoreFront, report: ScheduledReport
) -> None:
    people = [("north", 6), ("harbour", 2), ("meadow", 4)]
    places = [place for place, many in people for _ in range(many)]
    rows = [labour(number, place, number) for number, place in enumerate(places)]
    store._client.insert_arrow("ledger", pa.Table.from_pylist(rows, schema=TABLES["ledger"]))
    settings = msgspec.structs.replace(Settings(), store_url=store_front.url)
    texts = {}
    for name, reach in (("all", report.reach._replace(least=0, fields=None)), ("few", report.reach)):
        with reader_of(settings, reach) as reader:
            told = WithNewest(reader)
            assert newest_event(told) == NEWEST
            texts[name] = read_paper(made(report, report.schedule.newest(NEWEST), told, None).pdf).texts
    assert {"Harbour", "Meadow", "North"} <= set(texts["all"])
    assert "Harbour" not in texts["few"]
    assert "Groups under 5" in texts["few"]
    assert "120.12" in texts["all"]  # 12 timesheets, whoever is told apart
    assert "120.12" in texts["few"]
    assert any("as Executive may see it" in text for text in texts["few"])


class WithNewest:
    """A reader over a store without cases: the newest event is the anchor."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def rows(self, name: str, row_type: type[Any], /, **asked: Any) -> list[Any]:
        found = LedgerOf([]).rows(name, row_type) if name == "processes" else self._reader.rows(name, row_type, **asked)
        return list(found)
