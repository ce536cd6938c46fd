"""Why a number changed."""

from metrics.figures.causes import (
    CORRECTION,
    DEADLINE,
    DEFINITION,
    DUPLICATE,
    LATE,
    OVERTURNED,
    PLACED,
    UNKNOWN,
    UNLINKED,
    Taken,
    cause_of_case,
    cause_of_document,
)
from metrics.figures.parts import Move, Part
from metrics.figures.rules import load_figure_rules
from metrics.figures.wording import because, both

RULES = load_figure_rules()
CLOSED = 1_000
PART = Part(500, "north", "met", 0, 0, "", "", "", "", "1 aaaa", 0)
MOVE = Move("p", "C", "decided", "delivery", 2, 1, 0, PART, PART._replace(verdict="breached"), True, (("p", "C"),))
MONEY = Move("", "invoice/I/", "money", "spend/invoiced", 2, 1, 0, PART, PART._replace(amount="2"), True, ())


def taken(
    id: str = "e", type: str = "receipt.posted.v1", time: int = 400, withdrawn: bool = False, superseding: bool = False
) -> Taken:
    return Taken(id, type, time, 3_000, withdrawn, superseding)


def words(*events: Taken, move: Move = MOVE) -> tuple[str, ...]:
    return cause_of_case(move, events, RULES, CLOSED).words


def test_an_event_of_closed_time_is_late_and_tells_by_how_much() -> None:
    cause = cause_of_case(MOVE, [taken()], RULES, CLOSED)
    assert (cause.words, cause.event_ids, cause.late_us) == ((LATE,), ("e",), 2_600)


def test_ordinary_progress_beside_a_late_event_is_no_cause() -> None:
    assert cause_of_case(MOVE, [taken("a", time=2_000), taken("b")], RULES, CLOSED).event_ids == ("b",)


def test_each_kind_of_event_has_its_word_and_several_are_all_told() -> None:
    assert words(taken(type="receipt.reversed.v1", time=2_000)) == (CORRECTION,)
    assert words(taken(superseding=True)) == (CORRECTION,)
    assert words(taken(withdrawn=True)) == (UNLINKED,)
    assert words(taken(time=2_000)) == (OVERTURNED,)
    assert words(taken("a"), taken("b", type="receipt.reversed.v1")) == (LATE, CORRECTION)


def test_another_definition_is_a_cause_of_its_own() -> None:
    other = MOVE._replace(after=PART._replace(verdict="breached", definition="2 bbbb"))
    assert words(move=other) == (DEFINITION,)
    assert words(taken(time=2_000), move=other) == (DEFINITION,)
    assert words(taken(), move=other) == (LATE, DEFINITION)


def test_without_an_event_a_breach_was_judged_late_and_anything_else_is_told_as_unknown() -> None:
    assert words() == (DEADLINE,)
    assert words(move=MOVE._replace(after=None)) == (UNKNOWN,)
    assert "no cause was found" in because([UNKNOWN], [1], 0)


def test_a_document_that_is_gone_was_cancelled_or_counts_under_another_name() -> None:
    gone = MONEY._replace(after=None)
    assert cause_of_document(gone, [taken()], "cancel", RULES, CLOSED).words == (CORRECTION,)
    assert cause_of_document(gone, [], "post", RULES, CLOSED).words == (DUPLICATE,)
    assert cause_of_document(MONEY, [], "post", RULES, CLOSED).words == (PLACED,)
    assert cause_of_document(MONEY._replace(before=None), [taken()], "post", RULES, CLOSED).words == (LATE,)


def test_both_values_and_the_cause_read_as_a_sentence() -> None:
    said = '{"decided":"%d","met":"192","missed":"%d","closures":"204"}'
    assert both("sla", said % (204, 12), said % (205, 13)) == (
        "94.1 % (12 of 204 missed)",
        "93.7 % (13 of 205 missed)",
    )
    assert because([LATE], [1], 3 * 3_600_000_000) == "events of 1 case came 3 h late"
    assert both("cases", '{"opened":"1"}', "{}") == ("opened 1", "opened 0")
    told = '{"documents":"2","untold":"0","amount":"%s","hours":"0"}'
    assert both("money", "{}", told % "1234.5", "EUR") == ("nothing", "1,234.50 EUR in 2 documents")
