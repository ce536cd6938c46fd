"""The list of what a replay must reproduce, held against the schema."""

from metrics.store.outcome import HISTORY, OUTCOME, outcome_columns, outcome_query, outcome_rows
from metrics.store.tables import TABLES
from tests.faults.comparing import JUDGED, NOT_JUDGED


def test_every_table_is_either_outcome_or_history() -> None:
    assert set(OUTCOME) | set(HISTORY) == set(TABLES)
    assert not set(OUTCOME) & set(HISTORY)


def test_the_list_names_columns_that_exist() -> None:
    for table, rule in OUTCOME.items():
        columns = set(TABLES[table].names)
        assert rule.history < columns, table
        assert set(rule.key) <= set(outcome_columns(table)), table
        assert set(rule.first_by) <= rule.history, table
        assert not rule.unless or rule.unless in rule.history, table
        assert all(any(name.startswith(f"{group}.") for name in columns) for group in rule.unordered), table


def test_a_stamp_is_never_outcome() -> None:
    stamps = {"version", "revision", "ingested", "noticed", "flushed_at", "loaded_at", "origin", "position"}
    assert not stamps & {name for table in OUTCOME for name in outcome_columns(table)}


def test_of_several_records_of_one_event_the_first_by_place_counts() -> None:
    row = dict.fromkeys(TABLES["events"].names, "") | {"event_id": "e", "origin": "o"}
    found = outcome_rows("events", [row | {"position": 7, "type": "b"}, row | {"position": 3, "type": "a"}])
    assert [one["type"] for one in found.values()] == ["a"]
    assert "position" not in found["e",]


def test_what_was_withdrawn_does_not_count() -> None:
    row = dict.fromkeys(TABLES["case_events"].names, "")
    assert outcome_rows("case_events", [row | {"withdrawn": 1}]) == {}
    assert len(outcome_rows("case_events", [row | {"withdrawn": 0}])) == 1


def test_entries_without_an_order_are_compared_as_a_set_and_stay_together() -> None:
    names = [name for name in TABLES["objects"].names if "." in name]
    plain = {name: "" for name in TABLES["objects"].names if name not in names}
    one, other = (dict.fromkeys(names, values) for values in (["a", "b"], ["b", "a"]))
    assert outcome_rows("objects", [plain | one]) == outcome_rows("objects", [plain | other])
    mixed = one | {"link.case_id": ["b", "a"]}
    assert outcome_rows("objects", [plain | one]) != outcome_rows("objects", [plain | mixed])


def test_the_query_asks_for_the_outcome_and_nothing_else() -> None:
    asked = outcome_query("case_events")
    assert asked.startswith("SELECT `process`, `case_id`, `event_id`, `time`")
    assert "version" not in asked
    assert "WHERE withdrawn = 0 ORDER BY `process`, `case_id`, `event_id` LIMIT 1 BY" in asked
    assert "arraySort(arrayZip(`link.process`" in outcome_query("objects")


def test_the_oracle_judges_every_outcome_of_a_case_or_says_why_not() -> None:
    assert set(JUDGED) | set(NOT_JUDGED) == set(outcome_columns("cases"))
    assert not set(JUDGED) & set(NOT_JUDGED)
