"""The JSON Schemas by which an editor completes and checks what is being typed."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from metrics.completeness.schema import FeedsText
from metrics.definitions.calendars import CalendarsText, FacilitiesText
from metrics.definitions.schema import ProcessText
from metrics.quality.schema import DomainsText

SCHEMAS: dict[str, tuple[str, type[BaseModel]]] = {
    "process.schema.json": ("Flowglass process definition", ProcessText),
    "calendars.schema.json": ("Flowglass calendars", CalendarsText),
    "facilities.schema.json": ("Flowglass facilities", FacilitiesText),
    "domains.schema.json": ("Flowglass domains of data", DomainsText),
    "feeds.schema.json": ("Flowglass feeds and batches", FeedsText),
}
"""File name: title and model."""


def schema_text(name: str = "process.schema.json") -> str:
    """One schema (JSON Schema 2020-12) as the text that is published."""
    title, model = SCHEMAS[name]
    body = _plain(model.model_json_schema(by_alias=True))
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", **body, "title": title}
    return json.dumps(whole, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema into a folder, which is made if need be; the files written."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name in SCHEMAS:
        file = folder / name
        file.write_text(schema_text(name), encoding="utf-8")
        files.append(file)
    return files


def _plain(node: Any) -> Any:
    """Without the titles that pydantic makes of field names: editors show them in place of the description."""
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: _plain(inner) for name, inner in value.items()} if key in ("properties", "$defs") else _plain(value)
        for key, value in node.items()
        if key != "title"
    }
