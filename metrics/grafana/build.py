"""The files of Grafana, made from their declaration: dashboards as JSON, provisioning as YAML."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from metrics.grafana.alerting import contact_points, policies, rules
from metrics.grafana.integrations import INTEGRATIONS
from metrics.grafana.operations import OPERATIONS
from metrics.grafana.pipeline import PIPELINE
from metrics.grafana.provisioning import data_sources, providers
from metrics.grafana.render import render
from metrics.grafana.sla import SLA
from metrics.settings import DEFAULT_DATABASE

ALL = (OPERATIONS, SLA, INTEGRATIONS, PIPELINE)
PAGES = "http://localhost:8050"
"""Where the dashboards of Flowglass are, unless told otherwise."""

_NOTE = "# Made by `flowglass grafana`; what stands here is changed in metrics/grafana (docs/grafana.md).\n"


def files(link: str = PAGES, database: str = DEFAULT_DATABASE) -> Mapping[str, str]:
    """Each file's text by its path below the directory `grafana`. `link`: where the Flowglass pages are."""
    base = link.rstrip("/")
    made = {
        f"dashboards/{one.uid}.json": json.dumps(render(one, base, ALL), indent=2, ensure_ascii=False) + "\n"
        for one in ALL
    }
    return made | {
        "provisioning/datasources/flowglass.yaml": _yaml(data_sources(database)),
        "provisioning/dashboards/flowglass.yaml": _yaml(providers()),
        "provisioning/alerting/rules.yaml": _yaml(rules()),
        "provisioning/alerting/contact-points.yaml": _yaml(contact_points()),
        "provisioning/alerting/policies.yaml": _yaml(policies()),
    }


def differing(directory: Path, made: Mapping[str, str]) -> Iterator[str]:
    """The paths whose file is missing below `directory` or says something else."""
    for name, text in made.items():
        path = directory / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            yield name


def write(directory: Path, made: Mapping[str, str]) -> None:
    """Write each file below `directory`. Raises OSError."""
    for name, text in made.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


class _Dumper(yaml.SafeDumper):
    """Writes a value that stands in two places twice: people read these files."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _yaml(content: Mapping[str, Any]) -> str:
    return _NOTE + yaml.dump(dict(content), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
