from pathlib import Path

import pytest

from metrics.settings import SettingError, Settings, read_settings
from metrics.settings_reference import reference, reference_markdown


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings({}) == Settings()
    assert read_settings({"FLOWGLASS_PARTITIONS": ""}).partitions == 4


def test_variables_are_read_with_their_types() -> None:
    settings = read_settings(
        {"FLOWGLASS_STORE_URL": "http://h:1", "FLOWGLASS_PARTITIONS": "8", "FLOWGLASS_DEFINITIONS": "d"}
    )
    assert (settings.store_url, settings.partitions, settings.definitions) == ("http://h:1", 8, Path("d"))


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("FLOWGLASS_PARTITIONS", "four", "whole number"),
        ("FLOWGLASS_PARTITIONS", "0", "between 1 and 256"),
        ("FLOWGLASS_DASHBOARDS_PORT", "70000", "between 1 and 65535"),
        ("FLOWGLASS_TRACING", "jaeger", "none, console, file"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_what_would_do(name: str, value: str, hint: str) -> None:
    with pytest.raises(SettingError, match=rf"{name}.*{hint}"):
        read_settings({name: value})


def test_every_setting_is_documented_once() -> None:
    names = [setting.variable.name for setting in reference()]
    assert len(names) == len(set(names)) == len(Settings.__struct_fields__)
    markdown = reference_markdown()
    assert all(f"`{name}`" in markdown and name.startswith("FLOWGLASS_") for name in names)
    assert all(setting.variable.about for setting in reference())
