"""The AsyncAPI document: whole in itself, and right by the official schema where that is at hand."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from metrics.contracts.model import load_contracts
from streams import topics
from streams.contracts.asyncapi import document, document_text
from streams.contracts.payloads import CAUSE_SCHEMA, MARKER_SCHEMA, QUESTION_SCHEMA
from streams.sources.message import Cause, Enrichment
from streams.sources.native import question

ROOT = Path(__file__).parents[4]
SPECS = "@asyncapi/specs@6.11.1"
CONTRACTS = load_contracts()
DOCUMENT = document(CONTRACTS)


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for word, inner in node.items():
            if word == "$ref":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from references(inner)


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DOCUMENT):
        if reference.startswith("#/"):
            node: Any = DOCUMENT
            for step in reference[2:].split("/"):
                node = node[step]
        else:
            assert (ROOT / "docs/schema" / reference).is_file(), reference


def test_the_text_reads_back_as_the_document() -> None:
    assert yaml.safe_load(document_text(CONTRACTS)) == json.loads(json.dumps(DOCUMENT))


def test_every_type_is_a_message_of_the_topic_of_events() -> None:
    events = DOCUMENT["channels"]["events"]
    assert events["address"] == topics.EVENTS
    assert events["messages"].keys() == {"feed_marker", *CONTRACTS.events}


def test_every_topic_that_others_touch_has_a_channel_with_its_kafka_binding() -> None:
    internal = {topics.DELIVERIES, topics.QUALITY, topics.INCARNATION}
    addresses = {channel["address"]: channel for channel in DOCUMENT["channels"].values()}
    for topic in topics.all_topics():
        if topic.name not in internal:
            binding = addresses.pop(topic.name)["bindings"]["kafka"]
            assert (binding["topic"], binding["partitions"]) == (topic.name, topic.partitions)
    assert addresses == {}


def test_a_question_and_its_cause_are_as_the_document_says() -> None:
    cause = Cause(enrichment="details", event_id="e-1", type="a.b.v1", subject="a/1", time="2026-01-02T03:04:05Z")
    _, value, *_ = question("erp", "/erp/prod", Enrichment(request="/api/a/1", timeout_us=5, cause=cause))
    assert value is not None
    jsonschema.validate(json.loads(value), QUESTION_SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"enrichment": "details"}, CAUSE_SCHEMA)


def test_a_marker_is_as_the_document_says() -> None:
    from streams.codecs.cloudevents import encode_marker

    _, value, _ = encode_marker("simulator", "end", 3)
    jsonschema.validate(json.loads(value), MARKER_SCHEMA)


@pytest.fixture(scope="module")
def official_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """AsyncAPI's own schema from npm, kept in the test cache; skips where npm cannot give it."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "flowglass" / SPECS.partition("/")[2]
    found = cache / "node_modules/@asyncapi/specs/schemas/3.0.0.json"
    if not found.is_file():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("AsyncAPI's schema is not here: npm, which would fetch it, is not installed")
        done = subprocess.run(
            [npm, "install", "--prefix", str(cache), "--no-audit", "--no-fund", SPECS],
            capture_output=True, text=True, check=False, timeout=100,
        )  # fmt: skip
        if done.returncode:
            pytest.skip(f"AsyncAPI's schema is not here: npm could not fetch it ({done.stderr.strip()[-200:]})")
    return found


def test_the_document_is_right_by_the_official_schema(official_schema: Path) -> None:
    schema = json.loads(official_schema.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(json.loads(json.dumps(DOCUMENT)))
