"""What somebody else wrote (ids, names, reasons) is shown as the text that it is: no markup, no script, no formula."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from dash import Dash
from flask.testing import FlaskClient

from dashboards.access.limits import NONE
from dashboards.application import create_app
from metrics.exports.csv import csv_pieces, harmless
from metrics.exports.rows import ExportedEvent
from metrics.queries.rows import CaseChoices, Process
from tests.security.callbacks import callbacks, post
from tests.security.corpus import FORMULAE, MARKUP
from tests.security.figures import Record, sample
from tests.unit.dashboards.fake_reader import NOW, FakeReader

RAW = {"dangerouslySetInnerHTML", "dangerously_allow_html", "srcDoc"}
"""Properties that would make markup of a text."""


class Hostile(FakeReader):
    """Answers every question with a row whose texts are all hostile."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def rows(self, name: str, row_type: type[Any], /, **parameters: Any) -> list[Any]:
        if row_type is Process:
            return [Process(self.text, 10, 5, 50, NOW - 10**12, NOW, 0, self.text)]
        if row_type is CaseChoices:
            return [CaseChoices([self.text], [self.text])]
        return [row_type(**{field: self._of(kind) for field, kind in get_type_hints(row_type).items()})]

    def _of(self, kind: Any) -> Any:
        if kind is str:
            return self.text
        if get_origin(kind) is list:
            return [self._of(get_args(kind)[0])]
        if get_origin(kind) is dict:
            return {self.text: self._of(get_args(kind)[1])}
        return kind(1) if kind in (int, float) else None


@pytest.mark.parametrize("text", sample(MARKUP, 8))
def test_a_hostile_text_travels_as_text_through_every_callback(text: str, record: Record) -> None:
    app: Dash = create_app(Hostile(text), limits=NONE)
    app.server.config["PROPAGATE_EXCEPTIONS"] = False
    client: FlaskClient = app.server.test_client()
    shown, bad, tried = 0, [], 0
    for one in callbacks(app):
        rows = {name: {"startRow": 0, "endRow": 50} for name in one.takes if name.endswith(".getRowsRequest")}
        answer = post(client, one.body(**rows, **{"url.search": "?id=R-1&period=0"}))
        tried += 1
        if answer.status_code != 200:
            continue  # the rows were nonsense to it
        told = list(leaves(answer.get_json()))
        shown += any(text in value for _, value in told)
        bad += [(one.output[:50], name) for name, _ in told if name in RAW]
        links = [value for name, value in told if name in ("href", "src")]
        links += [link for _, value in told if value.startswith("<svg ") for link in links_in(value)]
        bad += [(one.output[:50], link) for link in links if not is_ours(link)]
    record(11, "hostile texts in every column, by callback", tried, len(bad))
    assert bad == []
    assert shown > 5


def leaves(told: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text that a page is sent, and what it is called."""
    if isinstance(told, dict):
        for key, value in told.items():
            yield from leaves(value, key)
    elif isinstance(told, list):
        for value in told:
            yield from leaves(value, name)
    elif isinstance(told, str):
        yield name, told


def links_in(drawing: str) -> list[str]:
    """The links of a drawing."""
    nodes = ET.fromstring(drawing).iter()
    return [value for node in nodes for name, value in node.attrib.items() if name.endswith("href")]


def is_ours(href: str) -> bool:
    """Whether a link stays within the pages."""
    return href == "" or href[0] in "?#" or bool(re.match(r"/(?![/\\])", href)) or href.startswith("data:image/")


@pytest.mark.parametrize("text", sample(MARKUP, 5))
def test_a_drawing_with_hostile_names_holds_no_script(text: str, record: Record) -> None:
    app: Dash = create_app(Hostile(text), limits=NONE)
    app.server.config["PROPAGATE_EXCEPTIONS"] = False
    client: FlaskClient = app.server.test_client()
    bad, drawn = [], 0
    for one in callbacks(app):
        if "map" not in one.output and "topology" not in one.output:
            continue
        for _, drawing in leaves(post(client, one.body()).get_json(silent=True)):
            if drawing.startswith("<svg "):
                drawn += 1
                nodes = list(ET.fromstring(drawing).iter())
                bad += [node.tag for node in nodes if node.tag.endswith(("script", "foreignObject", "iframe", "img"))]
                bad += [name for node in nodes for name in node.attrib if name.startswith("on")]
    record(11, "hostile texts in drawings", drawn, len(bad))
    assert drawn
    assert bad == []


def test_the_browsers_half_never_makes_markup_of_a_text() -> None:
    for script in files("dashboards").joinpath("assets").iterdir():
        if script.name.endswith(".js"):
            text = script.read_text(encoding="utf-8")
            for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
                assert word not in text, (script.name, word)


def test_formulae_stay_texts_in_every_cell_of_an_export(record: Record) -> None:
    fields = get_type_hints(ExportedEvent)
    live = 0
    for text in FORMULAE:
        event = ExportedEvent(**{name: Hostile(text)._of(kind) for name, kind in fields.items()})
        lines = list(csv.reader(io.StringIO(b"".join(csv_pieces([event])).decode(), newline="")))
        live += sum(cell[:1] in "=+-@\t\r" for cell in lines[1] if cell)
        assert harmless(text) == f"'{text}"
    record(11, "formulae in every cell of an export", len(FORMULAE), live)
    assert live == 0
