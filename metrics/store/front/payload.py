"""A payload that the engine reads as a file: kept in memory where the system can (memfd), else in a temporary file.

The engine maps or reads the file itself, so the bytes are copied once: from the socket into it.
"""

import io
import mmap
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_SHARED_MEMORY = "/dev/shm"


@contextmanager
def payload_file(start: bytes | memoryview, stream: io.BufferedReader | None = None, more: int = 0) -> Iterator[str]:
    """Path of a file with `start` and then `more` bytes read from `stream`; gone when the block ends."""
    descriptor, path, on_disk = _open()
    try:
        _fill(descriptor, start, stream, more)
        yield path
    finally:
        os.close(descriptor)
        if on_disk:
            os.unlink(path)


def _open() -> tuple[int, str, bool]:
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("flowglass-insert")
        return descriptor, f"/proc/self/fd/{descriptor}", False
    directory = _SHARED_MEMORY if os.path.isdir(_SHARED_MEMORY) else None
    descriptor, path = tempfile.mkstemp(prefix="flowglass-insert-", dir=directory)
    return descriptor, path, True


def _fill(descriptor: int, start: bytes | memoryview, stream: io.BufferedReader | None, more: int) -> None:
    total = len(start) + more
    if not total:
        return
    os.ftruncate(descriptor, total)
    with mmap.mmap(descriptor, total) as target, memoryview(target) as view:
        view[: len(start)] = start
        filled = len(start)
        while filled < total and stream is not None:
            with view[filled:total] as rest:
                got = stream.readinto(rest)
            if not got:
                raise ConnectionResetError(f"the client closed the connection after {filled} of {total} bytes")
            filled += got
