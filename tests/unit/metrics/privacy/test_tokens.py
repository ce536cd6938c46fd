"""Tokens: the same number gives the same one, whoever writes it; none gives a number."""

from hypothesis import given
from hypothesis import strategies as st

from metrics.privacy.tokens import Tokens
from tests.unit.metrics.privacy.ring import OLD, RING, ROTATED


def test_a_number_has_one_token_which_has_a_key_and_does_not_show_it() -> None:
    tokens = Tokens(RING)
    assert tokens.id("W-123") == tokens.id(" W-123 ") == Tokens(RING).id("W-123")
    assert tokens.id("W-123") != tokens.id("W-124")
    assert tokens.id("W-123").startswith("k1~")
    assert "123" not in tokens.id("W-123").removeprefix("k1~")


def test_another_key_gives_another_token() -> None:
    assert Tokens(RING).id("W-123") != Tokens(ROTATED).id("W-123")
    assert Tokens(ROTATED).earlier("W-123") == (Tokens(RING).id("W-123"),)


def test_what_a_number_is_used_for_makes_another_token() -> None:
    tokens = Tokens(RING)
    made = {tokens.id("12345678"), tokens.key("12345678"), tokens.value("12345678"), tokens.bank("12345678")[6:]}
    assert len(made) == 4


def test_what_is_only_compared_is_the_same_however_it_is_written() -> None:
    tokens = Tokens(RING)
    assert tokens.value("12-3456789") == tokens.value("123456789")
    assert tokens.value("ACME, Inc.") == tokens.value("Acme Inc")
    assert tokens.key("ACME, Inc.") != tokens.key("Acme Inc")


@given(st.text(max_size=40))
def test_a_token_of_a_token_is_itself(number: str) -> None:
    tokens = Tokens(RING)
    for make in (tokens.id, tokens.key, tokens.value, tokens.bank):
        assert make(make(number)) == make(number)


def test_what_only_looks_like_a_token_gets_one() -> None:
    foreign = "z9~" + "a" * 16
    assert Tokens(RING).id(foreign) != foreign


def test_of_a_bank_account_four_signs_stay_where_it_is_long_enough() -> None:
    tokens = Tokens(RING)
    assert tokens.bank("DE89 3704 0044 0532 0130 00").startswith("…3000~k1~")
    assert tokens.bank("DE89 3704 0044 0532 0130 00") == tokens.bank("de89370400440532013000")
    assert tokens.bank("1234").startswith("k1~")


def test_people_type_the_number_and_all_its_names_are_looked_for() -> None:
    tokens = Tokens(ROTATED)
    names = tokens.names_of(" W-123 ")
    assert names[:3] == ["W-123", tokens.id("W-123"), Tokens(RING).id("W-123")]
    assert tokens.names_of(names[1]) == [names[1]]
    assert len(tokens.names_of("0af7651916cd43dd8448eb211c80319c")) == 2


def test_a_snapshots_key_stays_the_same_after_a_rotation() -> None:
    assert Tokens(RING).state_key("workday|W-1") == Tokens(ROTATED).state_key("workday|W-1")
    assert OLD.id == "k1"
