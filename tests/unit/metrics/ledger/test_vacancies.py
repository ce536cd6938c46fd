"""What an open position costs a day: declared, with its source, and mistakes told by line."""

from decimal import Decimal
from pathlib import Path

import pytest

from metrics.definitions.mistakes import DefinitionsError
from metrics.ledger.vacancies import load_vacancy_cost

OWN = (
    'version: 1\ncurrency: USD\na_day: "310.50"\nsource: Finance\ndated: "2026-01"\n'
    'departments: {intensive_care: "612"}\n'
)


def test_the_shipped_cost_names_its_source() -> None:
    shipped = load_vacancy_cost()
    assert shipped.everywhere == Decimal("222.52")
    assert "Bureau of Labor Statistics" in shipped.source


def test_a_file_of_ones_own_takes_the_shipped_ones_place(tmp_path: Path) -> None:
    (tmp_path / "vacancies.yaml").write_text(OWN)
    own = load_vacancy_cost(tmp_path)
    assert (own.a_day("intensive_care", 2), own.a_day("pharmacy", 2)) == (Decimal(1224), Decimal(621))


@pytest.mark.parametrize("wrong", ['a_day: "-1"', "a_day: much", "a_week: 7"])
def test_a_mistake_is_told_with_its_line(tmp_path: Path, wrong: str) -> None:
    (tmp_path / "vacancies.yaml").write_text(OWN.replace('a_day: "310.50"', wrong))
    with pytest.raises(DefinitionsError) as told:
        load_vacancy_cost(tmp_path)
    assert {one.line for one in told.value.mistakes} & {1, 3}
