"""One evaluator at a time."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from metrics.alerts.ownership import LEASE, Ownership
from metrics.alerts.rows import Lease
from metrics.commands.rows import StoreClock
from metrics.words import SECOND

Row = TypeVar("Row")


class FakeLeases:
    """The table of leases, and the store's clock."""

    def __init__(self) -> None:
        self.rows_: dict[tuple[int, str], dict[str, Any]] = {}
        self.now = 0
        self.before_next_insert: list[Any] = []

    def rows(self, name: str, row_type: type[Row], /, **_: object) -> list[Row]:
        if name == "cli_store_clock":
            return [StoreClock("test", self.now)]  # type: ignore[list-item]
        newest = sorted(self.rows_, key=lambda key: (-key[0], key[1]))[:1]
        found = [self.rows_[key] for key in newest]
        leases = [Lease(one["epoch"], one["holder"], one["released"], self.now - one["seen"]) for one in found]
        return leases  # type: ignore[return-value]

    def insert(self, table: str, columns: Mapping[str, Sequence[Any]], /) -> None:
        for act in self.before_next_insert:
            self.before_next_insert = []
            act()
        row = {name: values[0] for name, values in columns.items()}
        self.rows_[row["epoch"], row["holder"]] = row

    def claim(self, holder: str) -> Ownership:
        return Ownership(self, self, holder, lambda: self.now / SECOND)


def test_the_second_waits_until_the_first_is_not_seen_any_more() -> None:
    leases = FakeLeases()
    first, second = leases.claim("a"), leases.claim("b")
    assert first.take()
    assert not second.take()
    leases.now += LEASE - 1
    assert not second.take()
    assert not second.proves()
    leases.now += 1
    assert second.take()
    assert (first.proves(), second.proves()) == (False, True)
    assert second.epoch == 2


def test_an_owner_that_lives_keeps_its_lease() -> None:
    leases = FakeLeases()
    first, second = leases.claim("a"), leases.claim("b")
    assert first.take()
    for _ in range(5):
        leases.now += LEASE // 2
        assert first.renew()
        assert not second.take()


def test_an_owner_that_leaves_cleanly_is_followed_at_once() -> None:
    leases = FakeLeases()
    first, second = leases.claim("a"), leases.claim("b")
    first.take()
    first.release()
    assert second.take()
    assert not first.proves()


def test_of_two_that_take_the_same_epoch_at_once_one_holds_it() -> None:
    leases = FakeLeases()
    first, second = leases.claim("a"), leases.claim("b")
    took: list[bool] = []
    leases.before_next_insert = [lambda: took.append(first.take())]
    took.append(second.take())
    assert took == [True, False]
    assert (first.proves(), second.proves()) == (True, False)


def test_an_owner_that_stood_still_too_long_proves_nothing_even_if_nobody_followed() -> None:
    leases = FakeLeases()
    first = leases.claim("a")
    first.take()
    leases.now += LEASE
    assert not first.proves()
    assert not first.renew()
    assert first.take()
    assert first.epoch == 2


def test_what_a_follower_writes_always_wins() -> None:
    leases = FakeLeases()
    first, second = leases.claim("a"), leases.claim("b")
    first.take()
    old = [first.version() for _ in range(1000)]
    leases.now += LEASE
    second.take()
    assert second.version() > max(old) > min(old)
