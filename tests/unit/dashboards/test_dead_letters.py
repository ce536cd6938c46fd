"""The page of dead letters, with a fake store."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from dashboards.address import Address, parse
from dashboards.dead_letter_counts import fill_groups, fill_tiles, fill_trend, grouped
from dashboards.dead_letter_detail import fill_detail
from dashboards.dead_letters import LetterDesk, link, list_page
from dashboards.figures.letter_trend import OTHERS, letter_trend
from dashboards.filling import Empty, Request, answer
from dashboards.pages.dead_letters import choices, fill_words
from metrics.queries.dead_letter_rows import LetterCount, LetterDetail, LetterRow, LetterStretch, PausedSource
from tests.unit.dashboards.fake_reader import DAY, NOW, FakeReader

COUNTS = [
    LetterCount("bad_time", "/coupa/default", "procurement", 50, 40, 3, 30, 45, 2),
    LetterCount("bad_time", "/workday/default", "workforce", 9, 9, 0, 9, 1, 1),
    LetterCount("malformed_xml", "/ariba/default", "procurement", 5, 0, 0, 0, 0, 0),
]
ROW = LetterRow("aa", NOW, "bad_time", "no time", "/coupa/default", "procurement", "died_again", "kept", 1, 51)
LETTER = LetterDetail(
    id="aa", ingested_us=NOW, reason="bad_time", detail="time: '99/99' is no time", source_name="/coupa/default",
    system="coupa", owner="procurement", topic="flowglass.native", partition=1, offset=7, origin="flowglass.native/1@i",
    position=7, bytes=412, excerpt='{"name": "Aaaaa"}', header_names=["fg-system"], header_values=["coupa"],
    state="new", replays=0, original="kept", sealed_until_us=NOW + DAY, simulated=1,
)  # fmt: skip


def request_for(reader: FakeReader, search: str = "", names: tuple[str, ...] = (), ticked: bool = False) -> Request:
    specs = [[{"id": {"leaf": "x", "name": name}} for name in names] for _ in range(3)]
    return Request(LetterDesk(reader).scope(parse(search)), ticked, 0, (), specs)


def words(part: Any) -> str:
    return json.dumps(part, default=lambda one: one.to_plotly_json())


def test_the_tiles_tell_what_waits_what_surges_and_what_only_senders_have() -> None:
    reader = FakeReader(dead_letter_counts=COUNTS, dead_letter_paused=[PausedSource("jaggaer", "limit", "", NOW)])
    names = ("waiting/value", "today/value", "today/status", "again/value", "lost/value", "paused/note", "paused")
    texts, _, links = fill_tiles(reader, request_for(reader, names=names))
    assert texts[:6] == ["49", "46", "Surge", "3", "10", "jaggaer"]
    assert links[6] == "/dead-letters?reason=source_paused"


def test_without_a_letter_the_tiles_say_none_and_the_lists_say_that_all_is_well() -> None:
    reader = FakeReader()
    texts, *_ = fill_tiles(reader, request_for(reader, names=("waiting/value", "waiting/status", "paused/note")))
    assert texts == ["0", "None", "no source went over its limit"]
    for fill in (fill_groups, fill_trend, fill_words, fill_detail):
        with pytest.raises(Empty, match=r"No message has come that|No dead letter waits"):
            fill(reader, request_for(reader))  # type: ignore[operator]
        with pytest.raises(Empty, match="No dead letter matches"):
            fill(reader, request_for(reader, "?team=finance"))  # type: ignore[operator]


def test_filters_narrow_the_counts_and_a_chosen_row_lets_go_again() -> None:
    reader = FakeReader(dead_letter_counts=COUNTS)
    reasons, _, sources, _, teams, _ = fill_groups(reader, request_for(reader, "?reason=bad_time"))
    assert [(row["name"]["text"], row["waiting"], row["letters"]) for row in reasons] == [("Bad time", "49", "59")]
    assert [row["name"]["text"] for row in sources] == ["/coupa/default", "/workday/default"]
    assert (reasons[0]["chosen"], reasons[0]["name"]["href"]) == (True, "/dead-letters")
    assert teams[0]["name"]["href"] == "/dead-letters?reason=bad_time&team=procurement"


def test_counts_are_put_together_by_any_of_the_three() -> None:
    assert [(one.name, one.letters, one.waiting) for one in grouped("team", COUNTS)] == [
        ("procurement", 55, 40),
        ("workforce", 9, 9),
    ]


def test_the_list_takes_its_filters_from_the_url_and_marks_the_chosen_letter() -> None:
    reader = FakeReader(dead_letter_list=[ROW])
    address = parse("?reason=bad_time&source=%2Fcoupa%2Fdefault&team=procurement&state=all&finding=aa&period=7")
    page = list_page(LetterDesk(reader), address, {"startRow": 0, "endRow": 100})
    assert page["rowCount"] == 51
    (row,) = page["rowData"]
    assert (row["case"], row["status_word"], row["chosen"]) == ("Bad time", "Died again", True)
    name, asked = reader.asked[-1]
    assert (name, asked["reason"], asked["source"], asked["owner"]) == (
        "dead_letter_list", "bad_time", "/coupa/default", "procurement",
    )  # fmt: skip
    assert (asked["state"], asked["days"]) == ("all", 7)


def test_a_state_that_is_none_means_what_waits() -> None:
    reader = FakeReader(dead_letter_list=[ROW])
    list_page(LetterDesk(reader), Address(state="'; DROP TABLE"), {"startRow": 0, "endRow": 1})
    assert reader.asked[-1][1]["state"] == ""


def test_the_detail_shows_place_owner_advice_masked_message_and_the_commands() -> None:
    reader = FakeReader(dead_letter_one=[LETTER])
    (panel,) = fill_detail(reader, request_for(reader, "?finding=aa"))
    told = words(panel)
    for part in ("flowglass.native, partition 1, offset 7", "Procurement", "Send RFC 3339", "fg-system: coupa"):
        assert part in told
    assert "flowglass dlq replay aa --dry-run" in told
    assert "source resume" not in told


def test_a_paused_source_is_resumed_before_its_letters_are_replayed() -> None:

    reader = FakeReader(dead_letter_one=[replace(LETTER, reason="source_paused")])
    (panel,) = fill_detail(reader, request_for(reader, "?finding=aa"))
    assert words(panel).index("flowglass source resume coupa") < words(panel).index("flowglass dlq replay aa")


@pytest.mark.parametrize(
    ("original", "said"), [("none", "The original was not kept."), ("expired", "The original was kept until")]
)
def test_without_an_original_no_command_is_offered(original: str, said: str) -> None:

    reader = FakeReader(dead_letter_one=[replace(LETTER, original=original)])
    (panel,) = fill_detail(reader, request_for(reader, "?finding=aa"))
    assert said in words(panel)
    assert "flowglass dlq replay" not in words(panel)


def test_a_letter_that_is_gone_says_so_and_the_first_is_shown_when_none_is_chosen() -> None:
    with pytest.raises(Empty, match="no longer there"):
        fill_detail(FakeReader(), request_for(FakeReader(), "?finding=zz"))
    reader = FakeReader(dead_letter_list=[ROW], dead_letter_one=[LETTER])
    fill_detail(reader, request_for(reader))
    assert reader.asked[-1] == ("dead_letter_one", {"id": "aa"})


def test_letters_show_although_no_case_exists_yet() -> None:
    reader = FakeReader(processes=[], dead_letter_list=[ROW])
    desk = LetterDesk(reader)
    state, _, said = answer(desk, "letter-list", Address(), None, "", (), [None], lambda one: fill_words(reader, one))
    assert (state, said) == ("fg-card fg-is-ok", "51 letters, newest first")


def test_the_trend_stacks_the_commonest_reasons_and_puts_the_rest_together() -> None:
    stretches = [LetterStretch(NOW - DAY, f"reason_{n}", 10 - n, NOW) for n in range(8)]
    figure = letter_trend(stretches, 28, hourly=False)
    assert [bar.name for bar in figure.data] == [*(f"Reason {n}" for n in range(5)), OTHERS]
    assert list(figure.data[-1].y) == [5 + 4 + 3]


def test_a_few_days_are_told_hour_by_hour() -> None:
    reader = FakeReader(dead_letter_trend=[LetterStretch(NOW, "bad_time", 1, NOW)])
    fill_trend(reader, request_for(reader, "?period=1"))
    assert reader.asked[-1][1]["hourly"] == 1
    fill_trend(reader, request_for(reader, "?period=28"))
    assert reader.asked[-1][1]["hourly"] == 0


def test_the_filters_offer_what_there_is_and_what_is_chosen() -> None:
    offered = choices(FakeReader(dead_letter_counts=COUNTS), Address(source="/gone"))
    assert [[one["value"] for one in control] for control in offered] == [
        ["bad_time", "malformed_xml"],
        ["/ariba/default", "/coupa/default", "/gone", "/workday/default"],
        ["procurement", "workforce"],
    ]


def test_a_link_to_other_filters_lets_go_of_the_chosen_letter() -> None:
    assert link(Address(finding="aa", team="hr"), reason="bad_time") == "/dead-letters?reason=bad_time&team=hr"
