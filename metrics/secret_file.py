"""A secret in a file: how passwords reach a program without standing in its environment or its command line."""

from pathlib import Path

from metrics.settings import SettingError


def read_secret(path: Path) -> str:
    """The first line of a file. Raises SettingError when it can't be read or holds nothing."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"the secret in {path} can't be read: {type(error).__name__}") from None
    secret = text.partition("\n")[0].rstrip("\r")
    if not secret:
        raise SettingError(f"{path} holds no secret: its first line is empty")
    return secret
