"""A card's five states, without a browser: what a callback answers in each."""

from typing import Any

import pytest
from dash import no_update
from werkzeug.exceptions import BadRequest

from dashboards.address import Address
from dashboards.filling import Empty, Request, answer, checked_count, checked_text
from dashboards.reading import KeepingReader
from dashboards.scope import Desk
from metrics.store.errors import StoreUnavailable
from tests.unit.dashboards.fake_reader import FakeReader


def respond(
    reader: FakeReader,
    was: str = "fg-card fg-is-loading",
    tick: int | None = None,
    fill: Any = None,
    address: Address | None = None,
) -> list[Any]:
    desk = Desk(KeepingReader(reader))
    outputs = [{"id": "x", "property": "children"}]
    return answer(
        desk,
        "card",
        address or Address(),
        tick,
        was,
        (),
        outputs,
        fill or (lambda request: [request.scope.size.process]),
    )


def test_a_first_answer_shows_values_and_clears_the_skeleton() -> None:
    assert respond(FakeReader()) == ["fg-card fg-is-ok", None, "requisition_to_pay"]


def test_a_tick_on_a_card_that_is_well_changes_values_only() -> None:
    assert respond(FakeReader(), "fg-card fg-is-ok", 4)[:2] == [no_update, no_update]


def test_nothing_to_show_says_why_and_offers_a_reset() -> None:
    def nothing(_request: Request) -> list[Any]:
        raise Empty("No case matches these filters.")

    state, message, value = respond(
        FakeReader(), fill=nothing, address=Address(process="requisition_to_pay", facility="moon")
    )
    assert state == "fg-card fg-is-empty"
    assert "No case matches these filters." in str(message)
    assert "?process=requisition_to_pay" in str(message)
    assert value is no_update


def test_a_reset_is_offered_only_where_it_changes_something() -> None:
    def nothing(_request: Request) -> list[Any]:
        raise Empty("No trace is linked to this case.")

    case = Address(process="requisition_to_pay", id="PR-1", trace="ab", time="gross")
    assert "Reset filters" not in str(respond(FakeReader(), fill=nothing, address=case)[1])
    narrowed = str(respond(FakeReader(), fill=nothing, address=case.with_(facility="moon"))[1])
    assert "?process=requisition_to_pay&time=gross&id=PR-1&trace=ab" in narrowed


def test_an_unknown_process_leads_back_to_the_known_ones() -> None:
    message = str(respond(FakeReader(), address=Address(process="gone"))[1])
    assert "no cases of the process" in message
    assert "href='?'" in message


def test_an_empty_store_tells_how_to_begin() -> None:
    message = str(respond(FakeReader(processes=[]))[1])
    assert "flowglass up" in message
    assert "Reset filters" not in message


def test_an_empty_store_is_empty_not_an_error() -> None:
    state, message, _ = respond(FakeReader(processes=[]))
    assert state == "fg-card fg-is-empty"
    assert "no cases yet" in str(message)


def test_a_question_that_is_not_answered_is_an_error_with_a_retry() -> None:
    reader = FakeReader()
    reader.problem = ValueError("syntax")
    state, message, _ = respond(reader)
    assert state == "fg-card fg-is-error"
    assert "Retry now" in str(message)


def test_cards_wait_for_a_store_that_is_away_without_a_word_of_error() -> None:
    reader = FakeReader()
    reader.problem = StoreUnavailable("refused")
    for was, tick in (("fg-card fg-is-loading", None), ("fg-card fg-is-ok", None), ("fg-card fg-is-error", 7)):
        state, message, value = respond(reader, was, tick)
        assert state == "fg-card fg-away fg-is-away"
        assert "Retry" not in str(message)
        assert value is no_update


def test_a_store_that_goes_away_leaves_old_values_and_says_nothing_in_the_card() -> None:
    reader = FakeReader()
    reader.problem = StoreUnavailable("refused")
    assert respond(reader, "fg-card fg-is-ok", 7) == ["fg-card fg-away fg-is-stale", None, no_update]


def test_a_question_that_is_not_answered_any_more_leaves_old_values_marked_stale() -> None:
    reader = FakeReader()
    reader.problem = ValueError("syntax")
    state, message, value = respond(reader, "fg-card fg-is-ok", 7)
    assert state == "fg-card fg-is-stale"
    assert "last known values" in str(message)
    assert value is no_update


@pytest.mark.parametrize("was", ["fg-is-error", "fg-away fg-is-away", "fg-away fg-is-stale"])
def test_a_card_in_trouble_wants_everything_on_the_next_tick(was: str) -> None:
    seen: list[bool] = []
    respond(FakeReader(), f"fg-card {was}", 8, lambda request: seen.append(request.ticked) or ["x"])
    assert seen == [False]


@pytest.mark.parametrize("value", [3, 1.5, True, [], {}, ["a"], {"a": 1}])
def test_a_callback_that_wants_a_text_refuses_anything_else(value: Any) -> None:
    with pytest.raises(BadRequest):
        checked_text(value)


@pytest.mark.parametrize("value", ["3", 1.5, [], {}])
def test_a_callback_that_wants_a_number_refuses_anything_else(value: Any) -> None:
    with pytest.raises(BadRequest):
        checked_count(value)
