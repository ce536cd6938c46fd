"""Spend & labour as PDF over the interface: the store's sums, within the reach of who asks, noted."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from metrics.store.client import StoreClient
from tests.fakes.paper import read_paper
from tests.integration.api.conftest import Interface

pytestmark = pytest.mark.store
URL = "/api/v1/exports/spend"


def committed(filled: StoreClient, condition: str) -> str:
    money = "sum(toDecimal128(ifNull(amount, 0), 9)) AS money"
    (row,) = filled.rows(f"SELECT {money} FROM v_ledger WHERE stage = 'committed' AND {condition}")
    return f"{Decimal(row['money']):,.2f} USD"


def test_the_page_on_paper_tells_the_sums_of_the_store(api: FlaskClient, filled: StoreClient) -> None:
    answer = api.get(f"{URL}?period=180")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert 'filename="spend-and-labour.pdf"' in answer.headers["Content-Disposition"]
    paper = read_paper(answer.data)
    assert paper.pages == 1
    assert "Simulated data" in paper.texts
    assert committed(filled, "1") in paper.texts
    year = read_paper(api.get(f"{URL}?fiscal=2026").data).texts
    assert committed(filled, "1") in year
    north = read_paper(api.get(f"{URL}?period=180&facility=north").data).texts
    assert committed(filled, "facility = 'north'") in north
    assert "Facility: North" in north


def test_paper_as_of_an_instant_says_so(api: FlaskClient) -> None:
    def head(asked: str) -> datetime:
        texts = read_paper(api.get(f"{URL}?period=180{asked}").data).texts
        return datetime.strptime(
            next(one for one in texts if one.startswith("Data as of")), "Data as of %Y-%m-%d %H:%M UTC"
        )

    before = head("") - timedelta(days=1)
    assert head(f"&as_of={int(before.replace(tzinfo=UTC).timestamp()) * 1_000_000}") == before


def test_restatements_are_told_to_who_reaches_the_whole_ledger(guarded: Interface, filled: StoreClient) -> None:
    filled.command(
        "INSERT INTO published_figures (figure, name, currency, unit, start, said)"
        " VALUES ('money', 'spend/committed', 'USD', 'month', '2026-01-01', '{}')"
    )
    told = {who: read_paper(guarded.of(who).get(f"{URL}?period=180").data).texts for who in ("ada", "norah")}
    assert "No published figure of these months has been restated." in told["ada"]
    assert "Restatements are told of the whole ledger only." in told["norah"]
    assert "Not restated since" not in told["norah"]


def test_without_documents_and_with_wrong_words_it_is_refused_with_a_sentence(api: FlaskClient) -> None:
    nothing = api.get(f"{URL}?facility=nowhere")
    assert (nothing.status_code, nothing.json["detail"][:23]) == (404, "No document with money ")
    assert api.get(f"{URL}?month=2026-13").status_code == 400
    assert api.get(f"{URL}?month=2099-01").status_code == 404
    assert api.get(f"{URL}?period=-1").status_code == 400
    assert api.get(f"{URL}?fiscal=2026q5").status_code == 400


def test_paper_holds_the_reach_of_who_asks_and_is_noted(guarded: Interface, filled: StoreClient) -> None:
    norah = guarded.of("norah")
    texts = read_paper(norah.get(f"{URL}?period=180").data).texts
    assert committed(filled, "facility = 'north'") in texts
    assert "Children" not in texts
    assert any("as Procurement (North) may see it" in text for text in texts)
    of_others = norah.get(f"{URL}?period=180&facility=children")
    assert of_others.status_code == 404
    whole = read_paper(guarded.of("ada").get(f"{URL}?period=180").data).texts
    assert committed(filled, "1") in whole
    noted = [(line["who"], line["what"]) for line in guarded.audit.entries() if line["did"] == "exported"]
    assert ("norah", "spend pdf 180") in noted
    assert ("norah", "spend pdf 180 facility=children") in noted
    assert guarded.app.test_client().get(URL).status_code == 401
