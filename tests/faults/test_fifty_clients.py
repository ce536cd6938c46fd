"""Fifty readers open Operations and change a filter every five seconds: nobody is sent away with an error."""

import asyncio
from pathlib import Path

import pytest

from benchmarks import pages_load, pages_record
from tests.browser.running import CHROMIUM, seeded_store, served
from tests.faults.figures import FULL, record

CLIENTS, EVERY, SECONDS = 50, 5.0, 60.0 if FULL else 15.0
PATIENCE = 500
"""Milliseconds that 95 of 100 answers are to come in: the report tells whether they do, the test asks for answers."""
PROCESS = "?process=requisition_to_pay"
PLACES = [f"{PROCESS}{place}" for place in ("", "&facility=north", "&facility=south", "&department=icu", "&period=7")]


@pytest.mark.browser
@pytest.mark.store
@pytest.mark.timeout(600)
def test_fifty_readers_are_all_answered(tmp_path: Path) -> None:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"Chromium is not installed: {CHROMIUM} is missing (Debian: apt-get install chromium)")
    with seeded_store(tmp_path / "store") as store, served(store, "flowglass", tmp_path, 2) as url:
        with pages_record.chromium() as browser:
            (visit,) = pages_record.recorded(browser, url, {"/": PROCESS}, {"/": PLACES[1]})
        many = asyncio.run(pages_load.crowd(url, visit, PLACES, CLIENTS, SECONDS, EVERY))
    waited = [one.quantile(0.95) for one in (many.opening, many.filtering, many.ticking)]
    record(
        19,
        f"{CLIENTS} readers for {SECONDS:.0f} s: p95 {waited[0]:.0f} ms for the first tiles, {waited[1]:.0f} after a"
        f" filter, {waited[2]:.0f} of a tick (demanded {PATIENCE}); {many.requests:,} requests, {many.errors} errors",
        enough=max(waited) < PATIENCE,
    )
    assert many.errors == 0
    assert len(many.filtering.took) >= CLIENTS * len(visit.filtering)
    assert many.ticking.took
