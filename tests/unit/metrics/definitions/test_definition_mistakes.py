"""What an author is told: the file, the line, the path inside and the nearest valid word."""

from pathlib import Path

import pytest

from tests.unit.metrics.definitions.written import SMALL, mistakes, spoilt, write

GOLDEN = {
    "an unknown word": ("title: Small", "titel: Small", [
        "small.yaml:1: 'title' is missing",
        "small.yaml:3: titel: unknown word 'titel'; did you mean 'title'?",
    ]),
    "an unknown word inside an SLA": ("    owner: procurement\n", "    ownr: procurement\n", [
        "small.yaml:26: slas[0]: 'owner' is missing",
        "small.yaml:35: slas[0].ownr: unknown word 'ownr'; did you mean 'owner'?",
    ]),
    "an unknown word inside a milestone": ("{on: requisition.created.v1}", "{on: requisition.created.v1, were: {}}", [
        "small.yaml:9: milestones.asked.were: unknown word 'were'; did you mean 'where'?",
    ]),
    "a target without a source": ("    source: house value\n", "", [
        "small.yaml:26: slas[0]: 'source' is missing",
    ]),
    "an unknown milestone in a state": ("enter: [agreed]", "enter: [agreeed]", [
        "small.yaml:19: states[1].enter: unknown milestone 'agreeed'; did you mean 'agreed'?",
    ]),
    "an unknown milestone in an SLA": ("    to: agreed", "    to: bought", [
        "small.yaml:28: slas[0].to: unknown milestone 'bought'; known: agreed, asked, closed, ordered, refused, urgent",
    ]),
    "an unknown milestone in a pause": ("from: ordered, to: closed,", "from: orderd, to: closed,", [
        "small.yaml:33: slas[0].pauses[0].from: unknown milestone 'orderd'; did you mean 'ordered'?",
    ]),
    "an unknown milestone in an end": ("milestone: refused", "milestone: refusd", [
        "small.yaml:23: ends[1].milestone: unknown milestone 'refusd'; did you mean 'refused'?",
    ]),
    "an unknown object type": ("case: {object: requisition}", "case: {object: requisiton}", [
        "small.yaml:5: case.object: unknown object type 'requisiton'; did you mean 'requisition'?",
    ]),
    "an unknown event type": ("requisition.approved.v1", "requisition.aproved.v1", [
        "small.yaml:10: milestones.agreed.on: unknown event type 'requisition.aproved.v1'; "
        "did you mean 'requisition.approved.v1'?",
    ]),
    "an event type without its version": ("requisition.approved.v1", "requisition.approved", [
        "small.yaml:10: milestones.agreed.on: unknown event type 'requisition.approved'; "
        "did you mean 'requisition.approved.v1'?",
    ]),
    "a milestone that no event can reach": ("on: purchase_order.closed.v1", "on: timesheet.approved.v1", [
        "small.yaml:14: milestones.closed.on: no event 'timesheet.approved.v1' can reach a case: "
        "it names assignment, timesheet, none of which is linked",
    ]),
    "a link that never reaches the case": ("through: requisition", "through: invoice", [
        "small.yaml:7: correlation[0].through: 'invoice' is not part of this process; "
        "known: purchase_order, requisition",
    ]),
    "links in a circle": ("cap: 10}", "cap: 10}\n  - {object: invoice, through: payment, cap: 1}\n"
                          "  - {object: payment, through: invoice, cap: 1}", [
        "small.yaml:8: correlation[1].through: 'invoice' and 'payment' hang on each other in a circle",
        "small.yaml:9: correlation[2].through: 'payment' and 'invoice' hang on each other in a circle",
    ]),
    "a link through a hub": ("through: requisition", "through: cost_center", [
        "small.yaml:7: correlation[0].through: 'cost_center' is shared by many cases and would glue them together; "
        "link through something else",
        "small.yaml:7: correlation[0].through: 'cost_center' is not part of this process; "
        "known: purchase_order, requisition",
    ]),
    "a clock that cannot stop": ("    to: agreed", "    to: asked", [
        "small.yaml:28: slas[0].to: the clock cannot stop: 'asked' is also the milestone that starts it",
    ]),
    "a stop that also cancels": ("cancel_on: refused", "cancel_on: [refused, agreed]", [
        "small.yaml:31: slas[0].cancel_on: 'agreed' stops the clock; it cannot cancel it too",
    ]),
    "an unknown calendar": ("calendar: business_hours", "calendar: busines_hours", [
        "small.yaml:30: slas[0].calendar: unknown calendar 'busines_hours'; did you mean 'business_hours'?",
    ]),
    "a duration without a unit": ("target: 2wd", "target: '48'", [
        "small.yaml:29: slas[0].target: cannot read the duration '48': write numbers with units, such as '3d 4h 30m', "
        "'90 min' or '2 wd' (w, d = 24 h, wd = working day of the calendar, h, m or min, s, ms, us), or ISO 8601 "
        "such as 'P3DT4H30M'; months and years have no fixed length",
    ]),
    "days on a calendar that closes": ("target: 2wd", "target: 2d", [
        "small.yaml:29: slas[0].target: on 'business_hours' a day of 24 open hours is 2.7 working days: write wd or h",
    ]),
    "a version that is not positive": ("version: 3", "version: 0", [
        "small.yaml:2: version: must be greater than or equal to 1",
    ]),
    "a share above one": ("share: 0.9", "share: 90", [
        "small.yaml:34: slas[0].objective.share: must be less than 1",
    ]),
    "two states of one name": ("name: buying", "name: deciding", [
        "small.yaml:19: states[1].name: two states are called 'deciding'",
    ]),
    "a state of an unknown branch": ("branch: supply,", "branch: suply,", [
        "small.yaml:16: branches[0].name: no state belongs to branch 'supply'",
        "small.yaml:20: states[2].branch: unknown branch 'suply'; did you mean 'supply'?",
    ]),
    "a milestone that enters two states of one line": ("enter: [agreed]", "enter: [agreed, asked]", [
        "small.yaml:19: states[1].enter: milestone 'asked' already enters 'deciding' of the same line: "
        "a line is in one state at a time",
    ]),
    "an end that opens the case again": ("reopens: [asked]", "reopens: closed", [
        "small.yaml:24: reopens: milestone 'closed' cannot both end a case and open it again",
    ]),
    "the same word twice": ("owner: procurement\ncase", "owner: procurement\nversion: 4\ncase", [
        "small.yaml:5: version: 'version' is written twice (first on line 2)",
    ]),
    "a name with capitals": ("process: small", "process: Small Process", [
        "small.yaml:1: process: 'Small Process' must be small letters, digits and _, beginning with a letter",
    ]),
    "no end at all": ("  - {milestone: closed, outcome: done}\n  - {milestone: refused, outcome: refused}\n",
                      "  []\n", [
        "small.yaml:21: ends: must not be empty",
    ]),
    "an attribute nearly as declared": ("attributes: {facility: facility}", "attributes: {facility: facilty}", [
        "small.yaml:37: attributes.facility: unknown attribute 'facilty'; did you mean 'facility'?",
    ]),
    "a list where a mapping belongs": ("case: {object: requisition}", "case: [requisition]", [
        "small.yaml:5: case: must be a mapping (word: value), not a list",
    ]),
    "text that is no YAML": ("case: {object: requisition}", "case: {object: requisition", [
        "small.yaml:6: not valid YAML: expected ',' or '}', but got ':'",
    ]),
    "an anchor": ("  asked: {on: requisition.created.v1}\n  agreed: {on: requisition.approved.v1}\n",
                  "  asked: &one {on: requisition.created.v1}\n  agreed: *one\n", [
        "small.yaml:9: milestones.agreed: anchors and aliases are not supported: write it out",
        "small.yaml:10: milestones.agreed: must be a mapping (word: value), not nothing",
    ]),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "told"), GOLDEN.values(), ids=GOLDEN.keys())
def test_a_typical_mistake_is_explained(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    assert mistakes(write(tmp_path, spoilt(old, new))) == told


def test_the_small_process_itself_has_no_mistakes(tmp_path: Path) -> None:
    assert mistakes(write(tmp_path)) == []


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, spoilt("version: 3", "version: 0"), "one.yaml")
    write(
        tmp_path, spoilt("    to: agreed", "    to: agred", spoilt("enter: [agreed]", "enter: [agreeed]")), "two.yaml"
    )
    assert [line.split(": ")[0] for line in mistakes(tmp_path)] == ["one.yaml:2", "two.yaml:19", "two.yaml:28"]


def test_one_version_in_two_files_is_a_mistake(tmp_path: Path) -> None:
    write(tmp_path, SMALL, "a.yaml")
    write(tmp_path, SMALL, "b.yaml")
    assert mistakes(tmp_path) == [
        "b.yaml:2: version: version 3 of 'small' is also in a.yaml; a changed process gets a new version"
    ]


def test_an_empty_file_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes(write(tmp_path, "# nothing\n")) == ["small.yaml:1: the file is empty"]


def test_a_file_that_holds_only_a_word_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes(write(tmp_path, "hello\n")) == [
        "small.yaml:1: must be a mapping (word: value), not the text 'hello'"
    ]


def test_a_binary_file_is_a_mistake_and_no_crash(tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_bytes(bytes(range(256)))
    assert len(mistakes(file)) == 1


def test_a_directory_without_definitions_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no process definition"):
        mistakes(tmp_path)
