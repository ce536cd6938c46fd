"""What an identity provider knows of these dashboards, by the settings."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from metrics.settings import SettingError, Settings

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Client:
    """What the provider knows of us. `secret`: empty for a public client; `groups`: the claim that names them."""

    issuer: str
    client_id: str
    secret: str = ""
    scopes: str = "openid profile email"
    groups: str = "groups"
    return_url: str = ""


def client_of(settings: Settings) -> Client | None:
    """What the settings say; None without an issuer. Raises SettingError."""
    issuer, name = settings.oidc_issuer, settings.oidc_client_id
    if not issuer and not name:
        return None
    if not issuer or not name:
        raise SettingError("FLOWGLASS_OIDC_ISSUER and FLOWGLASS_OIDC_CLIENT_ID go together")
    for variable, url in (("ISSUER", issuer), ("RETURN_URL", settings.oidc_return_url or issuer)):
        if not is_sealed(url):
            raise SettingError(f"FLOWGLASS_OIDC_{variable} is {url!r}; it must begin with https://")
    return Client(
        issuer, name, _secret(settings.oidc_client_secret_file), settings.oidc_scopes, settings.oidc_groups,
        settings.oidc_return_url,
    )  # fmt: skip


def _secret(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise SettingError(f"FLOWGLASS_OIDC_CLIENT_SECRET_FILE: {file} can't be read") from error
    if not secret:
        raise SettingError(f"FLOWGLASS_OIDC_CLIENT_SECRET_FILE: {file} is empty")
    return secret


def is_sealed(url: str) -> bool:
    """Whether nobody on the way can read or change what goes there: HTTPS, or this machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK))
