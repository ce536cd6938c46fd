"""Files for payloads: each holds exactly its bytes, whatever it held before, and none is lent twice at once."""

import io
import os
from pathlib import Path

import pytest

from metrics.store.front.payload import Payloads


def held(payloads: Payloads, start: bytes, rest: bytes = b"") -> bytes:
    with payloads.file(start, io.BufferedReader(io.BytesIO(rest)), len(rest)) as path:
        return Path(path).read_bytes()


def test_a_file_that_is_used_again_holds_the_new_payload_only() -> None:
    payloads = Payloads()
    for size in (1_000, 700, 1_300, 1, 0, 90_000, 100_000, 60_000):
        assert held(payloads, b"head", b"x" * size) == b"head" + b"x" * size
    payloads.close()


def test_two_payloads_at_once_have_files_of_their_own() -> None:
    payloads = Payloads()
    held(payloads, b"earlier")
    with payloads.file(b"one") as one, payloads.file(b"two") as two:
        assert (Path(one).read_bytes(), Path(two).read_bytes()) == (b"one", b"two")
    payloads.close()


def test_a_client_that_goes_away_is_an_error_and_costs_no_file() -> None:
    payloads = Payloads()
    with (
        pytest.raises(ConnectionResetError, match="after 9 of 10 bytes"),
        payloads.file(b"start", io.BufferedReader(io.BytesIO(b"rest")), 5),
    ):
        pass
    assert held(payloads, b"next") == b"next"
    payloads.close()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files through /proc")
def test_few_files_are_kept_and_closing_gives_them_back() -> None:
    payloads = Payloads()
    before = len(os.listdir("/proc/self/fd"))
    for power in range(12):
        held(payloads, b"x" * 4**power)
    assert len(os.listdir("/proc/self/fd")) <= before + 4
    payloads.close()
    assert len(os.listdir("/proc/self/fd")) == before
