"""Snapshots compared: what is first seen, stale, unchanged, and what old values in the message mean."""

import json
from pathlib import Path

from streams.sources.mapping import Mapping
from streams.sources.message import Message, Outcome
from tests.unit.streams.sources.written import mapping, small

STATE = {"watch": {"status": "status", "paid": "paid"}, "order": {"by": "rev"}}


def rule(type_: str, when: object) -> dict[str, object]:
    return {"type": f"purchase_order.{type_}.v1", "evidence": "inferred", "when": when}


RULES = {
    "created": rule("created", {"first_seen": True}),
    "issued": rule("issued", {"change": "status", "to": "issued"}),
    "closed": rule("closed", {"change": "status", "from": ["issued", "held"], "to": "closed"}),
    "changed": rule("changed", {"became_set": "paid"}),
}


CREATED = {"created": RULES["created"]}


def snapshot(status: str, rev: object, **more: str) -> Message:
    members = {"nr": "1", "at": "2026-01-02T03:04:05Z", "status": status, "rev": rev, **more}
    return Message(json.dumps(members).encode())


def stateful(folder: Path, **state: object) -> Mapping:
    return mapping(
        folder,
        small(messages__order__identity=None, messages__order__state={**STATE, **state}, messages__order__rules=RULES),
    )


def kinds(outcome: Outcome) -> list[str]:
    return [fired.rule for fired in outcome.fired]


def test_the_first_snapshot_counts_as_a_change_from_nothing(tmp_path: Path) -> None:
    assert kinds(stateful(tmp_path).map(snapshot("issued", 1))) == ["created", "issued"]


def test_a_baseline_remembers_without_events(tmp_path: Path) -> None:
    made = stateful(tmp_path, first_seen="baseline")
    first = made.map(snapshot("issued", 1))
    assert (first.events, [one.why for one in first.ignored]) == ([], ["baseline"])
    assert kinds(made.map(snapshot("closed", 2), first.state)) == ["closed"]


def test_an_older_revision_gives_nothing_and_is_not_remembered(tmp_path: Path) -> None:
    made = stateful(tmp_path)
    late = made.map(snapshot("issued", 3), made.map(snapshot("closed", 5)).state)
    assert (late.events, late.state, [one.why for one in late.ignored]) == ([], {}, ["stale"])


def test_an_unchanged_snapshot_gives_nothing_and_moves_the_revision_on(tmp_path: Path) -> None:
    made = stateful(tmp_path)
    state = made.map(snapshot("issued", 1)).state
    same = made.map(snapshot("issued", 2), state)
    assert [one.why for one in same.ignored] == ["unchanged"]
    assert [one.revision for one in same.state.values()] == [2]


def test_several_snapshots_of_one_object_in_one_message_follow_each_other(tmp_path: Path) -> None:
    first, second = snapshot("issued", 1).body.decode(), snapshot("closed", 2).body.decode()
    assert kinds(stateful(tmp_path).map(Message(f"[{first}, {second}]".encode()))) == ["created", "issued", "closed"]


def test_a_faulty_snapshot_leaves_the_memory_as_it_was(tmp_path: Path) -> None:
    made = stateful(tmp_path)
    broken = made.map(snapshot("issued", 1, at="never"))
    assert (broken.events, broken.state, [one.reason for one in broken.letters]) == ([], {}, ["bad_time"])


def test_the_same_step_in_two_revisions_has_two_ids_and_the_same_snapshot_one(tmp_path: Path) -> None:
    made = stateful(tmp_path)
    held = made.map(snapshot("held", 1)).state
    first, again = made.map(snapshot("issued", 2), held), made.map(snapshot("issued", 2), held)
    later = made.map(snapshot("issued", 4), made.map(snapshot("held", 3), first.state).state)
    assert first.events[0].id == again.events[0].id
    assert first.events[0].id != later.events[0].id


def test_old_values_in_the_message_take_the_place_of_the_memory(tmp_path: Path) -> None:
    watch = {"status": {"now": "status.new", "before": "status.old"}}
    issued = {"issued": RULES["issued"]}
    made = mapping(tmp_path, small(messages__order__state={"watch": watch}, messages__order__rules=issued))
    body = '{"nr": "1", "id": "e", "at": "2026-01-02T03:04:05Z", "status": {"old": "%s", "new": "issued"}}'
    changed, same = made.map(Message((body % "draft").encode())), made.map(Message((body % "issued").encode()))
    assert (kinds(changed), changed.state) == (["issued"], {})
    assert [one.why for one in same.ignored] == ["unchanged"]


def test_kinds_that_share_only_an_abstract_base_remember_apart(tmp_path: Path) -> None:
    base = {"abstract": True, "key": {"type": "purchase_order", "id": "nr"}, "time": "at"}
    kinds_ = {
        name: {
            "like": "base",
            "accept": name,
            "state": {"watch": {"x": name}, "order": {"by": "rev"}},
            "rules": CREATED,
        }
        for name in ("left", "right")
    }
    made = mapping(tmp_path, small(messages={"base": base, **kinds_}))
    left = made.map(snapshot("", 5, left="a"))
    right = made.map(snapshot("", 1, right="b"), left.state)
    assert [kinds(one) for one in (left, right)] == [["created"], ["created"]]
    assert len({*left.state, *right.state}) == 2


def test_kinds_like_an_abstract_one_with_state_remember_together(tmp_path: Path) -> None:
    state = {"watch": {"x": "$x"}, "order": {"by": "rev"}}
    base = {"abstract": True, "key": {"type": "purchase_order", "id": "nr"}, "time": "at", "state": state,
            "let": {"x": "=nothing"}, "rules": CREATED}  # fmt: skip
    shapes = {name: {"like": "base", "accept": name, "let": {"x": name}} for name in ("left", "right")}
    made = mapping(tmp_path, small(messages={"base": base, **shapes}))
    first = made.map(snapshot("", 5, left="a"))
    assert [one.why for one in made.map(snapshot("", 6, right="a"), first.state).ignored] == ["unchanged"]


def test_a_missing_key_names_the_kind_the_record_and_the_item(tmp_path: Path) -> None:
    text = small(
        messages__order__identity=None,
        messages__order__state={"watch": {"x": "x"}, "order": {"by": "rev"}},
        messages__order__for_each="items",
    )
    item = '{"nr": "%s", "rev": 1, "at": "2026-01-02T03:04:05Z"}'
    body = f'[{{"items": [{item % 1}]}}, {{"items": [{item % 2}, {item % ""}]}}]'
    (letter,) = mapping(tmp_path, text).map(Message(body.encode())).letters
    assert letter.detail == "small: record 1, item 1: order, key: the key is missing or empty"


def test_a_missing_revision_is_a_dead_letter(tmp_path: Path) -> None:
    outcome = stateful(tmp_path).map(snapshot("issued", "new"))
    assert [one.reason for one in outcome.letters] == ["no_revision"]
