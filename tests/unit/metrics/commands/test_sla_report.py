"""How an SLA stands against its objective."""

import math

import pytest

from metrics.commands.opened import present
from metrics.commands.rows import FeedClock, SlaCounts
from metrics.commands.sla import print_slas, read_due, read_reports, sla_json
from metrics.definitions.load import load
from metrics.queries.rows import DueClock
from metrics.words import DAY, HOUR
from tests.unit.metrics.commands.readers import FakeReader

CATALOGUE = load()
PROCESS = CATALOGUE.definitions[0]
SLA = PROCESS.slas[0]


def standing(met: int, missed: int, overdue: int, sla: str = SLA.name) -> SlaCounts:
    return SlaCounts(sla, met, missed, overdue, 1, 2, 3, math.nan, math.nan)


def test_an_open_case_past_its_deadline_counts_as_a_miss() -> None:
    reader = FakeReader(cli_standing=[standing(met=8, missed=1, overdue=1)])
    (report,) = read_reports(reader, PROCESS.process, CATALOGUE, wall=0)
    assert report.attainment == 0.8
    assert report.objective == SLA.objective
    assert report.budget_left == int(10 * (1 - SLA.objective) + 1e-9) - 2


def test_each_sla_is_judged_in_the_window_of_its_objective() -> None:
    rows = [standing(1, 0, 0, sla=rule.name) for rule in PROCESS.slas]
    reader = FakeReader(cli_standing=rows)
    reports = read_reports(reader, PROCESS.process, CATALOGUE, wall=0)
    assert [(one.sla, one.window_days) for one in reports] == [(rule.name, rule.window_days) for rule in PROCESS.slas]


def test_an_sla_without_a_definition_has_no_objective() -> None:
    (report,) = read_reports(FakeReader(cli_standing=[standing(1, 0, 0)]), "unheard_of", CATALOGUE, wall=0)
    assert (report.objective, report.budget_left, report.attainment) == (None, None, 1.0)


def test_nothing_decided_is_no_attainment_of_nought() -> None:
    (report,) = read_reports(FakeReader(cli_standing=[standing(0, 0, 0)]), PROCESS.process, CATALOGUE, wall=0)
    assert report.attainment is None


def test_those_that_run_out_first_come_first_over_all_processes(capsys: pytest.CaptureFixture[str]) -> None:
    def due(process: str, **_: object) -> list[DueClock]:
        left = {"a": 2 * HOUR, "b": HOUR}[process]
        return [DueClock(f"{process}-1", "s", "at_risk", "f", "d", "o", "st", 0, left, left, 0, 0, DAY, 1)]

    found = read_due(FakeReader(clocks_due=due), ["a", "b"], wall=0, top=5)
    assert [one.case_id for one in found] == ["b-1", "a-1"]
    assert [one.case_id for one in read_due(FakeReader(clocks_due=due), ["a", "b"], wall=0, top=1)] == ["b-1"]
    print_slas([], found, simulated=False)
    assert "no SLA clock has started" in capsys.readouterr().out
    assert sla_json([], found, simulated=True)["at_risk"][0]["left_seconds"] == 3600


def test_history_is_judged_at_its_watermark_and_a_live_feed_by_the_wall() -> None:
    history = FakeReader(cli_clock=[FeedClock("backfill", 5), FeedClock("end", 7)])
    assert present(history, "p", wall=100) == 7
    assert present(FakeReader(cli_clock=[FeedClock("live", 5), FeedClock("end", 7)]), "p", wall=100) == 100
    assert present(FakeReader(), "p", wall=100) == 100
