"""The one sender of a gateway without a file of senders: whoever may read the data directory."""

import os
import secrets
from pathlib import Path
from typing import Final

from streams.gateway.senders import EVENTS, EVERY_SYSTEM, TRACES, Sender, Token, digest_of

TOKEN_FILE: Final = "gateway.token"
LOCAL: Final = "local"


def local_sender(data_dir: Path) -> Sender:
    """May post everything with the token of the data directory, which is made once and for the owner's eyes only."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / TOKEN_FILE
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        path.chmod(0o600)
    else:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
    digest = digest_of(path.read_bytes().strip())
    return Sender(name=LOCAL, paths=(EVENTS, TRACES, EVERY_SYSTEM), token=Token(digests=(digest,)))
