"""What the columns of a table are taken for, and what follows when somebody says otherwise."""

import shlex

import pytest

from metrics.connecting.columns import Column, Role
from metrics.connecting.draft import Choices, Draft, chosen, guessed, missing
from metrics.connecting.event_types import event_type_of, object_in
from metrics.connecting.plan import plan_of
from metrics.connecting.preview import preview_of
from metrics.connecting.shell_lines import analyse_line, mapping_lines
from metrics.connecting.table import read_table
from metrics.connecting.times import time_in
from metrics.connecting.values import money_in
from metrics.vocabulary import load_vocabulary
from tests.unit.metrics.connecting.tables import HISTORY, INVOICES, ORDERS, RECEIPTS, STEPS, WORKERS

VOCABULARY = load_vocabulary()


def draft_of(table: tuple[str, bytes]) -> Draft:
    name, content = table
    return guessed(read_table(content, len(content)), name, VOCABULARY)


def by_name(draft: Draft) -> dict[str, Column]:
    return {column.name: column for column in draft.columns}


def choose(draft: Draft, name: str, role: Role, **more: str) -> Draft:
    """The draft after somebody chose a role for a column."""
    place = by_name(draft)[name].place
    roles = [column.role for column in draft.columns]
    roles[place] = role
    ofs, forms = (tuple(getattr(column, word) for column in draft.columns) for word in ("of", "form"))
    settings = {"name": draft.name, "zone": draft.zone, "currency": draft.currency, **more}
    return chosen(draft, Choices(tuple(roles), ofs, forms, {}, changed=place, **settings), VOCABULARY)


@pytest.mark.parametrize(
    ("table", "roles"),
    [
        (ORDERS, "case object time object amount leave attribute"),
        (INVOICES, "case object object attribute time time time amount currency actor leave"),
        (STEPS, "case activity time start actor"),
        (WORKERS, "case leave leave time object attribute"),
        (RECEIPTS, "case object time attribute leave"),
        (HISTORY, "case object activity time number"),
    ],
    ids=["orders", "invoices", "steps", "workers", "receipts", "history"],
)
def test_the_roles_of_real_shaped_exports_are_guessed(table: tuple[str, bytes], roles: str) -> None:
    assert " ".join(column.role for column in draft_of(table).columns) == roles


def test_every_guess_says_why_and_how_sure_it_is() -> None:
    for table in (ORDERS, INVOICES, STEPS, WORKERS, RECEIPTS, HISTORY):
        assert all(column.reason and column.confidence for column in draft_of(table).columns)


def test_personal_data_is_left_out_by_name_and_by_value() -> None:
    columns = by_name(draft_of(WORKERS))
    assert columns["SSN"].personal
    assert columns["Employee Name"].personal
    assert by_name(draft_of(ORDERS))["Requester Email"].personal


@pytest.mark.parametrize(
    ("values", "form", "precision", "sure"),
    [
        (["2026-01-02", "2026-01-03"], "iso", "", True),
        (["2026-01-02T00:00:00", "2026-01-03T00:00:00", "2026-01-05T00:00:00"], "iso", "day", True),
        (["03.02.2026 10:00"], "dmy", "", True),
        (["03/02/2026", "04/05/2026"], "dmy", "", False),
        (["03/25/2026", "04/05/2026"], "mdy", "", True),
        (["03/02/2026 10:00 AM"], "mdy", "", False),
        (["2026/01/05 08:00:00.000"], "%Y/%m/%d %H:%M:%S.%f", "", True),
        (["5 Jan 2026", "17 Feb 2026"], "%d %b %Y", "", True),
        (["20260105", "20261231"], "%Y%m%d", "", True),
        (["1770000000"], "epoch_s", "", True),
        (["1770000000000"], "epoch_ms", "", True),
        (["/Date(1709078400000)/"], "odata", "", True),
    ],
    ids=str,
)
def test_forms_of_times_are_found(values: list[str], form: str, precision: str, sure: bool) -> None:
    found = time_in(values)
    assert found is not None
    assert (found.form, found.precision, found.sure) == (form, precision, sure)


@pytest.mark.parametrize("values", [["4711", "4712"], ["north"], ["12.5", "13"], ["1.2.3"], ["99/99/2026"], []])
def test_what_is_no_time_is_none(values: list[str]) -> None:
    assert time_in(values) is None


@pytest.mark.parametrize(
    ("values", "form", "symbol", "sure"),
    [
        (["1234.50", "7"], "point", "", True),
        (["1,234.50", "7.10"], "comma_groups", "", True),
        (["1.234,50", "7,10"], "point_groups", "", True),
        (["1234,50", "7,10"], "comma", "", True),
        (["1 234,50", "99,00"], "space_groups", "", True),
        (["$1,200.00", "-$12.00"], "comma_groups", "$", True),
        (["12,50 €"], "comma", "€", True),
        (["EUR 12.50"], "point", "EUR", True),
        (["1,234", "5,678"], "comma_groups", "", False),
    ],
    ids=str,
)
def test_forms_of_money_are_found(values: list[str], form: str, symbol: str, sure: bool) -> None:
    found = money_in(values)
    assert found is not None
    assert (found.form, found.symbol, found.sure) == (form, symbol, sure)


@pytest.mark.parametrize(
    ("step", "case", "type_"),
    [
        ("Create Purchase Order", "", "purchase_order.created.v1"),
        ("purchase_order.issued.v1", "", "purchase_order.issued.v1"),
        ("Invoice paid", "", "invoice.paid.v1"),
        ("Approved", "requisition", "requisition.approved.v1"),
        ("GRN posted", "", "goods_receipt.posted.v1"),
        ("Pay invoice", "purchase_order", "invoice.paid.v1"),
        ("Choose the best option created", "requisition", ""),
        ("Coffee", "requisition", ""),
    ],
)
def test_the_words_of_a_step_mean_a_canonical_type(step: str, case: str, type_: str) -> None:
    assert event_type_of(step, case, VOCABULARY).type == type_


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("PO Number", "purchase_order"),
        ("purchaseOrderId", "purchase_order"),
        ("Orders", "purchase_order"),
        ("Zone", ""),
    ],
)
def test_the_words_of_a_name_mean_an_object(name: str, kind: str) -> None:
    assert object_in(name, VOCABULARY) == kind


def test_another_case_column_takes_the_role_from_the_first() -> None:
    draft = choose(draft_of(ORDERS), "Requisition No", "case")
    columns = by_name(draft)
    assert (columns["Requisition No"].role, columns["Requisition No"].of) == ("case", "requisition")
    assert (columns["PO Number"].role, columns["PO Number"].of) == ("object", "purchase_order")
    assert columns["Requisition No"].confidence == "chosen"
    preview = preview_of(plan_of(draft, VOCABULARY))
    assert preview.first[0].events[0].objects[0].type == "purchase_order"


def test_what_is_missing_is_said_before_a_mapping_is_written() -> None:
    draft = draft_of(("log.csv", b"Case ID,Activity,Time\n1,Coffee,2026-01-01\n"))
    assert missing(draft, VOCABULARY) == ["Say what “Case ID” is the number of."]
    draft = draft_of(("some.csv", b"a,b\n1,2\n"))
    assert [sentence.split()[0] for sentence in missing(draft, VOCABULARY)] == ["Say", "Say"]


def test_an_amount_without_a_currency_is_an_attribute_until_one_is_chosen() -> None:
    draft = draft_of(("po.csv", b"PO Number,Created On,Net Amount\n1,2026-01-01,5.00\n"))
    assert preview_of(plan_of(draft, VOCABULARY)).first[0].events[0].attributes == {"net_amount": "5.00"}
    priced = choose(draft, "Net Amount", "amount", currency="CHF")
    (event,) = preview_of(plan_of(priced, VOCABULARY)).first[0].events
    assert event.amount is not None
    assert (event.amount.value, event.amount.currency) == ("5.00", "CHF")


def test_rows_that_say_the_same_again_are_counted() -> None:
    summary = preview_of(plan_of(draft_of(RECEIPTS), VOCABULARY)).summary
    assert (summary.events, summary.again) == (3, 1)


def test_a_row_that_will_be_a_dead_letter_says_which_column_and_why() -> None:
    preview = preview_of(plan_of(draft_of(INVOICES), VOCABULARY))
    assert [row.row.line for row in preview.dying] == [5, 6]
    assert "“Approved On”: 'bald' is not a time" in preview.dying[0].why
    assert "“Invoice No” is empty" in preview.dying[1].why


def test_the_commands_can_be_pasted_into_a_shell() -> None:
    name, content = STEPS
    draft = guessed(read_table(content.replace(b"Case ID", b"Case $(x) 'ID'"), len(content)), name, VOCABULARY)
    draft = choose(draft, "Case $(x) 'ID'", "case")
    words = shlex.split(analyse_line(draft, "-rf; my file.csv"))
    assert words[:5] == ["flowglass", "analyse", "./-rf; my file.csv", "--case", "Case $(x) 'ID'"]
    assert mapping_lines(draft, "a.csv")[0] == "flowglass mapping try requisitions.yaml a.csv"


def test_no_command_is_offered_where_a_name_holds_control_signs() -> None:
    assert analyse_line(draft_of(STEPS), "a\x1b[201~rm.csv") == ""
    assert analyse_line(draft_of(ORDERS), "a.csv") == ""
