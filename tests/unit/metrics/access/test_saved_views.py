"""Saved views: whose they are, who sees them, what is refused, and that nothing is half written."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from metrics.access.saved_views import LONGEST_ADDRESS, LONGEST_NAME, MOST_OF_ONE, Asker, SavedViews, ViewError

ANN, BOB, EVE = Asker("ann", "hr"), Asker("bob", "hr"), Asker("eve", "finance")


class Noted(list[tuple[str, str]]):
    """What was noted, in order."""

    def __call__(self, did: str, what: str) -> None:
        self.append((did, what))


@pytest.fixture
def views(tmp_path: Path) -> SavedViews:
    return SavedViews(tmp_path / "access" / "views.json")


def names(views: SavedViews, asker: Asker) -> list[str]:
    return [one.name for one in views.of(asker)]


def test_a_view_is_its_owners_alone_until_it_is_shared_with_the_role(views: SavedViews) -> None:
    noted = Noted()
    own = views.save(ANN, "Late hires", "/sla?process=onboarding", False, noted)
    assert (names(views, ANN), names(views, BOB), names(views, EVE), noted) == (["Late hires"], [], [], [])
    views.share(ANN, own.id, True, noted)
    assert (names(views, BOB), names(views, EVE)) == (["Late hires"], [])
    views.share(ANN, own.id, False, noted)
    assert names(views, BOB) == []
    assert [did for did, _ in noted] == ["shared a view", "no longer shares a view"]


def test_changes_of_a_shared_view_are_noted_before_they_count(views: SavedViews) -> None:
    noted = Noted()
    shared = views.save(ANN, "Late", "/sla", True, noted)
    views.rename(ANN, shared.id, "Later", noted)
    views.delete(ANN, shared.id, noted)
    assert noted == [
        ("shared a view", "Late: /sla"),
        ("renamed a shared view", "Late: Later"),
        ("deleted a shared view", "Later: /sla"),
    ]


def test_what_can_not_be_noted_does_not_happen(views: SavedViews) -> None:
    def refuse(_did: str, _what: str) -> None:
        raise OSError("the disk is full")

    kept = views.save(ANN, "Mine", "/sla", False, refuse)
    tries: list[Callable[[], object]] = [
        lambda: views.save(ANN, "Ours", "/sla", True, refuse),
        lambda: views.share(ANN, kept.id, True, refuse),
    ]
    for act in tries:
        with pytest.raises(OSError, match="full"):
            act()
    assert (names(views, ANN), names(views, BOB)) == (["Mine"], [])


def test_nobody_changes_what_another_owns(views: SavedViews) -> None:
    shared = views.save(ANN, "Late", "/sla", True, Noted())
    tries: list[Callable[[], object]] = [
        lambda: views.rename(BOB, shared.id, "Mine", Noted()),
        lambda: views.share(BOB, shared.id, False, Noted()),
        lambda: views.delete(BOB, shared.id, Noted()),
        lambda: views.begin_with(EVE, shared.id),
    ]
    for act in tries:
        with pytest.raises(ViewError, match="no such view"):
            act()
    assert names(views, BOB) == ["Late"]


def test_a_start_ends_with_its_view_and_with_its_being_shared(views: SavedViews) -> None:
    shared = views.save(ANN, "Late", "/sla", True, Noted())
    views.begin_with(BOB, shared.id)
    assert views.start(BOB) == shared
    views.share(ANN, shared.id, False, Noted())
    assert views.start(BOB) is None
    views.begin_with(ANN, shared.id)
    views.delete(ANN, shared.id, Noted())
    assert views.start(ANN) is None
    assert views.begin_with(BOB, "") is None


@pytest.mark.parametrize("name", ["", "  ", "x" * (LONGEST_NAME + 1), "a\u202eb", "a\x00b", "LATE  hires"])
def test_a_name_is_one_visible_line_that_its_owner_has_not_used(views: SavedViews, name: str) -> None:
    views.save(ANN, "Late hires", "/sla", False, Noted())
    with pytest.raises(ViewError, match=r"name of at most|already"):
        views.save(ANN, name, "/sla", False, Noted())
    views.save(BOB, "Late hires", "/sla", False, Noted())


def test_there_are_limits(views: SavedViews) -> None:
    with pytest.raises(ViewError, match="too long"):
        views.save(ANN, "long", "/" + "x" * LONGEST_ADDRESS, False, Noted())
    for number in range(MOST_OF_ONE):
        views.save(ANN, f"View {number}", "/sla", False, Noted())
    with pytest.raises(ViewError, match="delete one first"):
        views.save(ANN, "One more", "/sla", False, Noted())
    assert len(views.of(ANN)) == MOST_OF_ONE


def test_people_who_save_at_once_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "views.json"

    def save_five(who: str) -> None:
        own = SavedViews(file)
        for number in range(5):
            own.save(Asker(who, "hr"), f"View {number}", "/sla", False, Noted())

    at_once = [threading.Thread(target=save_five, args=(f"person{number}",)) for number in range(4)]
    for one in at_once:
        one.start()
    for one in at_once:
        one.join()
    assert [len(SavedViews(file).of(Asker(f"person{number}", ""))) for number in range(4)] == [5] * 4


def test_a_removed_account_leaves_nothing_to_the_next_of_its_name(views: SavedViews) -> None:
    own = views.save(ANN, "Late", "/sla", True, Noted())
    for asker in (ANN, BOB):
        views.begin_with(asker, own.id)
    views.forget("ann")
    assert (names(views, ANN), names(views, BOB), views.start(ANN), views.start(BOB)) == ([], [], None, None)


def test_a_broken_file_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "views.json"
    file.write_text("{")
    for act in (SavedViews(file).of, SavedViews(file).start):
        with pytest.raises(ViewError, match="can't be read"):
            act(ANN)
    with pytest.raises(ViewError, match="can't be read"):
        SavedViews(file).save(ANN, "Late", "/sla", False, Noted())
    assert file.read_text() == "{"


def test_the_file_is_for_its_owners_eyes_only(views: SavedViews, tmp_path: Path) -> None:
    views.save(ANN, "Late", "/sla", False, Noted())
    assert (tmp_path / "access" / "views.json").stat().st_mode & 0o077 == 0
