"""Numbers, durations and names read as people write them."""

import pytest

from dashboards.wording import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    change,
    deed_words,
    duration,
    humanised,
    inline,
    interface_words,
    percent,
    short_duration,
    time_left,
    used_of,
    written,
)


@pytest.mark.parametrize(
    ("us", "words"),
    [
        (None, "–"),
        (180_000, "180 ms"),
        (12 * SECOND, "12.0 s"),
        (52 * MINUTE, "52 min"),
        (3 * HOUR + 20 * MINUTE, "3 h 20 min"),
        (21 * HOUR, "21 h"),
        (3 * DAY + 4 * HOUR, "3 d 4 h"),
        (-4 * DAY, "−4 d"),
        (1200 * DAY, "1,200 d"),
    ],
)
def test_a_duration_takes_its_two_largest_units(us: int | None, words: str) -> None:
    assert duration(us) == words


def test_a_passed_deadline_is_overdue_not_negative() -> None:
    assert time_left(-3 * HOUR) == "3 h overdue"
    assert time_left(3 * HOUR) == "3 h"


def test_use_and_target_are_told_in_one_unit() -> None:
    assert used_of(79 * HOUR, 70 * HOUR) == "79 h of 70 h"
    assert used_of(15 * HOUR, 7 * 24 * HOUR) == "15 h of 7 d"
    assert used_of(20 * MINUTE, 8 * HOUR) == "20 min of 8 h"


def test_short_durations_use_one_unit() -> None:
    assert [short_duration(us) for us in (4.2 * HOUR, 31 * DAY, 52 * MINUTE)] == ["4.2 h", "31 d", "52 min"]


def test_technical_names_become_words_and_names_of_people_stay() -> None:
    assert humanised("purchase_order.created.v1") == "Purchase order created"
    assert humanised("icu") == "ICU"
    assert humanised("Send Order") == "Send Order"


def test_a_name_within_a_sentence_keeps_its_acronym() -> None:
    assert [inline(name) for name in ("business_hours", "ap_desk", "Send Order")] == [
        "business hours",
        "AP desk",
        "send Order",
    ]


def test_nothing_to_divide_is_a_dash() -> None:
    assert percent(None) == "–"
    assert change(3, 3) == "unchanged"
    assert change(3, 5) == "▼ 2"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        ("4h", "4 h"),
        ("2wd", "2 working days"),
        ("1wd", "1 working day"),
        ("3d 4h 30m", "3 d 4 h 30 m"),
        ("2 wd", "2 working days"),
    ],
)
def test_a_duration_of_a_definition_reads_as_words(length: str, words: str) -> None:
    assert written(length) == words


def test_what_people_did_is_told_in_words_not_in_codes() -> None:
    assert [deed_words(deed) for deed in ("ack", "assign", "not_routed")] == ["Acknowledged", "Assigned", "Not routed"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("coupa_to_s4_order", "coupa → s4 order"),
        ("tax_lookup", "tax lookup"),
        ("Orders_v2", "Orders_v2"),
        ("a → b c", "a → b c"),
    ],
)
def test_an_interface_is_called_as_people_call_it(name: str, words: str) -> None:
    assert interface_words(name) == words
