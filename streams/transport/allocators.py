"""What allocates memory below Python, kept from holding on to what was given back.

A worker's memory must end somewhere. Measured at a steady 300 events a second with 4,000 cases (docs/adr/0045): Arrow's
own allocator (mimalloc) kept 93 MiB in five minutes while Arrow held nothing, and the C library's free memory grew by
60 MiB in ten minutes, in an arena for each thread of the pool.
"""

import ctypes

import pyarrow as pa

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # numbers of malloc.h
ARENAS = 2
OWN_PAGES_FROM = 256 << 10
"""Bytes from which a block gets pages of its own, which go back at once. Left to itself, the C library raises this to
32 MiB with the first block of that size that is freed, and keeps up to twice as much at the end of each arena."""


def calm_allocators() -> None:
    """Arrow allocates by the C library; this one uses few arenas and gives large blocks back. Call before threads."""
    pa.set_memory_pool(pa.system_memory_pool())
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc's alone
    if mallopt is not None:
        mallopt(_ARENA_MAX, ARENAS)
        mallopt(_MMAP_THRESHOLD, OWN_PAGES_FROM)
        mallopt(_TRIM_THRESHOLD, OWN_PAGES_FROM)
