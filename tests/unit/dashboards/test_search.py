"""The search field: people are found by their real numbers, which no URL then holds."""

from dashboards.address import Address
from dashboards.search import destination, find
from metrics.queries.rows import Found
from tests.unit.dashboards.fake_reader import FakeReader

TOKEN = "k1~mfrggzdfmztwq2lk"


def names(text: str) -> list[str]:
    return [text, TOKEN]


def test_a_number_is_looked_for_as_it_is_and_by_its_token() -> None:
    reader = FakeReader()
    find(reader, "W-1", names)
    assert [asked["text"] for name, asked in reader.asked if name == "find"] == ["W-1", TOKEN]


def test_the_address_of_several_cases_holds_the_token() -> None:
    found = [Found("worker", TOKEN, "one", "A"), Found("worker", TOKEN, "two", "B")]
    url, _ = destination(found, "W-1", Address())
    assert "W-1" not in url
    assert "mfrggzdfmztwq2lk" in url


def test_a_number_that_is_stored_as_it_is_stays_in_the_address() -> None:
    found = [Found("invoice", "I-1", "one", "A"), Found("invoice", "I-1", "two", "B")]
    assert "q=I-1" in destination(found, "I-1", Address())[0]
