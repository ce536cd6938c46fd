"""OpenSLO: what is written keeps to the specification, and what is read tells all that has no place."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from metrics.definitions.load import load
from metrics.definitions.registry import Catalogue
from metrics.objectives.openslo import documents, written
from metrics.objectives.openslo_documents import Unreadable
from metrics.objectives.openslo_reading import read

NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,253}[a-z0-9])?\Z")
LABEL = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,61}[a-zA-Z0-9]\Z")
SHORTHAND = re.compile(r"[1-9][0-9]*[mhdwMQY]\Z")


@cache
def shipped() -> Catalogue:
    return load()


@cache
def exported() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(written(documents(shipped()))))


def inside(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of a document, itself included."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from inside(each)


def foreign(**spec: Any) -> str:
    """An SLO that another tool wrote; `spec` replaces parts of it."""
    document = {
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": {
            "name": "fast-approval",
            "annotations": {"flowglass.process": "requisition_to_pay", "flowglass.sla": "approval"},
        },
        "spec": {
            "service": "procurement",
            "indicatorRef": "approvals",
            "timeWindow": [{"duration": "4w", "isRolling": True}],
            "budgetingMethod": "Occurrences",
            "objectives": [{"targetPercent": 92.5}],
        },
    }
    document["spec"] = {key: value for key, value in (document["spec"] | spec).items() if value is not None}  # type: ignore[operator]
    return yaml.safe_dump(document)


def test_every_objective_is_an_slo_of_the_service_of_its_process() -> None:
    found = exported()
    services = {one["metadata"]["name"] for one in found if one["kind"] == "Service"}
    slos = [one for one in found if one["kind"] == "SLO"]
    assert len(slos) == sum(len(one.slas) for one in shipped().definitions)
    assert {one["spec"]["service"] for one in slos} == services
    assert len({one["metadata"]["name"] for one in slos}) == len(slos)


def test_what_is_written_keeps_to_the_specification() -> None:
    for document in exported():
        assert set(document) == {"apiVersion", "kind", "metadata", "spec"}
        assert document["apiVersion"] == "openslo/v1"
        for one in inside(document):
            if "metadata" in one:
                assert NAME.match(one["metadata"]["name"])
                marks = one["metadata"].get("labels", {}) | one["metadata"].get("annotations", {})
                assert all(LABEL.match(key) and LABEL.match(value) for key, value in marks.items())
            if isinstance(one.get("description"), str):
                assert 0 < len(one["description"]) <= 1050


def test_an_slo_has_what_the_specification_asks_for() -> None:
    targets = [one["metadata"]["name"] for one in exported() if one["kind"] == "AlertNotificationTarget"]
    for spec in (one["spec"] for one in exported() if one["kind"] == "SLO"):
        assert spec["budgetingMethod"] == "Occurrences"
        (window,), (aim,) = spec["timeWindow"], spec["objectives"]
        assert window["isRolling"] is True
        assert SHORTHAND.match(window["duration"])
        assert 0 < aim["target"] < 1
        ratio = spec["indicator"]["spec"]["ratioMetric"]
        assert set(ratio) == {"counter", "good", "total"}
        assert all(isinstance(ratio[end]["metricSource"]["spec"], dict) for end in ("good", "total"))
        for policy in spec["alertPolicies"]:
            (condition,), (told,) = policy["spec"]["conditions"], policy["spec"]["notificationTargets"]
            assert told["targetRef"] in targets
            burn = condition["spec"]["condition"]
            assert (burn["kind"], burn["op"]) == ("burnrate", "gte")
            assert SHORTHAND.match(burn["lookbackWindow"])
            assert SHORTHAND.match(burn["alertAfter"])


def test_an_slo_of_another_tool_becomes_an_objective_and_the_rest_is_told() -> None:
    sli = (
        "apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: approvals}\nspec: {thresholdMetric: {metricSource: {}}}\n"
    )
    (taken,), left = read(f"{foreign()}---\n{sli}", shipped())
    assert (taken.process, taken.sla.name) == ("requisition_to_pay", "approval")
    assert (taken.sla.objective.share, taken.sla.objective.window_days) == (0.925, 28)
    assert taken.is_change
    assert [one.place for one in left] == ["spec.indicator.metadata.name", "spec.indicator.spec.thresholdMetric"]


def test_an_indicator_that_nobody_names_is_told() -> None:
    sli = "apiVersion: openslo/v1\nkind: SLI\nmetadata: {name: other}\nspec: {}\n"
    _, left = read(f"{foreign()}---\n{sli}", shipped())
    assert [(one.document, one.place) for one in left] == [
        ("SLO fast-approval", "spec.indicatorRef"),
        ("SLI other", ""),
    ]


@pytest.mark.parametrize(
    ("part", "why"),
    [
        ({"budgetingMethod": "Timeslices"}, "Flowglass counts cases"),
        ({"timeWindow": [{"duration": "1M", "isRolling": True}]}, "no whole number of days"),
        ({"timeWindow": [{"duration": "1d", "calendar": {}, "isRolling": False}]}, "follows the calendar"),
        ({"timeWindow": None}, "exactly one timeWindow"),
        ({"objectives": [{"target": 0.9}, {"target": 0.8}]}, "exactly one objective"),
        ({"objectives": [{"target": 0.9, "targetPercent": 90}]}, "either target or targetPercent"),
        ({"objectives": [{"target": 1}]}, "between 0 and 1"),
        ({"objectives": [{"target": True}]}, "between 0 and 1"),
        ({"objectives": [{"target": "much"}]}, "between 0 and 1"),
        ({"timeWindow": [{"duration": "9999d", "isRolling": True}]}, "objective.window_days"),
    ],
)
def test_what_cannot_become_an_objective_says_why(part: dict[str, Any], why: str) -> None:
    taken, left = read(foreign(**part), shipped())
    assert taken == []
    assert [one.place for one in left] == [""]
    assert why in left[0].why


def test_an_slo_that_names_nothing_of_ours_says_what_to_add() -> None:
    lost = foreign().replace("flowglass.sla", "other.sla")
    assert "add the annotations flowglass.process and flowglass.sla" in read(lost, shipped())[1][0].why
    near = foreign().replace("approval\n", "aproval\n")
    assert "has no SLA 'aproval'" in read(near, shipped())[1][0].why
    assert "unknown process" in read(foreign().replace("requisition_to_pay", "requisition"), shipped())[1][0].why


def test_other_versions_and_kinds_are_told() -> None:
    old = foreign().replace("openslo/v1", "openslo/v1alpha")
    assert read(old, shipped()) == ([], [("SLO fast-approval", "apiVersion", "only openslo/v1 is read")])
    source = "apiVersion: openslo/v1\nkind: DataSource\nmetadata: {name: prom}\nspec: {}\n"
    assert [one.document for one in read(source, shipped())[1]] == ["DataSource prom"]


@pytest.mark.parametrize("text", ["a: [", "a: &x 1\nb: *x", "- 1", "[" * 5000, "[" * 50_000, "- " * 50_000, "a: \x00"])
def test_text_that_is_no_openslo_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text, shipped())
