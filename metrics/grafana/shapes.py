"""How panels look: units, thresholds, words for values, columns; in colours that the colour-blind tell apart."""

from collections.abc import Callable
from typing import Any

from metrics.grafana.model import Field, Panel, Step

Json = dict[str, Any]
Url = Callable[[str], str]

COLOURS = {"good": "#009e73", "watch": "#e69f00", "bad": "#d55e00", "plain": "#0072b2"}
"""After Okabe and Ito, "Color Universal Design" (2008)."""


def shape(panel: Panel, url: Url) -> Json:
    """`fieldConfig` and `options` of a panel; `url` makes a link of a page's path."""
    defaults: Json = {
        "unit": panel.unit,
        "thresholds": _thresholds(panel.steps),
        "color": {"mode": "thresholds" if panel.kind in ("stat", "table") else "palette-classic"},
        "mappings": _mappings(panel.words),
        "custom": _custom(panel),
    }
    if panel.decimals is not None:
        defaults["decimals"] = panel.decimals
    if panel.nothing:
        defaults["noValue"] = panel.nothing
    overrides = [_override(field, url) for field in panel.fields]
    return {"fieldConfig": {"defaults": defaults, "overrides": overrides}, "options": _options(panel)}


def _thresholds(steps: tuple[Step, ...]) -> Json:
    shown = [{"color": COLOURS[step.colour], "value": step.value} for step in steps]
    return {"mode": "absolute", "steps": shown or [{"color": COLOURS["plain"], "value": None}]}


def _mappings(words: tuple[tuple[str, str], ...]) -> list[Json]:
    if not words:
        return []
    options = {value: {"text": text, "index": index} for index, (value, text) in enumerate(words)}
    return [{"type": "value", "options": options}]


def _custom(panel: Panel) -> Json:
    if panel.kind == "timeseries":
        style = "bars" if panel.bars else "line"
        return {
            "drawStyle": style,
            "lineWidth": 1,
            "fillOpacity": 60 if panel.bars else 10,
            "showPoints": "never" if panel.bars else "auto",
            "spanNulls": False,
            "stacking": {"group": "A", "mode": "normal" if panel.stacked else "none"},
            "thresholdsStyle": {"mode": "line" if len(panel.steps) > 1 else "off"},
            "axisSoftMin": 0,
        }
    if panel.kind == "barchart":
        return {"fillOpacity": 80, "lineWidth": 1, "axisSoftMin": 0}
    if panel.kind == "table":
        return {"align": "auto", "filterable": True, "cellOptions": {"type": "auto"}}
    return {}


def _options(panel: Panel) -> Json:
    legend = {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}
    match panel.kind:
        case "stat":
            text = "value_and_name" if panel.each else "auto"
            reduced = {"calcs": ["lastNotNull"], "fields": "", "values": panel.each}
            return {"colorMode": "value", "graphMode": "none", "textMode": text, "reduceOptions": reduced}
        case "table":
            return {"showHeader": True, "cellHeight": "sm", "footer": {"show": False}}
        case "barchart":
            return {"legend": legend, "orientation": "auto", "stacking": "normal", "tooltip": {"mode": "multi"}}
        case _:
            return {"legend": legend, "tooltip": {"mode": "multi", "sort": "desc"}}


def _override(field: Field, url: Url) -> Json:
    properties: list[Json] = []
    if field.title:
        properties.append({"id": "displayName", "value": field.title})
    if field.unit:
        properties.append({"id": "unit", "value": field.unit})
    if field.steps:
        properties.append({"id": "thresholds", "value": _thresholds(field.steps)})
        properties.append({"id": "custom.cellOptions", "value": {"type": "color-text"}})
    if field.link is not None:
        link = {"title": field.link.title, "url": url(field.link.path), "targetBlank": True}
        properties.append({"id": "links", "value": [link]})
    if field.hidden:
        properties.append({"id": "custom.hidden", "value": True})
    return {"matcher": {"id": "byName", "options": field.name}, "properties": properties}
