"""The doctor's look at what people wrote down: definitions, alerts, access, privacy's keys, secrets in files."""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from metrics.access.load import load_groups, load_roles
from metrics.access.people import FILE as PEOPLE_FILE
from metrics.access.people import Accounts
from metrics.alerts.locate import load_alerts
from metrics.alerts.notifiers.build import Secrets, build
from metrics.commands.finding import Finding, ok, warning, wrong
from metrics.commands.opened import wall_clock
from metrics.definitions.load import load
from metrics.definitions.mistakes import DefinitionsError
from metrics.privacy.keyring import keys_file, open_keyring
from metrics.secret_file import read_secret
from metrics.settings import SettingError, Settings


def check_setup(settings: Settings, environment: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Everything that can be judged from files alone. Raises nothing."""
    folder = settings.definitions or "the shipped files"
    validate = f"flowglass validate {settings.definitions or ''}".strip()
    yield _judged("definitions", lambda: _definitions(settings), f"`{validate}` explains every mistake.")
    yield _judged("alerts", lambda: _alerts(settings), f"`{validate}` explains every mistake.")
    yield from _receivers(settings, os.environ if environment is None else environment)
    yield _judged("roles", lambda: _roles(settings), f"Repair roles.yaml in {folder}: `flowglass access roles`.")
    yield _judged("access", lambda: _access(settings), "`flowglass access list` says what is wrong with the accounts.")
    yield from _keys(settings)
    yield from _secrets(settings)


def _judged(check: str, look: Callable[[], str], advice: str) -> Finding:
    """What a look says, or the first mistake and how many there are."""
    try:
        return ok(check, look())
    except DefinitionsError as error:
        first, *more = error.mistakes
        return wrong(check, f"{first}{f' (and {len(more)} more)' if more else ''}", advice)
    except (SettingError, OSError) as error:
        return wrong(check, str(error), advice)


def _definitions(settings: Settings) -> str:
    return f"{len(load(settings.definitions).definitions)} processes, from {settings.definitions or 'those shipped'}"


def _alerts(settings: Settings) -> str:
    plan, _, folder = load_alerts(settings)
    return f"{len(plan.receivers)} receivers, {len(plan.routes)} routes, from {folder}"


def _receivers(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    """A receiver whose secret is not there gets no message."""
    try:
        plan, _, folder = load_alerts(settings)
    except (DefinitionsError, SettingError, OSError):
        return  # told above
    missing: list[SettingError] = []
    build(plan, Secrets(environment, folder), wall_clock, missing.append)
    for error in missing:
        yield wrong("receivers", str(error), "Its messages wait until `flowglass alerts run` starts with the secret.")
    if plan.receivers and not missing:
        yield ok("receivers", f"the secrets of {len(plan.receivers)} are there")


def _roles(settings: Settings) -> str:
    load_groups(settings.definitions)
    return f"{len(load_roles(settings.definitions))} roles"


def _access(settings: Settings) -> str:
    if settings.access == "off":
        return "nobody signs on (FLOWGLASS_ACCESS=off): whoever reaches the pages reads everything"
    accounts = Accounts(settings.access_folder / PEOPLE_FILE, load_roles(settings.definitions)).all()
    if not accounts and not settings.oidc_issuer:
        raise SettingError(f"nobody can sign on: {settings.access_folder} has no account, and there is no OIDC issuer")
    return f"{len(accounts)} accounts{', and an identity provider' if settings.oidc_issuer else ''}"


def _keys(settings: Settings) -> Iterator[Finding]:
    file = keys_file(settings)
    if settings.privacy == "off":
        advice = "Without FLOWGLASS_PRIVACY=on people's numbers are stored as they come."
        yield warning("privacy's keys", "privacy is switched off", advice)
    elif not file.exists() and settings.privacy_keys is None:
        yield ok("privacy's keys", f"none yet: the first program makes {file}")
    else:
        advice = "Bring the file back from its copy: new keys do not open what old ones sealed."
        yield _judged("privacy's keys", lambda: _held(settings), advice)
        yield from _closed("privacy's keys", file)


def _held(settings: Settings) -> str:
    ring = open_keyring(settings)
    assert ring is not None
    return f"{len(ring.identity)} for numbers, {len(ring.sealing)} for originals"


def _secrets(settings: Settings) -> Iterator[Finding]:
    """The files that the settings name a password or a secret in."""
    named = {"the store's password": _password_file(settings.store_url)}
    named["the broker's password"] = _password_file(settings.broker) if "://" in settings.broker else None
    named["the identity provider's secret"] = settings.oidc_client_secret_file
    for what, file in named.items():
        if file is not None:
            yield _judged(what, lambda file=file: _readable(file), f"Lay the secret into {file}.")  # type: ignore[misc]
            yield from _closed(what, file)


def _readable(file: Path) -> str:
    read_secret(file)
    return f"{file} holds one"


def _password_file(url: str) -> Path | None:
    named = dict(parse_qsl(urlsplit(url).query)).get("password_file")
    return Path(named) if named else None


def _closed(what: str, file: Path) -> Iterator[Finding]:
    """A secret that everybody on the machine can read; a closed folder above it is as good as a closed file."""
    try:
        modes = [stat.S_IMODE(one.stat().st_mode) for one in (file, file.resolve().parent)]
    except OSError:
        return
    if modes[0] & stat.S_IROTH and modes[1] & stat.S_IXOTH:
        yield warning(what, f"{file} can be read by everybody on this machine", f"chmod 600 {file}")
