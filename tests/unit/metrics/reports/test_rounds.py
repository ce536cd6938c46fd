"""Which reports a round sends: each period's once, also across restarts; none for the past; and no fault spreads."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from metrics.access.load import load_roles
from metrics.alerts.notifiers.email import mail
from metrics.alerts.state import ORPHANED, Queued
from metrics.definitions.mistakes import DefinitionsError
from metrics.ledger.overview import NothingToTell
from metrics.queries.report_rows import ReportSending
from metrics.reports.letters import group_of, lane_of
from metrics.reports.reading import ScheduledReport, load_reports, read_reports
from metrics.reports.rounds import AGAIN, LATE_DECLARED, ReportRounds
from metrics.reports.schedule import Due
from metrics.reports.spend import Report
from metrics.store.errors import StoreUnavailable
from metrics.words import DAY, HOUR, MINUTE, SECOND
from tests.fakes.drawing import at_once

FILE = """
version: 1
reports:
  board:
    monthly: {day: 3, at: "07:00"}
    zone: Europe/Berlin
    by: mail
    to: [cfo@example.org, coo@example.org]
    role: executive
  north:
    weekly: {on: monday, at: "06:30"}
    by: mail
    to: north@example.org
    role: procurement
    facilities: [north]
    period: 3_months
    filters: {supplier: S-1, process: requisition_to_pay}
"""
DUE = int(datetime(2026, 11, 3, 6, 0, tzinfo=UTC).timestamp()) * 1_000_000
MADE = Report("spend.pdf", b"%PDF-1", "Spend & labour, October", "Committed: 1.00 USD.", False)


@dataclass
class Kept:
    """The queue in the store, and the reader of what was sent."""

    rows_: list[tuple[Queued, str, str]] = field(default_factory=list)
    away: bool = False
    answers_lost: int = 0

    def save_messages(
        self, messages: Sequence[Queued], state: str, *, error: str = "", settled: int | None = None
    ) -> None:
        self.rows_ += [(one, state, error) for one in messages]
        if self.answers_lost:
            self.answers_lost -= 1
            raise StoreUnavailable("the rows are stored, and the answer is lost")

    def rows(self, name: str, row_type: type[Any], /, **asked: Any) -> list[Any]:
        if self.away:
            raise StoreUnavailable("away")
        newest = {(told := row[0].message).receiver + told.group + str(told.number): row for row in self.rows_}
        found = [
            ReportSending(told.receiver, told.group, told.number, state, 0, error, told.created, None)
            for (told, *_), state, error in newest.values()
            if told.group.startswith(asked["group"])
        ]
        return sorted(found, key=lambda one: (-one.number, -one.created_us))[: asked["limit"]]


@pytest.fixture
def reports(tmp_path: Path) -> Mapping[str, ScheduledReport]:
    return read_reports(written(tmp_path, FILE), ["mail"])


def written(folder: Path, text: str) -> Path:
    file = folder / "reports.yaml"
    file.write_text(text)
    return file


def rounds(reports: Mapping[str, ScheduledReport], kept: Kept, make: Any = lambda _report, _due: MADE) -> ReportRounds:
    return ReportRounds(reports, kept, kept, make, "https://flowglass.example.org", at_once)


def board(reports: Mapping[str, ScheduledReport]) -> Mapping[str, ScheduledReport]:
    return {"board": reports["board"]}


def test_a_period_is_sent_once_also_by_a_program_that_knows_nothing(reports: Mapping[str, ScheduledReport]) -> None:
    kept, one = Kept(), board(reports)
    first = rounds(one, kept)
    assert [sent.message.number for sent in first.run(DUE)] == [(2026 - 1970) * 12 + 10]
    assert first.run(DUE + MINUTE) == []
    assert rounds(one, kept).run(DUE + 2 * MINUTE) == []
    assert len(rounds(one, kept).run(DUE + 31 * DAY)) == 1
    assert [state for _, state, _ in kept.rows_] == ["queued", "queued"]
    assert len({sent.message.id for sent, _, _ in kept.rows_}) == 2


def test_what_fell_due_while_nothing_ran_is_sent_late_and_once(reports: Mapping[str, ScheduledReport]) -> None:
    kept, one = Kept(), board(reports)
    rounds(one, kept).run(DUE)
    late = rounds(one, kept).run(DUE + 60 * DAY)
    assert len(late) == 1
    assert late[0].message.number == kept.rows_[0][0].message.number + 1


def test_a_report_that_was_just_declared_is_not_sent_for_the_past(reports: Mapping[str, ScheduledReport]) -> None:
    kept, one = Kept(), board(reports)
    assert rounds(one, kept).run(DUE + 5 * DAY) == []
    assert [(state, error) for _, state, error in kept.rows_] == [("refused", LATE_DECLARED)]
    assert len(rounds(one, kept).run(DUE + 31 * DAY)) == 1
    fresh = Kept()
    assert len(rounds(one, fresh).run(DUE + 20 * HOUR)) == 1


def test_another_day_of_the_same_month_does_not_send_it_again(reports: Mapping[str, ScheduledReport]) -> None:
    kept, one = Kept(), reports["board"]
    rounds({"board": one}, kept).run(DUE)
    moved = one._replace(schedule=one.schedule._replace(day=9))
    assert rounds({"board": moved}, kept).run(DUE + 7 * DAY) == []


def test_with_nothing_to_tell_it_is_tried_again_later(reports: Mapping[str, ScheduledReport]) -> None:
    asked: list[Due] = []

    def make(_report: ScheduledReport, due: Due) -> Report:
        asked.append(due)
        if len(asked) == 1:
            raise NothingToTell("no data yet")
        return MADE

    looking = rounds(board(reports), Kept(), make)
    assert [len(looking.run(DUE + wait)) for wait in (0, MINUTE, AGAIN + MINUTE)] == [0, 0, 1]
    assert len(asked) == 2


def test_a_fault_in_one_report_holds_up_no_other(reports: Mapping[str, ScheduledReport]) -> None:
    def make(report: ScheduledReport, _due: Due) -> Report:
        if report.name == "board":
            raise ZeroDivisionError
        return MADE

    kept, now = Kept(), int(datetime(2026, 11, 3, 6, 30, tzinfo=UTC).timestamp()) * 1_000_000
    both = {name: one._replace(schedule=reports["board"].schedule) for name, one in reports.items()}
    assert [sent.message.receiver for sent in rounds(both, kept, make).run(now)] == [lane_of("mail")]
    assert [sent.message.group for sent, _, _ in kept.rows_] == [group_of(both["north"])]


def test_while_the_store_is_away_the_round_says_so_and_nothing_is_taken_for_sent(
    reports: Mapping[str, ScheduledReport],
) -> None:
    kept = Kept(away=True)
    looking = rounds(board(reports), kept)
    with pytest.raises(StoreUnavailable):
        looking.run(DUE)
    kept.away = False
    assert len(looking.run(DUE + MINUTE)) == 1


def test_a_slow_drawing_holds_up_no_round(reports: Mapping[str, ScheduledReport]) -> None:
    may_end = threading.Event()

    def make(_report: ScheduledReport, _due: Due) -> Report:
        may_end.wait(2)
        return MADE

    kept = Kept()
    looking = ReportRounds(board(reports), kept, kept, make)
    assert [looking.run(DUE + after * SECOND) for after in range(3)] == [[], [], []]
    may_end.set()
    ended = monotonic() + 5
    while not (sent := looking.run(DUE + MINUTE)) and monotonic() < ended:
        sleep(0.001)
    assert [one.message.number for one in sent] == [(2026 - 1970) * 12 + 10]
    assert looking.run(DUE + 2 * MINUTE) == []


def test_a_mail_whose_saving_got_no_answer_is_sent_nevertheless(reports: Mapping[str, ScheduledReport]) -> None:
    kept = Kept(answers_lost=1)
    looking = rounds(board(reports), kept)
    with pytest.raises(StoreUnavailable):
        looking.run(DUE)
    assert looking.run(DUE + SECOND) == [kept.rows_[0][0]]
    assert looking.run(DUE + AGAIN) == []


def test_a_mail_is_not_lost_when_the_one_after_it_gets_no_answer(reports: Mapping[str, ScheduledReport]) -> None:
    class LosesTheSecond(Kept):
        def save_messages(self, *asked: Any, **more: Any) -> None:
            self.answers_lost = int(len(self.rows_) == 1)
            super().save_messages(*asked, **more)

    kept = LosesTheSecond()
    both = {name: one._replace(schedule=reports["board"].schedule) for name, one in reports.items()}
    looking = rounds(both, kept)
    with pytest.raises(StoreUnavailable):
        looking.run(DUE)
    assert [sent.message.group for sent in looking.run(DUE + SECOND)] == [group_of(one) for one in both.values()]


def test_what_the_queue_of_the_store_holds_is_not_sent_beside_it(reports: Mapping[str, ScheduledReport]) -> None:
    kept = Kept(answers_lost=1)
    looking = rounds(board(reports), kept)
    with pytest.raises(StoreUnavailable):
        looking.run(DUE)
    looking.forget()  # as one that became the owner again, and has read the queue
    assert looking.run(DUE + AGAIN) == []


@pytest.mark.parametrize(
    ("error", "by", "sent"),
    [
        (ORPHANED, "post", 1),
        (ORPHANED, "mail", 1),
        ("554 no such mailbox", "post", 1),
        ("554 no such mailbox", "mail", 0),
        (LATE_DECLARED, "post", 0),
    ],
)
def test_a_mail_refused_for_what_holds_no_more_is_not_the_one_of_its_period(
    reports: Mapping[str, ScheduledReport], error: str, by: str, sent: int
) -> None:
    kept, one = Kept(), reports["board"]
    queued = rounds({"board": one}, kept).run(DUE)
    kept.save_messages(queued, "refused", error=error)
    again = rounds({"board": one._replace(by=by)}, kept)
    assert [mail.message.receiver for mail in again.run(DUE + 3 * DAY)] == [lane_of(by)] * sent
    assert again.run(DUE + 4 * DAY) == []


def test_the_mail_holds_the_words_and_the_file_and_its_head_cannot_be_steered(
    reports: Mapping[str, ScheduledReport],
) -> None:
    hostile = MADE._replace(title="Spend\r\nBcc: all@example.org", simulated=True)
    (sent,) = rounds(board(reports), Kept(), lambda _report, _due: hostile).run(DUE)
    made = mail(sent.message, "flowglass@example.org", ("cfo@example.org",))
    assert made["Bcc"] is None
    assert made["Subject"].startswith("[SIMULATED] Spend")
    text, file = made.iter_parts()
    assert "Committed: 1.00 USD." in text.get_content()
    assert "This is simulated data." in text.get_content()
    assert (file.get_content_type(), file.get_filename(), file.get_content()) == (
        "application/pdf",
        "spend.pdf",
        b"%PDF-1",
    )


def test_a_report_is_read_as_its_role_and_no_further(reports: Mapping[str, ScheduledReport]) -> None:
    executive = load_roles()["executive"].reach
    assert reports["board"].reach == executive
    assert (reports["board"].seen_by, reports["north"].seen_by) == ("Executive", "Procurement (North)")
    assert reports["north"].reach.facilities == frozenset({"north"})
    assert (reports["north"].to, reports["north"].filters["booked"]) == (("north@example.org",), "requisition_to_pay")


@pytest.mark.parametrize(
    ("wrong", "instead", "says"),
    [
        ("role: executive", "role: hr", "does not open /spend"),
        ("role: executive", "role: executiv", "executive"),
        ("by: mail\n    to: [cfo", "by: post\n    to: [cfo", "e-mail receiver"),
        ("zone: Europe/Berlin", "zone: Europe/Berlinn", "unknown time zone"),
        ('monthly: {day: 3, at: "07:00"}', 'monthly: {day: 32, at: "07:00"}', "31"),
        ('monthly: {day: 3, at: "07:00"}', 'monthly: {day: 3, at: "24:00"}', "at"),
        ("monthly: {", 'weekly: {on: monday, at: "07:00"}\n    monthly: {', "either"),
        ("cfo@example.org,", '"cfo@example.org\\nBcc: x@example.org",', "to"),
        ("period: 3_months", "period: 4_months", "period"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_told_with_its_place(tmp_path: Path, wrong: str, instead: str, says: str) -> None:
    assert wrong in FILE
    with pytest.raises(DefinitionsError, match=r"reports\.yaml") as told:
        read_reports(written(tmp_path, FILE.replace(wrong, instead, 1)), ["mail"])
    assert says in str(told.value)


def test_what_is_shipped_sends_nothing() -> None:
    assert load_reports() == {}
