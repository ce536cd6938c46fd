"""Which case an id means."""

from metrics.commands.case import choose, find
from metrics.queries.rows import Found
from tests.unit.metrics.commands.readers import FakeReader


def found(kind: str, case_id: str, process: str = "p", found_id: str = "X") -> Found:
    return Found(kind, found_id, process, case_id)


def test_a_case_that_bears_the_id_goes_before_cases_that_only_name_it() -> None:
    own = found("case", "X")
    assert choose([found("requisition", "A"), own, found("requisition", "B")]) == [own]


def test_an_object_of_several_cases_gives_them_all() -> None:
    both = [found("invoice", "B"), found("invoice", "A")]
    assert [row.case_id for row in choose(both)] == ["A", "B"]


def test_the_same_id_in_two_processes_is_not_guessed() -> None:
    rows = [found("case", "X", "one"), found("case", "X", "two")]
    assert choose(rows) == rows
    reader = FakeReader(find=rows)
    assert find(reader, "X", "two") == [rows[1]]


def test_trace_ids_are_found_in_capitals_too() -> None:
    reader = FakeReader()
    find(reader, "ABC", "")
    assert reader.asked[0] == ("find", {"text": "ABC", "trace": "abc"})


def test_who_is_no_object_is_looked_for_among_those_who_acted() -> None:
    acted = found("actor", "A", found_id="W-1")
    assert find(FakeReader(cli_actor=[acted]), "W-1", "") == [acted]
