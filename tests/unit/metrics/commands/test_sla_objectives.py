"""`flowglass sla` on objectives."""

import msgspec
import pytest

from metrics.commands.rows import FeedClock
from metrics.commands.sla import print_objectives, read_objectives
from metrics.definitions.load import load
from tests.unit.metrics.commands.readers import FakeReader
from tests.unit.metrics.objectives.scene import AIM, QUIET, outcomes

CATALOGUE = load()


def test_objectives_are_read_at_the_watermark_of_history(capsys: pytest.CaptureFixture[str]) -> None:
    bad = outcomes(QUIET + "1" * 12, overdue=2)
    reader = FakeReader(objective_outcomes=[bad], cli_clock=[FeedClock("backfill", 5)])
    (one,) = read_objectives(reader, AIM.process, CATALOGUE, wall=100)
    asked = dict(reader.asked)["objective_outcomes"]
    assert (asked["as_of"], asked["history"]) == (5, 1)
    assert len(asked["objectives"]) == len(asked["days"]) == len(CATALOGUE.by_name(AIM.process).slas)
    print_objectives([one])
    said = " ".join(capsys.readouterr().out.split())
    assert "fires for " in said
    assert "5.20 USD" in said
    content = msgspec.to_builtins(one)
    assert content["interval"]["low"] < content["attainment"] < content["interval"]["high"]
    assert [tier["tier"] for tier in content["tiers"]] == ["page", "ticket"]


def test_what_can_never_fire_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = read_objectives(FakeReader(objective_outcomes=[outcomes("01")]), AIM.process, CATALOGUE, wall=0)
    print_objectives([one])
    said = capsys.readouterr().out
    assert ("can't fire" in said) == any(not tier.can_fire for tier in one.tiers)
    print_objectives([])
    assert capsys.readouterr().out == ""
