"""The state of a page and its URL say the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.address import Address, parse

WORDS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60)


@given(
    process=WORDS,
    facility=WORDS,
    id=WORDS,
    follows=WORDS,
    period=st.none() | st.integers(0, 36_500),
    time=st.sampled_from(["net", "gross"]),
    metric=st.sampled_from(["cases", "median", "p90", "breached"]),
    paths=st.integers(0, 100),
)
def test_a_state_survives_the_round_trip_through_its_url(**fields: object) -> None:
    address = Address.model_validate(fields)
    assert parse(address.search()) == address


@pytest.mark.parametrize(
    "search",
    [
        "?period=-3",
        "?period=many",
        "?time=later",
        "?paths=101",
        "?list=everything",
        "?variant=1;drop",
        "?q=a%00b",
        "?unknown=1",
        "???",
    ],
)
def test_a_value_that_is_not_allowed_falls_back_to_its_default(search: str) -> None:
    assert parse(search) == Address()


def test_defaults_are_left_out_of_the_url() -> None:
    assert Address().search() == ""
    assert Address(process="p", time="net").search() == "?process=p"


def test_a_link_keeps_the_filters_and_drops_the_rest() -> None:
    address = Address(process="p", facility="north", has="x", paths=40, time="gross")
    assert address.link("/cases", list="open") == "/cases?process=p&facility=north&time=gross&list=open"


def test_an_overlong_query_string_is_refused_field_by_field() -> None:
    assert parse("?process=" + "x" * 5000) == Address()
