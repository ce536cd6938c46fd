"""What the kit tells our own programs: commands, settings, keys and files that they take."""

from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from metrics.alerts.locate import load_alerts
from metrics.cli import GROUP
from metrics.settings import Settings, read_settings
from metrics.settings_reference import reference
from metrics.store.client import StoreUrl
from streams.gateway.command import known_systems
from streams.gateway.sender_file import read_senders
from tests.deploy.kit import ROOT, Service, filled, load_kit

PROGRAMS = load_kit().programs


def settings_of(service: Service) -> Settings:
    return read_settings({name: filled(value) for name, value in service.environment.items()})


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_command_is_one_that_the_command_line_takes(name: str) -> None:
    command, *arguments = PROGRAMS[name].command
    (entry,) = entry_points(group=GROUP, name=command)
    target = entry.load()
    app = target
    if not isinstance(target, typer.Typer):
        app = typer.Typer(add_completion=False)
        app.command()(target)
    parsed(typer.main.get_command(app), command, arguments)


def parsed(command: Any, name: str, arguments: list[str]) -> None:
    """Parse arguments down to the last subcommand without running anything. Raises a UsageError."""
    context = command.make_context(name, list(arguments))
    if isinstance(command, TyperGroup):
        below, found, rest = command.resolve_command(context, [*context._protected_args, *context.args])
        assert found is not None
        parsed(found, str(below), rest)


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_setting_is_one_that_there_is(name: str) -> None:
    known = {setting.variable.name for setting in reference()}
    given = {variable for variable in PROGRAMS[name].environment if variable.startswith("FLOWGLASS_")}
    assert given <= known
    settings_of(PROGRAMS[name])


def test_each_program_signs_on_as_the_least_that_it_needs() -> None:
    users = {name: _user(one) for name, one in PROGRAMS.items() if "FLOWGLASS_STORE_URL" in one.environment}
    assert users.pop("migrate") == ("flowglass_owner", "store_owner")
    assert users.pop("dashboards") == ("flowglass_reader", "store_reader")
    assert set(users.values()) == {("flowglass_writer", "store_writer")}
    with_keys = {name for name, one in PROGRAMS.items() if "privacy_keys" in one.secret_names}
    workers = {name for name in PROGRAMS if name.startswith("worker-")}
    assert with_keys == {"gateway", "folder"} | workers


def _user(service: Service) -> tuple[str, str]:
    url, _, file = service.environment["FLOWGLASS_STORE_URL"].partition("?password_file=/run/secrets/")
    assert service.secret_names >= {file}
    return StoreUrl.parse(url).user, file


def test_what_prometheus_asks_listens_beyond_its_own_container() -> None:
    for name in ("worker-cases", "worker-spans", "worker-sources", "worker-quality", "gateway", "alerts"):
        settings = settings_of(PROGRAMS[name])
        assert (settings.metrics_host, settings.metrics_port) == ("0.0.0.0", 9100), name


def test_the_kits_senders_and_alerts_are_read_without_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("0123456789abcdef")
    file = tmp_path / "gateway.yaml"
    text = (ROOT / "deploy/flowglass/gateway.yaml").read_text()
    file.write_text(text.replace("/run/secrets/gateway_token", str(tmp_path / "token")))
    (sender,) = read_senders(file, known_systems(Settings()), {})
    assert sender.name == "platform"
    plan, _, _ = load_alerts(Settings(alerts=ROOT / "deploy/flowglass/alerts.yaml"))
    assert list(plan.receivers) == ["manager"]
