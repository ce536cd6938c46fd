"""Which mappings a program compiles, and when it hears of their mistakes."""

from pathlib import Path

import pytest

from metrics.definitions.mistakes import DefinitionsError
from streams.sources.shelf import load_systems
from tests.unit.streams.sources.written import small

Told = list[tuple[str, str]]


def note(told: Told) -> object:
    return lambda name, error: told.append((name, str(error.mistakes[0])))


def test_a_shipped_mapping_is_compiled_when_its_first_message_comes() -> None:
    systems = load_systems()
    assert "coupa" in systems
    assert not systems.compiled
    assert systems["coupa"] is systems["coupa"]
    assert list(systems.compiled) == ["coupa"]
    assert systems.get("cuopa") is None


def test_mappings_of_ones_own_are_compiled_at_once(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(small(), encoding="utf-8")
    (tmp_path / "coupa_north.yaml").write_text(
        "mapping: coupa_north\nextends: coupa\nsettings: {tenant: north}\n", encoding="utf-8"
    )
    systems = load_systems(tmp_path)
    assert sorted(systems.compiled) == ["coupa_north", "small"]
    assert {"coupa", "coupa_north", "small"} <= set(systems)


def test_one_with_mistakes_is_told_at_the_start_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(small(), encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("mapping: broken\nmessages: [\n", encoding="utf-8")
    told: Told = []
    systems = load_systems(tmp_path, note(told))  # type: ignore[arg-type]
    assert [name for name, _ in told] == ["broken"]
    assert "broken.yaml:3" in told[0][1]
    assert "broken" not in systems
    assert systems.get("broken") is None
    assert systems["small"].name == "small"
    with pytest.raises(DefinitionsError):
        load_systems(tmp_path)


def test_a_base_of_ones_own_that_is_broken_is_told_for_all_that_stand_on_it(tmp_path: Path) -> None:
    (tmp_path / "ariba.yaml").write_text("mapping: ariba\nmessages: [\n", encoding="utf-8")
    told: Told = []
    systems = load_systems(tmp_path, note(told))  # type: ignore[arg-type]
    assert {"ariba", "jaggaer"} <= {name for name, _ in told}
    assert "jaggaer" not in systems
    assert "coupa" in systems


def test_bases_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("mapping: one\nextends: two\n", encoding="utf-8")
    (tmp_path / "two.yaml").write_text("mapping: two\nextends: one\n", encoding="utf-8")
    told: Told = []
    load_systems(tmp_path, note(told))  # type: ignore[arg-type]
    assert sorted(name for name, _ in told) == ["one", "two"]


def test_the_owner_of_each_system_is_known_without_compiling_any(tmp_path: Path) -> None:
    systems = load_systems()
    owners = systems.owners()
    assert not systems.compiled
    assert set(owners) == set(systems)
    assert owners["interface_engine_fixed"] == systems["interface_engine_fixed"].owner
    assert {name: systems[name].owner for name in ("coupa", "jaggaer", "workday")}.items() <= owners.items()
