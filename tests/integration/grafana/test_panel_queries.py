"""Every query of every panel, list and alert rule runs on the real engine with the real schema, and finds something."""

import time
from collections.abc import Iterator

import pyarrow as pa
import pytest

from metrics.commands.rows import SlaCounts
from metrics.grafana.alerting import RULES, Rule
from metrics.grafana.build import ALL
from metrics.grafana.integrations import INTEGRATIONS
from metrics.grafana.model import Choice, Dashboard, Panel, Sql
from metrics.grafana.sla import SLA
from metrics.queries.interface_rows import InterfaceFlow
from metrics.store.client import StoreClient, connect_url
from metrics.store.queries import Queries
from metrics.store.tables import TABLES
from tests.browser.seed import seed_store
from tests.integration.grafana import macros
from tests.integration.store.front_process import StoreFront

pytestmark = pytest.mark.store
SECOND, DAY = 1_000_000, 86_400
R2P = "requisition_to_pay"
EVERYTHING = {"simulated": "all"}
NARROWED = {"simulated": "1", "process": R2P, "facility": "north"}
NOBODY = {"simulated": "0", "process": "it's nobody's", "facility": "nowhere"}
QUERIES = [
    pytest.param(panel, query, id=f"{dashboard.uid}: {panel.title}")
    for dashboard in ALL
    for panel in dashboard.panels
    for query in panel.queries
    if isinstance(query, Sql)
]


def query_of(dashboard: Dashboard, title: str) -> Sql:
    (query,) = next(panel for panel in dashboard.panels if panel.title == title).queries
    assert isinstance(query, Sql)
    return query


class Seeded:
    """A database with a group's last sixty days, and the engine's answers to Grafana's queries about them."""

    def __init__(self, client: StoreClient, now: int) -> None:
        self.client = client
        self.now = now

    def ask(self, query: Sql, chosen: dict[str, str]) -> tuple[list[str], list[str], list[tuple[object, ...]]]:
        """Names and types of the columns, and the rows, as of the hour after everything happened."""
        text = macros.sql(query.text, self.now - 60 * DAY, self.now + 3600, DAY, chosen)
        assert macros.LEFT_OVER.search(text) is None, f"nothing expands this: {text}"
        result = self.client.query(text, settings={"readonly": 2, "max_execution_time": 10})
        return list(result.column_names), [kind.name for kind in result.column_types], [*map(tuple, result.result_rows)]


@pytest.fixture(scope="module")
def seeded(store_front: StoreFront) -> Iterator[Seeded]:
    """The run's database, seeded once for all queries."""
    client = connect_url(store_front.url)
    for table in TABLES:
        client.command(f"TRUNCATE TABLE {table}")
    now = int(time.time())
    seed_store(client._client, anchor=now * SECOND, cases=250)
    add_progress(client, now)
    yield Seeded(client, now)
    client.close()


def add_progress(client: StoreClient, now: int) -> None:
    """What workers and the evaluator write about themselves: the seed holds the business alone."""
    at = now * SECOND
    place = {"topic": "flowglass.events", "partition": 0, "incarnation": "log-2", "version": 1}
    rows = {
        "incarnations": [
            {"incarnation": f"log-{n}", "previous": "", "seen_at": at - 9 * SECOND + n, "unread": 5, "detail": ""}
            for n in (1, 2)
        ],
        "checkpoints": [
            {
                **place,
                "worker": name,
                "committed": 10,
                "high_water": 12,
                "watermark": at,
                "flushed_at": at - 700 * SECOND,
            }
            for name in ("cases", "quality")
        ],
        "alert_leases": [{"epoch": 1, "holder": "one", "version": 1, "seen": at - 300 * SECOND, "released": 0}],
    }
    for table, records in rows.items():
        client._client.insert_arrow(table, pa.Table.from_pylist(records, schema=TABLES[table]))


@pytest.mark.parametrize(("panel", "query"), QUERIES)
def test_a_panel_is_answered(seeded: Seeded, panel: Panel, query: Sql) -> None:
    names, kinds, rows = seeded.ask(query, EVERYTHING)
    assert rows, "a panel that shows nothing of a seeded store asks for the wrong thing"
    if query.series:
        assert (names[0], kinds[0].removeprefix("Nullable(")[:8]) == ("time", "DateTime")
        times = [row[0] for row in rows]
        assert None not in times
        assert times == sorted(times, key=str), "Grafana needs the rows of a series in the order of time"
        assert len(names) == 2 or kinds[1].endswith("String)") or kinds[1] == "String"
    elif panel.kind == "stat" and not panel.each:
        assert len(rows) == 1
        assert rows[0][0] is not None
        assert "String" not in kinds[0]
    described = {field.name for field in panel.fields}
    linked = {name for field in panel.fields if field.link for name in macros.fields_of(field.link.path)}
    assert described | linked <= set(names), "a column is described or linked that the query does not give"
    for chosen in (NARROWED, NOBODY):
        seeded.ask(query, chosen)


@pytest.mark.parametrize("dashboard", ALL, ids=lambda one: one.uid)
def test_the_lists_above_a_dashboard_have_entries(seeded: Seeded, dashboard: Dashboard) -> None:
    for choice in dashboard.choices:
        if isinstance(choice, Choice):
            names, _, rows = seeded.ask(choice.query, {})
            assert names == [choice.name]
            assert len(rows) > 1


def test_slas_are_counted_as_the_command_line_counts_them(seeded: Seeded) -> None:
    _, _, rows = seeded.ask(query_of(SLA, "SLAs"), {**EVERYTHING, "process": R2P})
    days = Queries(seeded.client).rows("cli_standing", SlaCounts, process=R2P, as_of=seeded.now * SECOND, days=60)
    counted = {one.sla: (one.met, one.missed, one.overdue) for one in days if one.met + one.missed + one.overdue}
    assert {row[1]: row[2:5] for row in rows} == counted
    assert sum(sum(one) for one in counted.values()) > 100


def test_calls_are_counted_as_the_page_counts_them(seeded: Seeded) -> None:
    since, as_of = (seeded.now - 60 * DAY) * SECOND, seeded.now * SECOND
    flows = Queries(seeded.client).rows("interface_flow", InterfaceFlow, since=since, as_of=as_of)
    _, _, rows = seeded.ask(query_of(INTEGRATIONS, "All interfaces"), EVERYTHING)
    assert {row[0]: row[1:3] for row in rows} == {one.interface: (one.calls, one.errors) for one in flows if one.calls}
    assert len(rows) > 10


@pytest.mark.parametrize("rule", [rule for rule in RULES if isinstance(rule.query, Sql)], ids=lambda rule: rule.uid)
def test_an_alert_rule_of_grafana_gives_one_number_a_row_and_fires(seeded: Seeded, rule: Rule) -> None:
    assert isinstance(rule.query, Sql)
    _, kinds, rows = seeded.ask(rule.query, {})
    numbers = [at for at, kind in enumerate(kinds) if "String" not in kind]
    assert len(numbers) == 1, "Grafana compares one number for each series of labels"
    fires = any(float(str(row[numbers[0]])) > rule.limit for row in rows)
    assert fires == (rule.uid != "flowglass-store-away"), "only the store's own absence cannot be seen in the store"


def test_an_empty_store_fires_nothing_and_breaks_no_panel(store: StoreClient) -> None:
    """The last one: it empties what the others share."""
    empty = Seeded(store, int(time.time()))
    for rule in RULES:
        if isinstance(rule.query, Sql):
            assert all(float(str(row[-1])) <= rule.limit for row in empty.ask(rule.query, {})[2]), rule.uid
    for query in {query for dashboard in ALL for panel in dashboard.panels for query in panel.queries}:
        if isinstance(query, Sql):
            empty.ask(query, EVERYTHING)
