"""A private copy of a file, so that what was checked is what is sent, whatever its owner does meanwhile."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from streams.folder.listing import Stamp, open_regular, stamp_of

_BLOCK: Final = 1 << 20


class Unsettled(Exception):
    """The file cannot be taken now; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What was in the file: `content` is the SHA-256 in hex."""

    file: BinaryIO
    bytes: int
    content: str


@contextmanager
def private_copy(
    path: Path, stamp: Stamp, root: Path, scratch: Path | None, step: Callable[[int], None]
) -> Iterator[Copy]:
    """The copy, gone with the block or the process; `step` is called with the bytes read so far. Raises Unsettled."""
    with tempfile.TemporaryFile(dir=scratch) as spool:
        digest, size = hashlib.sha256(), 0
        try:
            if not Path(os.path.realpath(path.parent)).is_relative_to(os.path.realpath(root)):
                raise Unsettled("a directory above it is a link that leads out of the folder")
            with open_regular(path) as file:
                if stamp_of(os.fstat(file.fileno())) != stamp:
                    raise Unsettled("it changed just now")
                while block := file.read(_BLOCK):
                    digest.update(block)
                    spool.write(block)
                    size += len(block)
                    step(size)
                if stamp_of(os.fstat(file.fileno())) != stamp or size != stamp.size:
                    raise Unsettled("it changed while it was being read")
        except OSError as error:
            raise Unsettled(f"it cannot be read: {error.strerror or error}") from None
        spool.seek(0)
        yield Copy(spool, size, digest.hexdigest())
