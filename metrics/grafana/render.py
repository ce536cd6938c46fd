"""A declared dashboard as the JSON that Grafana reads (schema version 39, Grafana 11 and later).

Nothing here is random or counted: the id of a panel follows from its dashboard and title, so that links to it and
alert rules about it survive a change of the order.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from metrics.grafana.model import GRID, Choice, Dashboard, Options, Panel, Prom, Query, Row, Sql
from metrics.grafana.shapes import shape

Json = dict[str, Any]

STORE = {"type": "grafana-clickhouse-datasource", "uid": "flowglass-clickhouse"}
PROMETHEUS = {"type": "prometheus", "uid": "flowglass-prometheus"}
SCHEMA_VERSION = 39
_TABLE, _SERIES = 1, 0
"""How Grafana's SQL data sources are told the form of an answer."""

_TIED = {
    "asDropdown": False,
    "icon": "external link",
    "includeVars": False,
    "keepTime": False,
    "tags": [],
    "tooltip": "",
}


def render(dashboard: Dashboard, link: str, others: Iterable[Dashboard] = ()) -> Json:
    """The dashboard's JSON. `link` is where the Flowglass pages are; `others` stand above it as links."""
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.about,
        "tags": ["flowglass"],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "timezone": "browser",
        "refresh": dashboard.refresh,
        "time": {"from": dashboard.since, "to": "now"},
        "annotations": {"list": []},
        "links": _links(dashboard, others),
        "templating": {"list": [_page_address(link), *(_variable(choice) for choice in dashboard.choices)]},
        "panels": list(_panels(dashboard)),
    }


def panel_id(dashboard: Dashboard, panel: Panel) -> int:
    """The panel's id, from 1 on; a test holds that no two of a dashboard are the same."""
    return zlib.crc32(f"{dashboard.uid}/{panel.title}".encode()) % 1_000_000 + 1


def source_of(query: Query) -> dict[str, str]:
    """The provisioned data source that answers a query."""
    return STORE if isinstance(query, Sql) else PROMETHEUS


def target(query: Query, number: int = 0, *, tabular: bool = False) -> Json:
    """A query as a panel or an alert rule carries it; `tabular`: labels of metrics become columns."""
    head: Json = {"refId": chr(ord("A") + number), "datasource": source_of(query)}
    if isinstance(query, Prom):
        how = {"instant": query.instant, "range": not query.instant}
        shown = {"legendFormat": query.legend or "__auto", "format": "table" if tabular else "time_series"}
        return head | {"expr": query.expression, **shown, **how}
    kind, form = ("timeseries", _SERIES) if query.series else ("table", _TABLE)
    return head | {"editorType": "sql", "queryType": kind, "format": form, "rawSql": query.text}


def _panels(dashboard: Dashboard) -> Iterator[Json]:
    top = 0
    for row in dashboard.rows:
        heading = zlib.crc32(f"{dashboard.uid}//{row.title}".encode()) % 1_000_000 + 1_000_001
        place = {"h": 1, "w": GRID, "x": 0, "y": top}
        yield {"id": heading, "type": "row", "title": row.title, "collapsed": False, "gridPos": place, "panels": []}
        top += 1
        for panel, left, below in _places(row):
            yield _panel(dashboard, panel, left, top + below)
        top += _height(row)


def _places(row: Row) -> Iterator[tuple[Panel, int, int]]:
    """Each panel with its column and its distance from the row's top."""
    left = below = tallest = 0
    for panel in row.panels:
        if left + panel.width > GRID:
            left, below, tallest = 0, below + tallest, 0
        yield panel, left, below
        left, tallest = left + panel.width, max(tallest, panel.height)


def _height(row: Row) -> int:
    return max(below + panel.height for panel, _, below in _places(row))


def _panel(dashboard: Dashboard, panel: Panel, left: int, top: int) -> Json:
    queries = panel.queries
    rendered: Json = {
        "id": panel_id(dashboard, panel),
        "type": panel.kind,
        "title": panel.title,
        "description": panel.about,
        "datasource": source_of(queries[0]),
        "gridPos": {"h": panel.height, "w": panel.width, "x": left, "y": top},
        "targets": [target(one, number, tabular=panel.kind == "table") for number, one in enumerate(queries)],
        "links": [{"title": one.title, "url": _url(one.path), "targetBlank": True} for one in panel.links],
        **shape(panel, _url),
    }
    if panel.least:
        rendered["interval"] = panel.least
    return rendered


def _url(path: str) -> str:
    return f"${{flowglass}}{path}"


def _links(dashboard: Dashboard, others: Iterable[Dashboard]) -> list[Json]:
    home = _TIED | {
        "type": "link",
        "title": dashboard.page.title,
        "url": _url(dashboard.page.path),
        "targetBlank": True,
    }
    siblings = [
        _TIED
        | {"type": "link", "icon": "dashboard", "title": one.title, "url": f"/d/{one.uid}", "keepTime": True}
        | {"targetBlank": False}
        for one in others
        if one.uid != dashboard.uid
    ]
    return [home, *siblings]


def _page_address(link: str) -> Json:
    """Where the pages are, hidden: panels and cells lead there."""
    return {
        "name": "flowglass",
        "type": "constant",
        "label": "Flowglass",
        "hide": 2,
        "query": link,
        "skipUrlSync": True,
    }


def _variable(choice: Choice | Options) -> Json:
    head: Json = {"name": choice.name, "label": choice.label, "hide": 0, "multi": False, "skipUrlSync": False}
    if isinstance(choice, Options):
        entries = [
            {"text": text, "value": value, "selected": not at} for at, (text, value) in enumerate(choice.entries)
        ]
        text = ", ".join(f"{label} : {value}" for label, value in choice.entries)
        current = {"text": entries[0]["text"], "value": entries[0]["value"]}
        return head | {"type": "custom", "query": text, "options": entries, "current": current, "includeAll": False}
    asked = choice.query.text
    every = {"text": "All", "value": "$__all"}
    asking = {"type": "query", "datasource": source_of(choice.query), "definition": asked, "query": asked, "refresh": 1}
    return head | asking | {"includeAll": True, "current": every, "options": [], "sort": 1, "regex": ""}
