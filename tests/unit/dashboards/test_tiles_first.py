"""Whatever the tiles of Operations ask goes before what other cards ask, and nothing else does."""

from dashboards.access.limits import NONE
from dashboards.application import create_app
from dashboards.connection import TILES_FIRST
from metrics.store.queries import DIRECTORY
from tests.security.callbacks import callbacks, post
from tests.unit.dashboards.access.test_any_input import OneRow
from tests.unit.dashboards.fake_reader import BASICS

SAYS_SO = "SETTINGS priority = 1"


def test_the_queries_of_tiles_say_that_they_go_first() -> None:
    reader = OneRow()
    app = create_app(reader, limits=NONE)
    tiles = next(one for one in callbacks(app) if one.output.startswith("..tiles."))
    reader.asked.clear()
    assert (
        post(app.server.test_client(), tiles.body(**{"url.search": "?process=requisition_to_pay"})).status_code == 200
    )
    asked = {name for name, _ in reader.asked} - set(BASICS)
    first = {path.stem for path in DIRECTORY.glob("*.sql") if path.read_text().rstrip().endswith(SAYS_SO)}
    assert "case_counts" in asked
    assert asked - {"sla_attainment"} == first - {"sla_attainment"}  # asked where a process has SLAs
    assert TILES_FIRST["priority"] > 1
