"""Whoever asks is answered from what they reach, and a look at a case is noted or refused."""

from pathlib import Path
from typing import Any

import pytest

from dashboards.access.reading import PageReader, PersonReader, ReachReaders
from dashboards.reading import Unanswered
from metrics.access.audit import AuditLog
from metrics.access.load import load_roles
from metrics.access.model import EVERYTHING, Person, Reach
from metrics.queries.rows import FaultCounts, Feed

ROLES = load_roles()
HANK = Person("hank", ROLES["hr"], frozenset({"north"}), "s")
ADA = Person("ada", ROLES["admin"], None, "s")


class Named:
    """A reader that answers with the name of its database."""

    def __init__(self, database: str) -> None:
        self.database = database

    def rows(self, name: str, row_type: type[Any], /, **parameters: Any) -> list[Any]:
        return [self.database]


class Desk:
    """Readers of two people in turn."""

    def __init__(self, folder: Path) -> None:
        self.who: Person | None = HANK
        self.made: list[Reach] = []
        self.audit = AuditLog(folder / "audit.jsonl")
        self.now = 0.0
        readers = ReachReaders(self.database, Named)
        self.reader = PersonReader(readers, lambda: self.who, self.audit, lambda: self.now)

    def database(self, reach: Reach) -> str:
        self.made.append(reach)
        return "all" if reach == EVERYTHING else "limited"

    def noted(self) -> list[tuple[str, str, str]]:
        return [(one["who"], one["did"], one["what"]) for one in self.audit.entries()]


def test_each_person_reads_what_they_reach_and_answers_are_never_shared(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert desk.reader.rows("feeds", Feed) == ["limited"]
    desk.who = ADA
    assert desk.reader.rows("feeds", Feed) == ["all"]
    desk.who = HANK
    assert desk.reader.rows("feeds", Feed) == ["limited"]
    assert desk.made == [HANK.reach, EVERYTHING]
    desk.who = None
    with pytest.raises(Unanswered):
        desk.reader.rows("feeds", Feed)


def test_how_much_is_missing_is_told_of_the_whole_store(tmp_path: Path) -> None:
    assert Desk(tmp_path).reader.rows("fault_counts", FaultCounts) == ["all"]


def test_a_look_at_a_case_is_noted_once_in_ten_minutes(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for desk.now in (0.0, 5.0, 599.0, 601.0):
        desk.reader.rows("case_header", Feed, process="p", case_id="R-1")
    desk.reader.rows("find", Feed, text="W-7", trace="w-7")
    assert desk.noted() == [("hank", "looked", "R-1")] * 2 + [("hank", "searched", "W-7")]


def test_a_look_that_cannot_be_noted_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "audit.jsonl").write_text("torn\n")
    with pytest.raises(Unanswered, match="noted"):
        desk.reader.rows("case_header", Feed, case_id="R-1")


def test_the_callbacks_of_a_page_answer_those_alone_whose_role_opens_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    page = PageReader(desk.reader, "/spend", lambda: desk.who)
    with pytest.raises(Unanswered, match="role"):
        page.rows("feeds", Feed)
    desk.who = ADA
    assert page.rows("feeds", Feed) == ["all"]
