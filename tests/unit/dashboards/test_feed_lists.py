"""Feeds and batches on the page Integrations, and what a silent feed does to the tiles of Operations."""

import pytest

from dashboards.address import Address
from dashboards.feed_cards import feed_cards
from dashboards.feed_lists import fill_batches, fill_feeds
from dashboards.filling import Empty
from dashboards.headline import lacking
from metrics.completeness.telling import mark
from tests.unit.dashboards.fake_reader import FakeReader
from tests.unit.dashboards.test_pages import request_for
from tests.unit.metrics.completeness.test_telling import COUPA, NOON, SHORT, SILENT, missing


def test_feeds_are_listed_worst_first_under_one_sentence() -> None:
    reader = FakeReader(completeness_standings=[COUPA, SHORT, SILENT])
    said, rows, _ = fill_feeds(reader, request_for(reader, Address(), []), lambda: NOON)
    assert said.startswith("Coupa has been silent since")
    assert [(row["feed"], row["status_word"]) for row in rows] == [
        ("Coupa", "Silent"), ("ERP", "Too little"), ("Coupa", "Complete"),
    ]  # fmt: skip


def test_batches_say_what_is_wrong_with_them() -> None:
    reader = FakeReader(completeness_standings=[COUPA], completeness_batches=[missing()])
    ((row,), _) = fill_batches(reader, request_for(reader, Address(), []))
    assert (row["status_word"], row["place"], row["stored"]) == ("Did not come", "north", "–")


def test_without_a_judge_the_cards_say_why_they_are_empty() -> None:
    reader = FakeReader()
    for fill in (fill_feeds, fill_batches):
        with pytest.raises(Empty, match="alerts run"):
            fill(reader, request_for(reader, Address(), []))


def test_no_number_of_breaches_stands_without_the_feed_that_is_silent() -> None:
    assert lacking(mark([COUPA], NOON)) == {}
    leaves = lacking(mark([COUPA, SILENT], NOON))
    assert leaves["breached/complete"].text == "1 of 2 feeds"
    assert "silent" in leaves["breached/note"].text


def test_the_cards_have_names_of_their_own() -> None:
    assert [each.id for each in feed_cards()] == ["feeds", "batches"]
