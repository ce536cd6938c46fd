"""`flowglass alerts` on a real store: looking, acknowledging, silencing, and why."""

import json
from pathlib import Path
from time import time_ns

import pytest

from metrics.commands.alerts import alerts
from metrics.store.client import StoreClient
from metrics.words import MINUTE, SECOND
from tests.integration.alerts.evaluating import Running, plan_of, told
from tests.integration.alerts.store_scene import StoredCase, StoreScene
from tests.integration.cli.conftest import Run

pytestmark = pytest.mark.store

FILE = """\
conditions: {receiver_away: {enabled: false}}
interfaces: [{interface: "*", owner: integration_team}]
hosts: [{name: 127.0.0.1, private: true}]
receivers: {hook: {webhook: {url: "http://127.0.0.1:9/x", secret: {env: HOOK}}}}
routes: [{name: all, to: hook, group_wait: 5s, repeat_interval: 10m}]
"""
NOW = time_ns() // 1000


@pytest.fixture
def running(store: StoreClient, tmp_path: Path) -> Running:
    """Two broken interfaces, both told."""
    scene = StoreScene(store, NOW)
    scene.feed(seen=NOW + 60 * MINUTE)
    scene.cases([StoredCase("p", f"c{n}", ("coupa to erp", "hr to identity")[n % 2]) for n in range(40)])
    run = Running(store, plan_of(tmp_path, FILE))
    for second in (0, 15, 25):
        run.round(NOW + second * SECOND)
    return run


def ids(run: Run) -> dict[str, str]:
    """Cause → id."""
    listed = json.loads(run(alerts, "list", "--json").stdout)["alerts"]
    return {one["labels"]["cause"]: one["id"] for one in listed}


def test_people_look_take_and_are_left_in_peace(run: Run, running: Running) -> None:
    listed = run(alerts, "list")
    assert listed.exit_code == 0
    assert listed.stdout.count("firing") == 2
    id_ = ids(run)["coupa to erp"]
    shown = json.loads(run(alerts, "show", id_[:6], "--json").stdout)
    assert (shown["count"], len(shown["cases"]), shown["amounts"]) == (20, 20, {"USD": "200.00"})
    assert run(alerts, "ack", id_, "-m", "on it", "--by", "ann").exit_code == 0
    assert run(alerts, "assign", id_, "bob", "--by", "ann").exit_code == 0
    assert run(alerts, "comment", id_, "vendor called", "--by", "bob").exit_code == 0
    shown = json.loads(run(alerts, "show", id_, "--json").stdout)
    assert (shown["acknowledged_by"], shown["assignee"]) == ("ann", "bob")
    repeated = running.round(NOW + 20 * MINUTE)
    assert [one.message.alerts[0].labels["cause"] for one in repeated] == ["hr to identity"]
    assert "bob" in run(alerts, "show", id_).stdout
    history = run(alerts, "why", id_).stdout
    for word in ("began", "fired", "group wait", "queued", "acknowledged", "assign", "vendor called", "message "):
        assert word in history, history
    lines = json.loads(run(alerts, "why", id_, "--json").stdout)["history"]
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)


def test_a_silence_holds_until_it_is_ended(run: Run, running: Running) -> None:
    made = run(alerts, "silence", "cause=coupa*", "kind=breach", "--for", "1h", "-m", "maintenance", "--by", "ann")
    assert "it fits 1 of the alerts" in made.stdout
    silence = json.loads(run(alerts, "silences", "--json").stdout)["silences"][0]
    assert (silence["written"], silence["by"]) == ("cause=coupa* kind=breach", "ann")
    assert told(running.round(NOW + 20 * MINUTE)) == [("hook", "firing", 1)]
    assert "silenced" in run(alerts, "why", ids(run)["coupa to erp"]).stdout
    assert run(alerts, "unsilence", silence["id"][:4]).exit_code == 0
    assert "no silence" in run(alerts, "silences").stdout
    assert told(running.round(NOW + 21 * MINUTE)) == [("hook", "firing", 1)]


def test_mistakes_say_what_would_do(run: Run, store: StoreClient) -> None:
    assert run(alerts, "show", "ffff").exit_code == 1
    assert run(alerts, "ack", "ffff", "--by", "ann").exit_code == 1
    wrong = run(alerts, "silence", "colour=red", "--by", "ann")
    assert wrong.exit_code == 2
    assert "labels are kind, process" in wrong.output
    assert run(alerts, "silence", "kind=breach", "--for", "soon", "--by", "ann").exit_code == 2
    assert "no alert" in run(alerts, "list").stdout


def test_routes_are_tried_without_sending(run: Run, tmp_path: Path, store: StoreClient) -> None:
    file = tmp_path / "alerts.yaml"
    file.write_text(FILE)
    tried = run(alerts, "routes", "test", "kind=breach", "--file", str(file), "--json")
    assert json.loads(tried.stdout) == {"to": [{"receiver": "hook", "route": "all", "after_seconds": 0.0}]}
    assert run(alerts, "routes", "test", "kind=breach").exit_code == 1, "the shipped file tells nobody"
    assert "every" in run(alerts, "routes", "list").stdout
    file.write_text(FILE.replace("to: hook", "to: hok"))
    wrong = run(alerts, "routes", "list", "--file", str(file))
    assert (wrong.exit_code, "did you mean 'hook'" in wrong.output) == (2, True)
