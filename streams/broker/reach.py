"""How clients reach the broker: one text names servers, encryption and sign-on; all clients take their settings here.

    kafka1:9092,kafka2:9092
    ssl://kafka1:9093,kafka2:9093?ca=/run/secrets/ca.pem
    sasl+ssl://flowglass@kafka1:9093?password_file=/run/secrets/kafka&mechanism=SCRAM-SHA-512&ca=/run/secrets/ca.pem

The password stands in a file of its own, read when a client is made, so the text may be shown and logged.
"""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from metrics.secret_file import read_secret
from metrics.settings import SettingError

PLAIN = "plaintext"
SCHEMES = (PLAIN, "ssl", "sasl+plaintext", "sasl+ssl")
MECHANISMS = ("SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN")
TLS_OPTIONS = ("ca", "certificate", "key")
SASL_OPTIONS = ("password_file", "mechanism")


class Reach(NamedTuple):
    """A broker's address in its parts; `servers` is host:port[,host:port]."""

    scheme: str
    servers: str
    user: str
    options: Mapping[str, str]

    @property
    def encrypted(self) -> bool:
        return self.scheme.endswith("ssl")

    @property
    def signs_on(self) -> bool:
        return self.scheme.startswith("sasl+")


def parse(broker: str) -> Reach:
    """The parts of a broker's address. Raises SettingError for one that can't be right."""
    if "://" not in broker:
        return Reach(PLAIN, broker, "", {})
    parts = urlsplit(broker)
    user, _, servers = parts.netloc.rpartition("@")
    reach = Reach(parts.scheme, servers, unquote(user), dict(parse_qsl(parts.query, keep_blank_values=True)))
    _check(reach)
    return reach


def servers_of(broker: str) -> str:
    """host:port[,host:port] of a broker's address."""
    return parse(broker).servers


def reach(broker: str) -> dict[str, Any]:
    """What every aiokafka client is made with. Raises SettingError for an address or a file that can't be used."""
    found = parse(broker)
    settings: dict[str, Any] = {
        "bootstrap_servers": found.servers,
        "security_protocol": found.scheme.replace("+", "_").upper(),
    }
    if found.encrypted:
        settings["ssl_context"] = tls_of(found)
    if found.signs_on:
        settings["sasl_mechanism"] = found.options.get("mechanism", MECHANISMS[0])
        settings["sasl_plain_username"] = found.user
        settings["sasl_plain_password"] = read_secret(Path(found.options["password_file"]))
    return settings


def tls_of(found: Reach) -> ssl.SSLContext | None:
    """The TLS that an address asks for; None for one without. Host names are checked."""
    if not found.encrypted:
        return None
    ca, certificate, key = (found.options.get(name) for name in TLS_OPTIONS)
    try:
        context = ssl.create_default_context(cafile=ca)
        if certificate:
            context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError) as error:
        raise SettingError(f"the broker's certificates can't be used ({ca or certificate}): {error}") from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _check(found: Reach) -> None:
    if found.scheme not in SCHEMES:
        raise SettingError(f"FLOWGLASS_BROKER_URL begins with {found.scheme!r}; use one of {', '.join(SCHEMES)}")
    if ":" in found.user:
        raise SettingError(
            "FLOWGLASS_BROKER_URL holds a password; put it into a file, and name that with password_file="
        )
    known = (*(TLS_OPTIONS if found.encrypted else ()), *(SASL_OPTIONS if found.signs_on else ()))
    if strange := sorted(set(found.options) - set(known)):
        raise SettingError(
            f"FLOWGLASS_BROKER_URL: {found.scheme} has no option {strange[0]!r}; it has {', '.join(known) or 'none'}"
        )
    if found.signs_on and not (found.user and found.options.get("password_file")):
        raise SettingError(f"FLOWGLASS_BROKER_URL: {found.scheme} needs a user and password_file=FILE")
    if (given := found.options.get("mechanism")) and given not in MECHANISMS:
        raise SettingError(f"FLOWGLASS_BROKER_URL: mechanism {given!r} is not one of {', '.join(MECHANISMS)}")
    if not found.servers:
        raise SettingError("FLOWGLASS_BROKER_URL names no server")
