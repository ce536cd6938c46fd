"""The report on spend and labour: one page, the ledger's sums to the cent, the same bytes, names that steer nothing."""

from decimal import Decimal

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from metrics.ledger.asking import Asked
from metrics.ledger.overview import NothingToTell, month_of, newest_event, read_overview
from metrics.ledger.period import Period
from metrics.queries.restatement_rows import Restatement
from metrics.queries.spend_rows import SpendBlocked, SpendVacancies
from metrics.reports.periods import everywhere, month_in, span_of
from metrics.reports.spend_page import parts_of, room_left, spend_report
from metrics.reports.spend_tables import months, places
from metrics.reports.spend_words import headlines, smalls, summary
from metrics.texts.shown import humanised, utc
from metrics.words import DAY
from tests.fakes.paper import read_paper
from tests.fakes.spending import COST, DAYS, NEWEST, RATES, LedgerOf, Paid, held, overview_of

FACILITIES = ("north", "south", "")
PROCESSES = ("requisition_to_pay", "contingent_labour", "")
MONEY = st.decimals(-5000, 900_000, places=2).map(lambda value: format(value, "f"))
DOCUMENTS = st.lists(
    st.builds(
        Paid,
        st.sampled_from(("budget", "requested", "committed", "received", "invoiced", "paid", "worked")),
        MONEY,
        st.sampled_from(FACILITIES),
        st.sampled_from(PROCESSES),
        st.sampled_from(("2026-09", "2026-10", "2026-11")),
        st.integers(0, 1),
        st.just("0"),
        st.just("USD"),
    ),
    min_size=1,
    max_size=30,
)


class Plain:
    """Names as words, with nothing declared."""

    def process(self, name: str) -> str:
        return humanised(name) or "Not told"

    def deadline(self, _process: str, sla: str) -> str:
        return humanised(sla)

    def owner(self, _process: str, _sla: str, otherwise: str) -> str:
        return humanised(otherwise)


TITLES = Plain()
SOME = [Paid("committed", "100.10"), Paid("paid", "40.05"), Paid("budget", "500.00"), Paid("invoiced", "80.00", "west")]
CHANGE = Restatement(
    figure="money", process="", name="spend/committed", facility="", currency="USD", unit="month", start="2026-10-01",
    revision=1, noticed_us=NEWEST, before='{"documents": "1", "amount": "20.00", "hours": "0"}',
    after='{"documents": "1", "amount": "20.05", "hours": "0"}', causes=["late_event"], cause_counts=[1], changes=1,
    event_ids=[], case_processes=[], case_ids=[], late_us=0, detail="", simulated=1, total=1,
)  # fmt: skip


def cents(value: Decimal) -> str:
    return f"{value:,.2f}".replace("-", "−")


@settings(max_examples=4, deadline=None, phases=[Phase.generate])
@given(DOCUMENTS)
def test_every_sum_on_the_page_is_that_of_the_documents_to_the_cent(documents: list[Paid]) -> None:
    told = overview_of(LedgerOf(documents, spend_days=DAYS, spend_blocked=held(3)))
    paper = read_paper(spend_report(told, TITLES))
    assert (paper.pages, paper.size) == (1, (595.28, 841.89))
    assert any(
        text.startswith(f"Totals reconcile with {len(documents)} documents to the cent.") for text in paper.texts
    )
    for stage in ("requested", "committed", "received", "invoiced", "paid"):
        found = [Decimal(one.amount) for one in documents if one.stage == stage]
        if found:
            shown = f"{sum(found, Decimal(0)):,.2f} USD"
            assert shown in paper.texts, (stage, shown)
    *rows, whole = places(told, TITLES).rows
    for facility in {one.facility for one in documents}:
        name = humanised(facility) or "Not told"
        money = [Decimal(one.amount) for one in documents if (one.stage, one.facility) == ("committed", facility)]
        row = next(row for row in rows if row[0] == name)
        assert row[-3] == (cents(sum(money)) if money else "–")
    assert set(whole) - {"–"} <= set(paper.texts)


@settings(max_examples=20, deadline=None)
@given(DOCUMENTS)
def test_cells_of_the_table_add_up_to_its_last_row_and_column(documents: list[Paid]) -> None:
    table = places(overview_of(LedgerOf(documents)), TITLES)
    *rows, whole = [[value(text) for text in row[1:]] for row in table.rows]
    for column in range(len(whole) - 1):
        assert sum(row[column] for row in rows) == whole[column]
    for row in (*rows, whole):
        assert sum(row[:-3]) == row[-3]


def value(text: str) -> Decimal:
    return Decimal(0) if text == "–" else Decimal(text.replace(",", "").replace("−", "-"))


def test_the_same_figures_give_the_same_bytes() -> None:
    made = [spend_report(overview_of(LedgerOf(SOME, spend_blocked=held(2))), TITLES) for _ in range(2)]
    assert made[0] == made[1]
    assert b"D:20261120160000" in made[0]


def test_what_does_not_fit_is_put_together_and_the_page_stays_one() -> None:
    many = [
        Paid("committed", f"{n}.10", f"facility_{n % 20}", f"process_{n % 9}", f"202{5 + n % 2}-{n % 12 + 1:02}")
        for n in range(360)
    ]
    many += [Paid("budget", "900.00", f"facility_{n}", month="2026-05", labour=n % 2) for n in range(20)]
    told = overview_of(LedgerOf(many, spend_days=DAYS, spend_blocked=held(40), restatement_list=[CHANGE]))
    assert room_left(parts_of(told, TITLES)) >= 0
    paper = read_paper(spend_report(told, TITLES, "Executive"))
    assert paper.pages == 1
    table = places(told, TITLES)
    assert (table.heads[5], table.rows[-2][0]) == ("Other processes", "14 others")
    assert sum(value(row[-3]) for row in table.rows[:-1]) == sum(
        Decimal(one.amount) for one in many if one.stage == "committed"
    )
    assert "35 more causes with 315 cases." in paper.texts
    assert any("as Executive may see it" in text for text in paper.texts)


HOSTILE = ("\u202eevil", "a)Tj (b", "\\", "(", "x\r\nBT /F1 9 Tf", "=cmd()", "<script>", "Ärzte & Söhne", "Ελλάς")


@pytest.mark.parametrize("names", [HOSTILE[:5], HOSTILE[5:], ("東京", "x" * 400)])
def test_hostile_names_are_shown_and_steer_nothing(names: tuple[str, ...]) -> None:
    documents = [Paid("committed", f"{n}.07", name, name) for n, name in enumerate(names)]
    told = overview_of(LedgerOf([*SOME, *documents]))
    paper = read_paper(spend_report(told, TITLES, names[0]))
    assert paper.pages == 1
    for number, name in enumerate(names):
        assert f"{number}.07" in paper.texts
        if name.isprintable() and name.isascii() and len(name) < 20:
            assert humanised(name) in paper.texts
    assert all(text.isprintable() for text in paper.texts)
    assert (names[0] != "東京") == (not any("□" in text for text in paper.texts))


def test_a_restated_figure_is_told_at_the_head_and_at_its_number() -> None:
    told = overview_of(LedgerOf(SOME, restatement_list=[CHANGE]))
    paper = read_paper(spend_report(told, TITLES))
    assert "Restated by +0.05" in paper.texts
    head = "Restated: October 2026, committed, was 20.00 USD in 1 documents, is 20.05 USD in 1 documents."
    assert head in paper.texts
    assert head in summary(told, {})


def test_what_has_no_rate_is_in_no_sum_and_told_apart() -> None:
    told = overview_of(LedgerOf([*SOME, Paid("committed", "7.00", currency="CHF")]))
    texts = read_paper(spend_report(told, TITLES)).texts
    assert "100.10" in texts
    assert any("Without a rate, and in no sum: committed 7.00 CHF." in text for text in texts)


def test_budgets_without_a_rate_are_not_kept_and_the_mail_tells_them_apart() -> None:
    told = overview_of(LedgerOf([Paid("budget", "500.00", currency="CHF"), Paid("committed", "7.00")]))
    left = headlines(told)[0]
    assert (left.value, left.target, left.tone) == ("–", "None in USD", "warn")
    assert "Without a rate, and in no sum: budget 500.00 CHF." in summary(told, {})


def test_money_held_up_without_a_rate_stands_beside_what_has_one() -> None:
    blocked = [*held(1), SpendBlocked("requisition_to_pay", "approval", "ann", 2, 0, "CHF", "20")]
    told = overview_of(LedgerOf(SOME, spend_blocked=blocked))
    assert next(one.value for one in smalls(told) if one.title == "Held up") == "1,000.50 USD + 20.00 CHF"


def test_a_report_on_one_supplier_tells_neither_restatements_nor_what_is_held_up() -> None:
    told = overview_of(LedgerOf(SOME, restatement_list=[CHANGE], spend_blocked=held(2)), supplier="S-1")
    assert {one.changed for one in headlines(told)} == {""}
    assert "Restatements are told of the whole ledger only." in summary(told, {})
    assert next(one[1:] for one in smalls(told) if one.title == "Held up") == ("–", "Not told by this filter")
    paper = read_paper(spend_report(told, TITLES))
    assert "Not restated since" not in paper.texts
    assert "Not told by this filter." in paper.texts


def test_a_change_in_another_currency_alone_is_not_called_unchanged() -> None:
    other = msgspec.structs.replace(CHANGE, currency="CHF")
    told = overview_of(LedgerOf(SOME, restatement_list=[other]))
    assert [one.changed for one in headlines(told)] == ["Not restated since", "", *["Not restated since"] * 2]


def test_a_month_is_so_far_until_it_has_ended() -> None:
    reader = LedgerOf([Paid("committed", "1.00", month="2026-10")])
    for as_of, name in ((month_of(NEWEST, 2026, 10).as_of, "2026-10"), (NEWEST - 31 * DAY, "2026-10 so far")):
        told = read_overview(reader, Asked(Period(as_of, 30), everywhere(), RATES), COST, NEWEST)
        assert months(told)[0].row[0] == name


def test_open_positions_stand_with_their_declared_cost() -> None:
    told = overview_of(LedgerOf(SOME, spend_vacancies=[SpendVacancies("north", "icu", 3)]))
    assert "601.50 USD a day" in read_paper(spend_report(told, TITLES)).texts


def test_a_month_is_whole_when_it_is_over_and_refused_before_it_begins() -> None:
    october = month_of(NEWEST, 2026, 10)
    assert (utc(october.since + 1).isoformat(), utc(october.as_of + 1).isoformat()) == (
        "2026-10-01T00:00:00+00:00",
        "2026-11-01T00:00:00+00:00",
    )
    assert month_in("2026-11", NEWEST).as_of == NEWEST
    assert span_of("last_month", NEWEST, utc(NEWEST).date().replace(month=10)) == october
    assert span_of("12_months", NEWEST, utc(NEWEST).date()).months == 12
    with pytest.raises(NothingToTell, match="has not begun"):
        month_in("2026-12", NEWEST)
    with pytest.raises(ValueError, match="no month"):
        month_in("2026-13", NEWEST)


def test_without_a_document_there_is_nothing_to_tell() -> None:
    with pytest.raises(NothingToTell, match="no document"):
        overview_of(LedgerOf([]))

    class Empty(LedgerOf):
        def rows(self, name, row_type, /, **asked):  # type: ignore[no-untyped-def]
            return []

    with pytest.raises(NothingToTell, match="no case"):
        newest_event(Empty([]))
