"""What a process file is compiled to."""

from pathlib import Path
from typing import Any

from metrics.definitions.compile import open_definition
from metrics.definitions.model import Definition, Entry, LinkRule
from metrics.words import HOUR, Event, ObjectRef
from tests.unit.metrics.definitions.written import SMALL, small, spoilt


def definition(folder: Path, text: str = SMALL) -> Definition:
    return small(folder, text).by_name("small")


def event(activity: str, **attributes: Any) -> Event:
    return Event(
        id="e", type=activity, activity=activity, time=0, source="/s", origin="o", position=0,
        objects=(ObjectRef("requisition", "R-1"),), attributes=attributes,
    )  # fmt: skip


def reached(compiled: Definition, one: Event) -> list[str]:
    matches = compiled.matches.get(one.activity, ())
    return [compiled.milestones[number] for number, where in matches if where is None or where(one)]


def test_milestones_are_numbered_as_they_are_written(tmp_path: Path) -> None:
    assert definition(tmp_path).milestones == ("asked", "agreed", "refused", "ordered", "urgent", "closed")


def test_one_event_reaches_every_milestone_that_asks_for_it(tmp_path: Path) -> None:
    compiled = definition(tmp_path)
    assert reached(compiled, event("purchase_order.created.v1")) == ["ordered"]
    assert reached(compiled, event("purchase_order.created.v1", priority="high")) == ["ordered", "urgent"]


def test_a_milestone_takes_a_logs_activity_name_too(tmp_path: Path) -> None:
    assert reached(definition(tmp_path), event("Create order")) == ["ordered"]


def test_a_condition_compares_text_whatever_type_the_source_wrote(tmp_path: Path) -> None:
    compiled = definition(tmp_path)
    for same in (1, 1.0, "1", "high"):
        assert "urgent" in reached(compiled, event("purchase_order.created.v1", priority=same))
    for other in (True, None, "", 2, "High"):
        assert "urgent" not in reached(compiled, event("purchase_order.created.v1", priority=other))


def test_every_condition_must_hold(tmp_path: Path) -> None:
    text = spoilt("{priority: [high, 1]}", "{priority: high, rush: true}")
    compiled = definition(tmp_path, text)
    assert "urgent" not in reached(compiled, event("purchase_order.created.v1", priority="high"))
    assert "urgent" in reached(compiled, event("purchase_order.created.v1", priority="high", rush=True))


def test_a_branch_is_entered_by_its_state_and_left_by_its_milestone(tmp_path: Path) -> None:
    compiled = definition(tmp_path)
    names = {compiled.milestones[number]: entries for number, entries in compiled.enters.items()}
    assert compiled.branches == ("main", "supply")
    assert names == {
        "asked": (Entry(0, "deciding"),),
        "agreed": (Entry(0, "buying"),),
        "ordered": (Entry(1, "supplying"),),
        "closed": (Entry(1, ""),),
    }


def test_a_fork_enters_several_lines_at_once(tmp_path: Path) -> None:
    compiled = definition(tmp_path, spoilt("branch: supply, enter: ordered", "branch: supply, enter: agreed"))
    assert compiled.enters[1] == (Entry(0, "buying"), Entry(1, "supplying"))


def test_links_ends_and_attributes_come_through(tmp_path: Path) -> None:
    compiled = definition(tmp_path)
    assert compiled.links == (LinkRule("purchase_order", "requisition", 10),)
    assert dict(compiled.ends) == {5: "done", 2: "refused"}
    assert compiled.reopens == {0}
    assert dict(compiled.attributes) == {"facility": "facility"}
    assert (compiled.process, compiled.version, compiled.case_type) == ("small", 3, "requisition")


def test_a_clock_is_compiled_with_its_pauses_and_objective(tmp_path: Path) -> None:
    (rule,) = definition(tmp_path).slas
    assert (rule.name, rule.start, rule.stop, rule.cancel, rule.start_last) == ("decision", 0, 1, frozenset({2}), False)
    assert rule.pauses == ((3, 5, "waiting for supplier"),)
    assert (rule.objective, rule.window_days, rule.owner, rule.source) == (0.9, 28, "procurement", "house value")


def test_working_days_are_those_of_the_calendar(tmp_path: Path) -> None:
    (rule,) = definition(tmp_path).slas
    assert rule.rule_for("north").target == 18 * HOUR


def test_a_clock_runs_in_the_zone_of_the_facility(tmp_path: Path) -> None:
    (rule,) = definition(tmp_path).slas
    assert rule.rule_for("west").calendar.zone.key == "America/Los_Angeles"
    assert rule.rule_for("central").calendar.zone.key == "America/Chicago"
    assert rule.rule_for("west") is rule.rule_for("west")


def test_an_unknown_facility_takes_the_default_place(tmp_path: Path) -> None:
    (rule,) = definition(tmp_path).slas
    assert rule.rule_for("elsewhere") is rule.rule_for("")


def test_the_hash_follows_content_and_not_form(tmp_path: Path) -> None:
    base = definition(tmp_path).hash
    assert definition(tmp_path, "# a comment\n" + SMALL).hash == base
    assert definition(tmp_path, spoilt("reopens: [asked]", "reopens: asked")).hash == base
    assert definition(tmp_path, spoilt("share: 0.9", "share: 0.91")).hash != base


def test_the_hash_follows_the_order_of_milestones(tmp_path: Path) -> None:
    asked, agreed = "  asked: {on: requisition.created.v1}\n", "  agreed: {on: requisition.approved.v1}\n"
    swapped = spoilt(asked + agreed, agreed + asked)
    assert definition(tmp_path, swapped).hash != definition(tmp_path).hash


def test_events_on_other_objects_are_none_of_the_process(tmp_path: Path) -> None:
    ignored = definition(tmp_path).ignores
    assert "worker.transferred.v1" in ignored
    assert "purchase_order.changed.v1" not in ignored


def test_an_event_that_reaches_a_milestone_is_never_ignored(tmp_path: Path) -> None:
    text = spoilt("on: requisition.approved.v1", "on: commitment.posted.v1")
    assert "commitment.posted.v1" not in definition(tmp_path, text).ignores
    assert "commitment.released.v1" in definition(tmp_path, text).ignores


def test_a_log_without_a_definition_has_an_open_one() -> None:
    compiled = open_definition("log.0123456789ab")
    assert (compiled.open, compiled.process, compiled.case_type) == (True, "log.0123456789ab", "log.0123456789ab")
    assert compiled.hash != open_definition("log.ba9876543210").hash
