"""Every setting of Flowglass, read from the environment here and nowhere else."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import msgspec

DEFAULT_DATABASE = "flowglass"
LOOPBACK = "127.0.0.1"


class SettingError(ValueError):
    """An environment variable has a value that can't be used; the message says which and what would do."""


class Variable(msgspec.Struct, frozen=True):
    """The environment variable behind a setting, and what it means."""

    name: str
    about: str
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a program is told from outside. Empty text means: not set."""

    store_url: Annotated[
        str,
        Variable(
            "FLOWGLASS_STORE_URL",
            "ClickHouse or the embedded front: `http(s)://[user@]host:port[?password_file=FILE]`",
        ),
    ] = "http://127.0.0.1:8123"
    database: Annotated[str, Variable("FLOWGLASS_DATABASE", "Database that holds Flowglass's tables")] = (
        DEFAULT_DATABASE
    )
    cluster: Annotated[
        str,
        Variable("FLOWGLASS_CLUSTER", "ClickHouse cluster; set, tables are replicated and created `ON CLUSTER`"),
    ] = ""
    broker: Annotated[
        str,
        Variable(
            "FLOWGLASS_BROKER_URL",
            "Kafka bootstrap servers: `host:port[,host:port]`, or with TLS and sign-on a URL as below",
        ),
    ] = "127.0.0.1:9092"
    partitions: Annotated[
        int, Variable("FLOWGLASS_PARTITIONS", "Partitions of the topics that Flowglass declares", least=1, most=256)
    ] = 4
    data_dir: Annotated[Path, Variable("FLOWGLASS_DATA_DIR", "Directory of the embedded stack: store, logs, notes")] = (
        Path(".flowglass")
    )
    broker_limit_mib: Annotated[
        int,
        Variable(
            "FLOWGLASS_BROKER_LIMIT_MIB",
            "Memory in MiB past which `up` replaces the embedded broker by an empty one once all of it is read",
            least=1,
            most=1 << 20,
        ),
    ] = 1024
    cases_in_memory: Annotated[
        int,
        Variable(
            "FLOWGLASS_CASES_IN_MEMORY",
            "Cases that a worker keeps in memory, some 19 KiB each with their objects; it looks others up in the store",
            least=1_000,
            most=100_000_000,
        ),
    ] = 200_000
    mappings: Annotated[
        Path | None, Variable("FLOWGLASS_MAPPINGS", "Directory of source mappings that come before those shipped")
    ] = None
    definitions: Annotated[
        Path | None, Variable("FLOWGLASS_DEFINITIONS", "Directory of process definitions; not set: those shipped")
    ] = None
    alerts: Annotated[
        Path | None,
        Variable(
            "FLOWGLASS_ALERTS",
            "File of who is told of what; not set: `alerts.yaml` beside the definitions, else the one shipped",
        ),
    ] = None
    gateway: Annotated[
        Path | None,
        Variable(
            "FLOWGLASS_GATEWAY", "File of who may send to `gateway`; not set: this machine, with a token of its own"
        ),
    ] = None
    gateway_port: Annotated[int, Variable("FLOWGLASS_GATEWAY_PORT", "Port of the HTTP intake", least=0, most=65535)] = (
        8060
    )
    privacy: Annotated[
        str,
        Variable(
            "FLOWGLASS_PRIVACY",
            "Whether people's numbers become tokens and only listed attributes pass at intake",
            choices=("on", "off"),
        ),
    ] = "on"
    privacy_keys: Annotated[
        Path | None,
        Variable("FLOWGLASS_PRIVACY_KEYS", "File of privacy's keys; not set: `privacy.keys` in the data directory"),
    ] = None
    privacy_rules: Annotated[
        Path | None, Variable("FLOWGLASS_PRIVACY_RULES", "File of privacy rules that come before those shipped")
    ] = None
    access: Annotated[
        str,
        Variable("FLOWGLASS_ACCESS", "Whether people sign on to the dashboards", choices=("on", "off")),
    ] = "off"
    access_dir: Annotated[
        Path | None,
        Variable(
            "FLOWGLASS_ACCESS_DIR",
            "Accounts, audit log and the key of sessions; not set: `access` in the data directory",
        ),
    ] = None
    oidc_issuer: Annotated[
        str,
        Variable("FLOWGLASS_OIDC_ISSUER", "Identity provider for sign-on, as it names itself; not set: accounts alone"),
    ] = ""
    oidc_client_id: Annotated[
        str, Variable("FLOWGLASS_OIDC_CLIENT_ID", "What the identity provider calls these dashboards")
    ] = ""
    oidc_client_secret_file: Annotated[
        Path | None,
        Variable("FLOWGLASS_OIDC_CLIENT_SECRET_FILE", "File of the secret it gave them; not set: a public client"),
    ] = None
    oidc_groups: Annotated[
        str,
        Variable(
            "FLOWGLASS_OIDC_GROUPS", "Claim that names a person's groups; a path like `realm_access.roles` goes deeper"
        ),
    ] = "groups"
    oidc_scopes: Annotated[str, Variable("FLOWGLASS_OIDC_SCOPES", "What the identity provider is asked for")] = (
        "openid profile email"
    )
    oidc_return_url: Annotated[
        str,
        Variable(
            "FLOWGLASS_OIDC_RETURN_URL",
            "Address of `/sign-on/back` as people's browsers reach it; not set: as the browser asked",
        ),
    ] = ""
    rate_pages: Annotated[
        int,
        Variable(
            "FLOWGLASS_RATE_PAGES",
            "How often a person's pages may ask in a minute (an open page asks for each of its cards every few"
            " seconds); 0: no limit, here and below",
            least=0,
            most=1_000_000,
        ),
    ] = 1200
    rate_api: Annotated[
        int,
        Variable("FLOWGLASS_RATE_API", "The same for questions to the HTTP interface", least=0, most=1_000_000),
    ] = 600
    rate_exports: Annotated[
        int, Variable("FLOWGLASS_RATE_EXPORTS", "The same for its exports", least=0, most=1_000_000)
    ] = 10
    rate_sign_on: Annotated[
        int,
        Variable(
            "FLOWGLASS_RATE_SIGN_ON",
            "How often an address may ask for anything of sign-on in a minute",
            least=0,
            most=1_000_000,
        ),
    ] = 240
    dead_letter_days: Annotated[
        int,
        Variable(
            "FLOWGLASS_DEAD_LETTER_DAYS",
            "Days that a dead letter's original is kept, sealed with privacy's keys, for a replay; 0: not at all",
            least=0,
            most=90,
        ),
    ] = 14
    zone: Annotated[str, Variable("FLOWGLASS_ZONE", "IANA time zone for time stamps in files that name none")] = "UTC"
    fiscal_month: Annotated[
        int,
        Variable("FLOWGLASS_FISCAL_MONTH", "Month (1 to 12) with which the fiscal year begins", least=1, most=12),
    ] = 1
    dashboards_port: Annotated[
        int, Variable("FLOWGLASS_DASHBOARDS_PORT", "Port of the dashboards", least=1, most=65535)
    ] = 8050
    metrics_port: Annotated[
        int,
        Variable(
            "FLOWGLASS_METRICS_PORT",
            "Port of /metrics, /health, /ready; 0: not served",
            least=0,
            most=65535,
        ),
    ] = 0
    metrics_host: Annotated[
        str,
        Variable("FLOWGLASS_METRICS_HOST", "Address of that port; `0.0.0.0`: every address, as inside a container"),
    ] = LOOPBACK
    log: Annotated[
        str,
        Variable(
            "FLOWGLASS_LOG",
            "Form of logs: lines for people, or one JSON object a line on standard error",
            choices=("plain", "json"),
        ),
    ] = "plain"
    tracing: Annotated[
        str,
        Variable("FLOWGLASS_TRACING", "Where Flowglass's own spans go", choices=("none", "console", "file")),
    ] = "none"
    trace_file: Annotated[
        str, Variable("FLOWGLASS_TRACE_FILE", "File for `file` tracing; not set: `traces.jsonl` in the data directory")
    ] = ""

    @property
    def access_folder(self) -> Path:
        """Where accounts, the audit log and the key of sessions are."""
        return self.access_dir or self.data_dir / "access"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings from the environment (or a mapping like it); an empty variable counts as not set.

    Raises SettingError for values that can't be used.
    """
    source = os.environ if environment is None else environment
    given: dict[str, Any] = {}
    for field, (kind, variable) in variables().items():
        text = source.get(variable.name, "").strip()
        if text:
            given[field] = _value(text, kind, variable)
    return Settings(**given)


def log_form(environment: Mapping[str, str] | None = None) -> str:
    """How logs are written; a word that is wrong is told when all settings are read, in plain lines."""
    given = (os.environ if environment is None else environment).get("FLOWGLASS_LOG", "").strip()
    return given if given == "json" else "plain"


def variables() -> dict[str, tuple[Any, Variable]]:
    """The type and the variable of each field."""
    hints = get_type_hints(Settings, include_extras=True)
    return {field: (hint.__origin__, hint.__metadata__[0]) for field, hint in hints.items()}


def _value(text: str, kind: Any, variable: Variable) -> Any:
    if kind is int:
        return _number(text, variable)
    if variable.choices and text not in variable.choices:
        raise SettingError(f"{variable.name} is {text!r}; it must be one of {', '.join(variable.choices)}")
    return text if kind is str else Path(text)


def _number(text: str, variable: Variable) -> int:
    if not text.lstrip("-").isdigit():
        raise SettingError(f"{variable.name} is {text!r}; it must be a whole number")
    number = int(text)
    if (variable.least is not None and number < variable.least) or (
        variable.most is not None and number > variable.most
    ):
        raise SettingError(f"{variable.name} is {number}; it must be between {variable.least} and {variable.most}")
    return number
