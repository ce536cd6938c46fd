"""docker-compose.yml keeps what docs/production.md promises. No Docker engine is needed for any of this."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from tests.deploy.kit import OURS, ROOT, Kit, filled, load_kit, raw_kit, variables_of
from tests.real.jars import VERSION as TESTED_KAFKA

SCHEMA = Path(__file__).with_name("compose-spec.json")
"""The Compose Specification's own schema (Apache-2.0), as compose-go 2.16.2 has it."""
PINNED = re.compile(r"[a-z0-9./-]+:v?\d+\.\d+\.\d+(\.\d+)?")
NOT_ASKED = {
    "collector": "its image holds nothing that could ask; Prometheus asks it",
    "folder": "it serves nothing; it ends where it can't go on",
}
WRITES_TO_ITS_IMAGE = {"kafka": "it writes its settings beside its programs when it starts"}
USER_OF_ITS_IMAGE = {"kafka": "appuser"}
PUBLISHED = {"dashboards": "8050", "gateway": "8060", "grafana": "3000"}


@pytest.fixture(scope="module")
def kit() -> Kit:
    return load_kit()


def test_the_file_is_what_the_compose_specification_describes() -> None:
    jsonschema.validate(raw_kit(), json.loads(SCHEMA.read_text()))


def test_every_image_is_pinned_to_a_version(kit: Kit) -> None:
    assert [one.image for one in kit.services.values() if not PINNED.fullmatch(one.image)] == []


def test_our_image_carries_the_version_of_the_package(kit: Kit) -> None:
    version = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert {one.image for one in kit.programs.values()} == {OURS + version[1]}
    assert {one.build for one in kit.programs.values()} == {"."}


def test_kafka_is_the_version_that_the_tests_run_on(kit: Kit) -> None:
    assert kit.services["kafka"].image == f"apache/kafka:{TESTED_KAFKA}"


def test_no_service_may_gain_rights(kit: Kit) -> None:
    for name, one in kit.services.items():
        assert one.cap_drop == ("ALL",), name
        assert one.security_opt == ("no-new-privileges:true",), name
        assert one.read_only or name in WRITES_TO_ITS_IMAGE, name
        assert (one.user and not one.user.startswith(("0", "root"))) or name in USER_OF_ITS_IMAGE, name


def test_logs_are_bounded_and_what_ends_by_mistake_starts_again(kit: Kit) -> None:
    for name, one in kit.services.items():
        assert {"max-size", "max-file"} <= one.logging.options.keys(), name
        assert one.restart in ("unless-stopped", "no"), name


def test_every_service_that_stays_is_asked_for_its_health(kit: Kit) -> None:
    unasked = {name for name, one in kit.services.items() if one.healthcheck is None and not one.is_job}
    assert unasked == set(NOT_ASKED)


def test_a_service_waits_for_health_where_there_is_some_and_for_the_end_of_jobs(kit: Kit) -> None:
    for name, one in kit.services.items():
        for other, dependency in one.depends_on.items():
            job = kit.services[other].is_job
            assert dependency.condition == ("service_completed_successfully" if job else "service_healthy"), name
            assert job or kit.services[other].healthcheck is not None, (name, other)


def test_only_three_services_are_published_and_only_on_this_machine(kit: Kit) -> None:
    published = {name: one.ports for name, one in kit.services.items() if one.ports}
    assert {name: [filled(port) for port in ports] for name, ports in published.items()} == {
        name: [f"127.0.0.1:{port}:{port}"] for name, port in PUBLISHED.items()
    }


def test_broker_and_store_reach_nothing_outside_and_are_reached_from_inside_alone(kit: Kit) -> None:
    assert kit.networks["inside"].internal
    assert {kit.services[name].networks for name in ("kafka", "clickhouse", "prometheus")} == {("inside",)}
    named = {network for one in kit.services.values() for network in one.networks}
    assert named == set(kit.networks)


def test_every_secret_is_a_file_that_is_declared_once_and_used(kit: Kit) -> None:
    used = {secret for one in kit.services.values() for secret in one.secret_names}
    assert used == set(kit.secrets)
    assert {name: secret.file for name, secret in kit.secrets.items() if not secret.file.startswith("./secrets/")} == {}


def test_secrets_never_reach_git_or_an_image() -> None:
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {"/secrets/", "/.env", "/inbox/"} <= set(ignored)
    allowed = {line for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages, files = {"!metrics", "!streams", "!dashboards"}, {"!requirements.lock", "!pyproject.toml"}
    assert allowed == packages | files | {"!README.md", "!LICENSE"}


def test_a_setting_that_sounds_secret_names_a_file(kit: Kit) -> None:
    for name, one in kit.services.items():
        for variable, value in one.environment.items():
            if re.search(r"PASSWORD|SECRET|TOKEN|_KEYS?(_|$)|CREDENTIAL", variable):
                assert value in one.secret_paths, (name, variable)
            if files := re.findall(r"password_file=([^&]+)", value):
                assert set(files) <= one.secret_paths, (name, variable)
            assert not re.search(r"://[^/@]*:[^/@]*@", value), (name, variable)


def test_who_runs_our_programs_must_be_said(kit: Kit) -> None:
    assert {tuple(variables_of(one.user).items()) for one in kit.programs.values()} == {
        (("FLOWGLASS_UID", None), ("FLOWGLASS_GID", None))
    }


def test_what_is_mounted_lies_in_the_repository_or_is_declared(kit: Kit) -> None:
    for name, one in kit.services.items():
        for mount in one.volumes:
            source, _, rest = mount.partition(":")
            if not source.startswith("./"):
                assert source in kit.volumes, (name, mount)
            elif source != "./inbox":
                assert (ROOT / source).exists(), (name, mount)
                assert rest.endswith(":ro"), (name, mount)


def test_no_file_of_the_kit_holds_a_secret() -> None:
    tracked = [ROOT / "docker-compose.yml", ROOT / "Dockerfile", *(ROOT / "deploy").rglob("*")]
    for path in tracked:
        if path.is_file():
            text = path.read_text()
            assert not re.search(r"<password(_sha256_hex)?>[^$<]", text.replace("$(hash_of", "$")), path
            assert not re.search(r"(?i)password['\"]?\s*[:=]\s*['\"]?[a-z0-9]{3}", text), path
            assert "PRIVATE KEY" not in text, path


Break = Callable[[Any], object]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda services: services["worker-cases"].pop("cap_drop"), "cap_drop"),
        (lambda services: services["kafka"]["deploy"]["resources"]["limits"].pop("memory"), "memory"),
        (lambda services: services["grafana"].update(privileged=True), "privileged"),
        (lambda services: services["clickhouse"].update(network_mode="host"), "network_mode"),
    ],
)
def test_a_service_that_says_too_little_or_too_much_is_refused(broken: Break, says: str) -> None:
    raw = copy.deepcopy(raw_kit())
    broken(raw["services"])
    with pytest.raises(msgspec.ValidationError, match=says):
        load_kit(raw)
