"""Whoever asks is answered from what they reach, and a look at a case is noted or refused."""

import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from dashboards.access.reading import FAILURE_SECONDS, LOOKS, SINGLE, PageReader, PersonReader, ReachReaders
from dashboards.reading import Unanswered
from dashboards.search import find
from metrics.access.audit import AuditLog
from metrics.access.load import load_roles
from metrics.access.model import EVERYTHING, Person, Reach
from metrics.queries.rows import FaultCounts, Feed
from metrics.store.errors import StoreUnavailable

ROLES = load_roles()
HANK = Person("hank", ROLES["hr"], frozenset({"north"}), "s")
ADA = Person("ada", ROLES["admin"], None, "s")


def names(text: str) -> list[str]:
    """Numbers of workers have two tokens."""
    return [text, f"k1~{text[2:]}", f"k0~{text[2:]}"] if text.startswith("W-") else [text]


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
        self.problem: Exception | None = None
        self.readers = ReachReaders(self.database, Named, lambda: self.now)
        self.reader = PersonReader(self.readers, lambda: self.who, self.audit, lambda: self.now, names)

    def database(self, reach: Reach) -> str:
        self.made.append(reach)
        if self.problem is not None:
            raise self.problem
        return "all" if reach == EVERYTHING else "limited"

    def noted(self) -> list[tuple[str, str, str]]:
        return [(one["who"], one["did"], one["what"]) for one in self.audit.entries()]


def asked_in_queries(parameter: str) -> set[str]:
    """Queries of the dashboards that take a parameter; those of commands have names of their own."""
    folder = files("metrics.queries")
    texts = {file.name[:-4]: file.read_text() for file in folder.iterdir() if file.name.endswith(".sql")}
    return {name for name, text in texts.items() if f"{{{parameter}:" in text and not name.startswith("cli_")}


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


def test_who_sees_sums_alone_is_told_of_no_single_document(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.who = Person("eve", ROLES["executive"], None, "s")
    assert {"case_list", "clocks_due", "clocks_soonest", "spend_documents"} <= SINGLE
    for name in SINGLE:
        with pytest.raises(Unanswered, match="sums alone"):
            desk.reader.rows(name, Feed, case_id="R-1", text="W-7", trace="t")
    assert desk.reader.rows("spend_sums", Feed) == ["limited"]
    assert not (tmp_path / "audit.jsonl").exists()


def test_how_much_is_missing_is_told_of_the_whole_store(tmp_path: Path) -> None:
    assert Desk(tmp_path).reader.rows("fault_counts", FaultCounts) == ["all"]


def test_a_look_at_a_case_is_noted_once_in_ten_minutes(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for desk.now in (0.0, 5.0, 599.0, 601.0):
        desk.reader.rows("case_header", Feed, process="p", case_id="R-1")
    desk.reader.rows("find", Feed, text="PO-7", trace="po-7")
    assert desk.noted() == [("hank", "looked", "R-1")] * 2 + [("hank", "searched", "PO-7")]


def test_every_query_that_shows_one_case_is_a_look() -> None:
    for parameter in ("case_id", "case_ids", "trace"):
        known = {name for name, whose in LOOKS.items() if whose == parameter}
        assert known | {"find"} == asked_in_queries(parameter) | {"find"}, parameter


def test_all_that_a_page_asks_of_a_case_at_once_is_one_look(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    of_case = [name for name, parameter in LOOKS.items() if parameter.startswith("case_id")]

    def ask(name: str) -> None:
        whose = ["R-1"] if LOOKS[name] == "case_ids" else "R-1"
        desk.reader.rows(name, Feed, process="p", **{LOOKS[name]: whose})

    with ThreadPoolExecutor(8) as browser:
        list(browser.map(ask, of_case))
    assert desk.noted() == [("hank", "looked", "R-1")]
    desk.reader.rows("delay_events", Feed, process="p", case_ids=["R-1", "R-2"])
    assert len(desk.noted()) == 1


def test_two_cases_of_one_name_are_two_looks_and_the_log_says_of_which_process(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    for process in ("p", "q", "p"):
        desk.reader.rows("case_events", Feed, process=process, case_id="R-1")
    assert [one["process"] for one in desk.audit.entries()] == ["p", "q"]


def test_a_search_for_a_person_is_noted_once_by_token(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    find(desk.reader, "W-7", names)
    assert desk.noted() == [("hank", "searched", "k1~7")]


def test_a_reach_whose_database_cannot_be_named_holds_up_nobody(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.problem = StoreUnavailable("away")
    for _ in range(3):
        with pytest.raises(Unanswered, match="does not answer"):
            desk.reader.rows("feeds", Feed)
    assert desk.made == [HANK.reach]
    desk.problem, desk.now = None, FAILURE_SECONDS
    assert desk.reader.rows("feeds", Feed) == ["limited"]


def test_a_reader_that_is_there_is_given_while_another_is_being_made() -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow(reach: Reach) -> str:
        if reach != EVERYTHING:
            started.set()
            go_on.wait(10)
        return "all"

    readers = ReachReaders(slow, Named)
    with ThreadPoolExecutor(3) as people:
        waiting = people.submit(readers.of, HANK.reach)
        assert started.wait(10)
        made = people.submit(readers.of, EVERYTHING).result(10)
        assert people.submit(readers.of, EVERYTHING).result(10) is made
        go_on.set()
        waiting.result(10)


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
