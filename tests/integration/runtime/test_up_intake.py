"""`flowglass up` takes one's own events: over HTTP and from its folder, at the places that it names."""

import json
import re
import urllib.request
from pathlib import Path

import pytest

from metrics.running import read_note
from metrics.settings import DEFAULT_DATABASE
from metrics.store.client import StoreClient, connect_url
from streams.runtime.ports import free_port
from tests.faults.stack import wait_until
from tests.golden.sources.playing import CASES
from tests.integration.runtime.up_process import Up
from tests.unit.streams.gateway.built import event

pytestmark = pytest.mark.timeout(300)
NIGHT = next(case for case in CASES if case.system == "interface_engine_fixed" and case.name == "a_night_sent_twice")


def test_what_is_posted_and_what_is_put_into_the_inbox_becomes_cases(tmp_path: Path) -> None:
    port = free_port()
    with Up(tmp_path / "data", "--no-simulator", "--gateway-port", str(port)) as up:
        up.wait_for("ready; no events yet")
        said = re.search(r"to (http://\S+) with the token in (\S+) \(", up.said())
        assert said is not None
        url, token = said[1], Path(said[2]).read_text().strip()
        note = read_note(tmp_path / "data")
        assert note is not None
        assert url == note.gateway == f"http://127.0.0.1:{port}"
        post(f"{url}/events", token, event("PO-1"))
        inbox = tmp_path / "data" / "inbox" / "interface_engine_fixed"
        inbox.mkdir()
        (inbox / "night.txt").write_bytes(NIGHT.files[0].read_bytes())
        (inbox / "night.txt.done").touch()
        store = connect_url(note.store, DEFAULT_DATABASE)
        wait_until(lambda: "created-PO-1" in ids(store), within=60)
        wait_until(lambda: any("interface-engine" in source for source in sources(store)), within=90)
        store.close()
        assert {"gateway", "folder"} <= set(up.programs())
        assert up.stop() == 0, up.said()


def test_without_a_gateway_and_a_folder_neither_runs(tmp_path: Path) -> None:
    with Up(tmp_path / "data", "--no-simulator", "--no-gateway", "--no-folder") as up:
        up.wait_for("ready; no events yet")
        assert not {"gateway", "folder"} & set(up.programs())
        assert "send events" not in up.said()
        assert up.stop() == 0, up.said()


def post(url: str, token: str, content: object) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/cloudevents+json"}
    with urllib.request.urlopen(
        urllib.request.Request(url, json.dumps(content).encode(), headers), timeout=10
    ) as answer:
        assert json.load(answer)["status"] == "accepted"


def ids(store: StoreClient) -> set[str]:
    return {row["event_id"] for row in store.rows("SELECT event_id FROM v_events", {})}


def sources(store: StoreClient) -> set[str]:
    return {row["source"] for row in store.rows("SELECT DISTINCT source FROM v_events", {})}
