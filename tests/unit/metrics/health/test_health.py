"""Retry policies against their flow's criticality, and versions of contracts."""

from pathlib import Path

import pytest

from metrics.definitions.beside import checked
from metrics.definitions.load import load
from metrics.definitions.mistakes import DefinitionsError
from metrics.health.drift import declared_versions, spoken
from metrics.health.policy import judge, read_interfaces_file, read_or_shipped
from metrics.health.suppliers import _slas_of, supplier_slas
from metrics.queries.health_rows import ContractVersion, Operation
from metrics.words import HOUR, SECOND

DECLARED = read_interfaces_file()


def operation(interface: str = "s4_to_bank", failed: int = 100, through: int = 100, attempts: int = 4,
              shortest: int = SECOND, longest: int = 60 * SECOND) -> Operation:  # fmt: skip
    waits = (shortest, shortest, longest)
    return Operation(
        interface,
        "POST",
        "client",
        "hub",
        1000,
        150,
        1.0,
        1.0,
        1.0,
        50,
        failed,
        through,
        failed - through,
        attempts,
        *waits,
    )


def test_retries_that_bring_nearly_all_through_fit_a_critical_flow() -> None:
    verdict = judge(operation(through=99), DECLARED)
    assert (verdict.level, verdict.fits, verdict.faults) == ("critical", True, ())


def test_the_same_retries_fit_one_flow_and_not_another() -> None:
    assert judge(operation("nightly_files", through=85, attempts=1), DECLARED).fits
    assert judge(operation("something_else", through=85, attempts=1), DECLARED).level == "standard"
    assert judge(operation(through=85, attempts=2), DECLARED).faults == (
        "15 of 100 failed messages never got through",
        "given up after 2 tries, 3 are declared",
    )


def test_no_pause_and_too_long_a_wait_are_faults() -> None:
    verdict = judge(operation(shortest=3_000, longest=2 * HOUR), DECLARED)
    assert verdict.faults == (
        "tried again after 3 ms, 200ms are declared",
        "tried again only after 120 min, 1h are declared",
    )


def test_where_nothing_failed_nothing_is_said() -> None:
    assert judge(operation(failed=0, through=0), DECLARED).fits is None


def test_a_file_beside_the_definitions_replaces_the_shipped_one(tmp_path: Path) -> None:
    file = tmp_path / "interfaces.yaml"
    level = "{attempts: 1, pause: 1s, within: 1h, through: 0.5}"
    file.write_text(f"levels: {{mild: {level}}}\notherwise: mild\n")
    assert read_interfaces_file(tmp_path).level_of("s4_to_bank") == "mild"


@pytest.mark.parametrize(
    "wrong", ["otherwise: strict", "otherwise: mild\ninterfaces: {a: harsh}", "otherwise: mild\nx: 1"]
)
def test_a_file_with_mistakes_is_refused(tmp_path: Path, wrong: str) -> None:
    level = "{attempts: 1, pause: 1s, within: 1h, through: 0.5}"
    (tmp_path / "interfaces.yaml").write_text(f"levels: {{mild: {level}}}\n{wrong}\n")
    with pytest.raises(DefinitionsError):
        read_interfaces_file(tmp_path)
    assert len(checked(tmp_path)) == 1
    assert read_or_shipped(tmp_path) == DECLARED


def test_drift_is_newer_older_mixed_or_without_a_contract() -> None:
    declared = declared_versions(["a.b.v1", "a.b.v2", "a.c.v1", "odd"])
    assert declared == {"a.b": 2, "a.c": 1}
    told = [("s", "a.b", 2), ("t", "a.b", 1), ("u", "a.b", 1), ("u", "a.b", 2), ("s", "a.c", 2), ("s", "z", 0)]
    found = {
        (one.source, one.stem): one.drift for one in spoken((ContractVersion(*row, 1, 0, 0) for row in told), declared)
    }
    assert found == {
        ("s", "a.b"): "",
        ("t", "a.b"): "behind: the contract is v2",
        ("u", "a.b"): "several versions at once",
        ("s", "a.c"): "v2 is newer than the contract, v1",
        ("s", "z"): "no contract",
    }


def test_a_definition_is_parsed_once_however_often_suppliers_are_asked_about() -> None:
    texts = [one.text for one in load().loaded]
    first = supplier_slas(texts)
    parsed = _slas_of.cache_info().misses
    assert supplier_slas([*texts, "process: ["]) == first
    assert _slas_of.cache_info().misses == parsed + 1
    assert ("requisition_to_pay", "delivery") in zip(first["processes"], first["slas"], strict=True)
