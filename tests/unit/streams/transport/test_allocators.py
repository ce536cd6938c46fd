"""What is given back leaves the process, tried in one of its own: the C library's settings hold for good."""

import subprocess
import sys
import textwrap

import pytest

PROGRAM = textwrap.dedent("""
    from concurrent.futures import ThreadPoolExecutor

    import pyarrow as pa
    from streams.transport.allocators import calm_allocators

    CALM
    resident = lambda: int(open("/proc/self/statm").read().split()[1]) >> 8
    before = resident()
    large = bytearray(24 << 20)
    del large  # with this the C library would learn to keep what is smaller

    def work(number):
        kept = []
        for _ in range(8):
            some = [bytearray(300_000 + 1_000 * number) for _ in range(20)]
            kept.append(bytes(2_000))
            del some
        return kept

    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(work, range(32)))
        print(resident() - before, pa.default_memory_pool().backend_name)
""")


def grown(calm: str) -> tuple[int, str]:
    """MiB that a pool of threads left behind, and who allocates for Arrow."""
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("CALM", calm)], check=True, capture_output=True, text=True
    )
    size, pool = told.stdout.split()
    return int(size), pool


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_large_blocks_of_threads_go_back_at_once() -> None:
    size, pool = grown("calm_allocators()")
    assert size < 15  # without: 45 to 52
    assert pool == "system"
