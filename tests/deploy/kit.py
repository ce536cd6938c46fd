"""docker-compose.yml as this project demands it: what a service must say, and in which form."""

import re
from pathlib import Path
from typing import Any

import msgspec
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
OURS = "flowglass:"
_VARIABLE = re.compile(r"\$\{(?P<name>[A-Z_]+)(?::-(?P<default>[^}]*)|:\?[^}]*)?\}")


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a container may take at most; a service without one of the three is refused."""

    cpus: str
    memory: str
    pids: int


class Resources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    limits: Limits


class Deploy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    resources: Resources


class Dependency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    condition: str


class Healthcheck(msgspec.Struct, frozen=True):
    test: tuple[str, ...]
    interval: str
    timeout: str
    retries: int
    start_period: str


class MountedSecret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    target: str


class Logging(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    driver: str
    options: dict[str, str]


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One service. Without a default: every service must say it; a word that is not here needs a reason and a test."""

    image: str
    cap_drop: tuple[str, ...]
    security_opt: tuple[str, ...]
    restart: str
    logging: Logging
    networks: tuple[str, ...]
    deploy: Deploy
    build: str = ""
    user: str = ""
    init: bool = False
    read_only: bool = False
    tmpfs: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    volumes: tuple[str, ...] = ()
    secrets: tuple[str | MountedSecret, ...] = ()
    ports: tuple[str, ...] = ()
    depends_on: dict[str, Dependency] = {}
    healthcheck: Healthcheck | None = None
    stop_grace_period: str = "10s"
    ulimits: dict[str, Any] = {}

    @property
    def secret_names(self) -> set[str]:
        return {one if isinstance(one, str) else one.source for one in self.secrets}

    @property
    def secret_paths(self) -> set[str]:
        """Where they are found inside the container."""
        return {f"/run/secrets/{one}" if isinstance(one, str) else one.target for one in self.secrets}

    @property
    def is_job(self) -> bool:
        """It ends by itself."""
        return self.restart == "no"


class SecretFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    file: str


class Network(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    internal: bool = False


class Kit(msgspec.Struct, frozen=True):
    name: str
    services: dict[str, Service]
    networks: dict[str, Network]
    volumes: dict[str, dict[str, str]]
    secrets: dict[str, SecretFile]

    @property
    def programs(self) -> dict[str, Service]:
        """The services that run our own image."""
        return {name: one for name, one in self.services.items() if one.image.startswith(OURS)}


def raw_kit() -> Any:
    """The file as YAML reads it, anchors merged."""
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))


def load_kit(raw: Any = None) -> Kit:
    """The file in its types. Raises msgspec.ValidationError for what a service fails to say, or says unasked."""
    return msgspec.convert(raw_kit() if raw is None else raw, Kit)


def variables_of(text: str) -> dict[str, str | None]:
    """The variables that a text takes from the environment; None for one without a default."""
    return {found["name"]: found["default"] for found in _VARIABLE.finditer(text)}


def filled(text: str) -> str:
    """A text with its variables' defaults put in."""
    return _VARIABLE.sub(lambda found: found["default"] or "", text)
