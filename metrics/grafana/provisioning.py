"""What Grafana reads when it starts: the data sources and where the dashboards lie.

Secrets come from the environment: Grafana puts `$NAME` and `${NAME}` in values of these files, so nothing else in them
may hold a dollar sign.
"""

from typing import Any

from metrics.grafana.render import PROMETHEUS, STORE

Json = dict[str, Any]

READER = "flowglass_reader"
"""The store's user that may read the views and nothing else."""

PASSWORD = "${FLOWGLASS_READER_PASSWORD}"
DASHBOARDS = "/var/lib/grafana/dashboards"
"""Where the directory `grafana/dashboards` is mounted."""

FOLDER = "Flowglass"


def data_sources(database: str) -> Json:
    """The store over HTTP, which the embedded engine and ClickHouse both speak, and Prometheus."""
    store = {
        "name": "Flowglass store",
        **STORE,
        "access": "proxy",
        "isDefault": True,
        "editable": False,
        "jsonData": {
            "host": "clickhouse",
            "port": 8123,
            "protocol": "http",
            "secure": False,
            "username": READER,
            "defaultDatabase": database,
            "dialTimeout": "5",
            "queryTimeout": "20",
        },
        "secureJsonData": {"password": PASSWORD},
    }
    prometheus = {
        "name": "Flowglass Prometheus",
        **PROMETHEUS,
        "access": "proxy",
        "url": "http://prometheus:9090",
        "editable": False,
        "jsonData": {"httpMethod": "POST", "timeInterval": "15s"},
    }
    return {"apiVersion": 1, "prune": True, "datasources": [store, prometheus]}


def providers() -> Json:
    """Where the dashboards lie. What a person changes in Grafana is not kept: the builder is changed instead."""
    provider = {
        "name": "flowglass",
        "orgId": 1,
        "folder": FOLDER,
        "folderUid": "flowglass",
        "type": "file",
        "disableDeletion": True,
        "allowUiUpdates": False,
        "updateIntervalSeconds": 60,
        "options": {"path": DASHBOARDS, "foldersFromFilesStructure": False},
    }
    return {"apiVersion": 1, "providers": [provider]}
