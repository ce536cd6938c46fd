"""docker-compose.yml and the Dockerfile as Docker's own code reads them: compose-go and BuildKit, without an engine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.conftest import make_secrets
from tests.deploy.kit import COMPOSE, ROOT, load_kit
from tests.real import judging
from tests.real.building import ProgramUnavailable

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

DOCKERFILE = ROOT / "Dockerfile"


@pytest.fixture(autouse=True, scope="module")
def _judge() -> None:
    try:
        judging.program()
    except ProgramUnavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`.env` as deploy/make-secrets.sh makes it."""
    folder = tmp_path_factory.mktemp("kit")
    make_secrets(folder)
    return folder / ".env"


@pytest.fixture(scope="module")
def project(environment: Path) -> dict[str, Any]:
    return judging.compose(COMPOSE, environment)


def test_compose_resolves_the_file_into_every_service_with_its_limits(project: dict[str, Any]) -> None:
    kit = load_kit()
    assert set(project["services"]) == set(kit.services)
    for name, one in project["services"].items():
        limits = one["deploy"]["resources"]["limits"]
        assert limits["pids"] == kit.services[name].deploy.resources.limits.pids, name
        assert 2**28 <= int(limits["memory"]) <= 6 * 2**30, name
        assert 0 < limits["cpus"] <= 4, name
        assert one["cap_drop"] == ["ALL"], name
        assert not one.get("privileged"), name


def test_compose_mounts_secrets_as_files_and_names_every_volume(project: dict[str, Any]) -> None:
    assert {Path(one["file"]).parent for one in project["secrets"].values()} == {ROOT / "secrets"}
    named = {
        mount["source"]
        for one in project["services"].values()
        for mount in one.get("volumes", ())
        if mount["type"] == "volume"
    }
    assert named == set(project["volumes"])
    assert "" not in named, "an anonymous volume is lost with its container"


def test_compose_resolves_no_password_into_an_environment(project: dict[str, Any], environment: Path) -> None:
    secrets = environment.with_name("secrets")
    kept = [path.read_text().strip() for path in secrets.iterdir() if path.suffix != ".xml"]
    shown = yaml.safe_dump(project)
    assert len(kept) >= 5
    assert [secret for secret in kept if secret in shown] == []


def test_without_its_variables_compose_refuses_the_file(tmp_path: Path) -> None:
    empty = tmp_path / "env"
    empty.touch()
    with pytest.raises(judging.Refused, match=r"FLOWGLASS_UID.*make-secrets\.sh"):
        judging.compose(COMPOSE, empty)


Break = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (lambda kit: kit["services"]["alerts"]["depends_on"].update(nobody={"condition": "service_started"}), "nobody"),
        (lambda kit: kit["volumes"].pop("kafka"), "kafka"),
        (lambda kit: kit["secrets"].pop("store_reader"), "store_reader"),
        (lambda kit: kit["networks"].pop("outside"), "outside"),
        (lambda kit: kit["services"]["kafka"].update(healthcheck={"test": ["CMD", "x"], "interval": "soon"}), "soon"),
        (lambda kit: kit["services"]["kafka"].update(imagine="x"), "imagine"),
        (lambda kit: kit["services"]["migrate"]["depends_on"].update(topics={"condition": "healthy"}), "condition"),
    ],
)  # fmt: skip
def test_compose_refuses_a_file_that_names_what_is_not_there(
    broken: Break, says: str, environment: Path, tmp_path: Path
) -> None:
    kit = yaml.safe_load(COMPOSE.read_text())
    broken(kit)
    file = tmp_path / "docker-compose.yml"
    file.write_text(yaml.safe_dump(kit))
    with pytest.raises(judging.Refused, match=says):
        judging.compose(file, environment)


def test_buildkit_takes_the_dockerfile_and_warns_of_nothing() -> None:
    found = judging.dockerfile(DOCKERFILE)
    assert (found["error"], found["warnings"]) == (None, None)


def test_the_last_stage_holds_what_the_first_built_and_ends_as_an_ordinary_user() -> None:
    first, last = judging.dockerfile(DOCKERFILE)["stages"]
    assert first["name"] == "builder"
    assert last["base"] == first["base"]
    assert [one for one in last["commands"] if one.startswith("COPY")] == [
        f"COPY --from={first['name']} /opt/flowglass /opt/flowglass"
    ]
    users = [one.split()[1] for one in last["commands"] if one.startswith("USER")]
    assert users[-1].split(":")[0] not in ("0", "root")
    assert [one.split()[0] for one in last["commands"]][-2:] == ["ENTRYPOINT", "CMD"]


@pytest.mark.parametrize(
    ("line", "becomes", "rule"),
    [
        ('CMD ["--help"]', "CMD help", "JSONArgsRecommended"),
        ("WORKDIR /tmp", "ENV STORE_PASSWORD=1234\nWORKDIR /tmp", "SecretsUsedInArgOrEnv"),
        ("WORKDIR /build", "WORKDIR build", "WorkdirRelativePath"),
        ("AS builder", "as builder", "FromAsCasing"),
        ("USER 10001:10001", "USER $NOBODY", "UndefinedVar"),
    ],
)
def test_a_bad_habit_is_a_warning_that_names_its_rule(line: str, becomes: str, rule: str, tmp_path: Path) -> None:
    text = DOCKERFILE.read_text()
    assert line in text
    file = tmp_path / "Dockerfile"
    file.write_text(text.replace(line, becomes))
    assert rule in [one["ruleName"] for one in judging.dockerfile(file)["warnings"] or ()]


@pytest.mark.parametrize(
    ("line", "becomes", "says"),
    [("WORKDIR /tmp", "WORKDIRS /tmp", "unknown instruction: WORKDIRS"), ("ENTRYPOINT", "COPY a\nENTRYPOINT", "COPY")],
)
def test_a_mistake_ends_the_reading(line: str, becomes: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_text(DOCKERFILE.read_text().replace(line, becomes))
    with pytest.raises(judging.Refused, match=says):
        judging.dockerfile(file)
