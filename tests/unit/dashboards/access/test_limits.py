"""Whoever asks too often is told to wait, in all server processes together, and nobody else is."""

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboards.access.buckets import LOOKED_AT, Buckets
from dashboards.access.limits import NONE, Limits, RateLimits, kind_of, limits_of
from dashboards.api.operations import OPERATIONS
from dashboards.application import create_app
from metrics.access.load import load_roles
from metrics.access.model import Person
from metrics.settings import read_settings
from tests.security.figures import Record
from tests.unit.dashboards.access.test_gate import Clock, House, call, sign_on
from tests.unit.dashboards.fake_reader import FakeReader

LIMITS = Limits(pages=20, api=10, exports=3, sign_on=5)
HTML = {"Accept": "text/html"}


class Asked:
    """A server that answers everything, behind limits of its own."""

    def __init__(self, *, guarded: bool = True, limits: Limits = LIMITS) -> None:
        self.clock = Clock()
        self.who: Person | None = None
        self.server = Flask("asked")
        buckets = Buckets(self.clock)
        RateLimits(limits, lambda: self.who, guarded=guarded, buckets=buckets).stand_before(self.server)
        self.server.add_url_rule("/<path:_any>", "any", lambda _any: "answer", methods=["GET", "POST"])

    def statuses(self, path: str, times: int, address: str = "10.0.0.1") -> list[int]:
        return [self.ask(path, address).status_code for _ in range(times)]

    def ask(self, path: str, address: str = "10.0.0.1") -> Any:
        return self.server.test_client().get(path, environ_base={"REMOTE_ADDR": address})

    def be(self, name: str) -> None:
        self.who = Person(name, load_roles()["admin"], None, "s")


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/_dash-update-component", 20),
        ("/sla", 20),
        ("/_dash-layout", 20),
        ("/api/v1/cases", 10),
        ("/api/v1/nothing", 10),
        ("/api/v1/exports/csv", 3),
        ("/sign-on", 5),
        ("/sign-on/back", 5),
    ],
)
def test_each_kind_has_its_limit_and_goes_on_when_it_says(path: str, limit: int, record: Record) -> None:
    asked = Asked()
    statuses = asked.statuses(path, limit + 2)
    assert statuses == [200] * limit + [429] * 2
    refused = asked.ask(path)
    wait = int(refused.headers["Retry-After"])
    assert 1 <= wait <= 60 // limit + 1
    asked.clock.now += wait
    assert asked.statuses(path, 1) == [200]
    record(12, "requests of a caller over a limit", len(statuses), statuses[limit:].count(200))


def test_callers_and_kinds_do_not_use_up_each_other() -> None:
    asked = Asked()
    assert asked.statuses("/api/v1/exports/csv", 4)[-1] == 429
    assert asked.statuses("/api/v1/cases", 1) == [200]
    assert asked.statuses("/api/v1/exports/csv", 1, "10.0.0.2") == [200]
    asked.be("ada")
    assert asked.statuses("/api/v1/exports/csv", 4) == [200] * 3 + [429]
    assert asked.statuses("/api/v1/exports/csv", 1, "10.0.0.9") == [429]
    asked.be("eve")
    assert asked.statuses("/api/v1/exports/csv", 1) == [200]


def test_a_whole_minute_brings_the_limit_once_more_and_no_more_than_that() -> None:
    asked = Asked()
    asked.statuses("/sla", 25)
    allowed = 0
    for _ in range(60):
        asked.clock.now += 1.0
        allowed += asked.statuses("/sla", 1) == [200]
    assert allowed == 20


def test_what_is_the_same_for_everybody_is_never_refused() -> None:
    asked = Asked(limits=Limits(1, 1, 1, 1))
    for path in ("/assets/grid.js", "/_dash-component-suites/dash/x.js", "/health", "/ready", "/api/v1/ready"):
        assert asked.statuses(path, 30) == [200] * 30, path


def test_without_a_limit_and_where_nobody_signs_on_nothing_is_refused() -> None:
    assert Asked(limits=NONE).statuses("/api/v1/exports/csv", 50) == [200] * 50
    assert Asked(guarded=False).statuses("/sla", 50) == [200] * 50  # all of a company may come from its proxy's address
    assert Asked().statuses("/sign-on", 6, "127.0.0.1")[-1] == 429


def test_every_operation_of_the_interface_but_the_probes_is_counted() -> None:
    kinds = {one.path: kind_of(one.rule.replace("<path:", "").replace("<", "").replace(">", "")) for one in OPERATIONS}
    assert {path for path, kind in kinds.items() if kind is None} == {"/health", "/ready"}
    assert {path for path, kind in kinds.items() if kind == "exports"} == {
        path for path in kinds if path.startswith("/exports/")
    }


def test_a_refusal_says_what_to_do_in_the_form_that_was_asked_for() -> None:
    asked = Asked(limits=Limits(1, 1, 1, 1))
    client = asked.server.test_client()
    for path in ("/sla", "/api/v1/cases"):
        client.get(path)
    page = client.get("/sla", headers=HTML)
    assert (page.status_code, page.mimetype) == (429, "text/html")
    assert "It goes on in 60 s" in page.text
    problem = client.get("/api/v1/cases")
    assert (problem.status_code, problem.mimetype) == (429, "application/problem+json")
    assert (problem.json or {})["status"] == 429
    assert "error" in (client.post("/_dash-update-component").json or {})


def test_a_person_who_asks_too_often_waits_and_others_go_on(tmp_path: Path) -> None:
    house = House(tmp_path, Limits(pages=3, api=600, exports=10, sign_on=100))
    ada, eve = house.signed_on("ada"), house.signed_on("eve")
    statuses = [call(ada).status_code for _ in range(8)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert call(eve).status_code == 200
    again: FlaskClient = house.stranger()
    assert sign_on(again, "ada", "correct horse battery").status_code == 303
    assert call(again, token="x").status_code == 400
    again.get("/sla")
    assert call(again).status_code == 429


def test_the_shipped_limits_let_a_person_work_with_several_pages_open() -> None:
    limits = limits_of(read_settings({}))
    assert min(limits) > 0
    cards = len(create_app(FakeReader()).callback_map)
    assert limits.pages > cards * 4


def test_processes_share_what_callers_have_used() -> None:
    buckets = Buckets(lambda: 1000.0)
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            taken = sum(buckets.take("person ada", 60) == 0.0 for _ in range(15))
            os._exit(taken)
        children.append(child)
    ended = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert ended == [15, 15, 15]
    assert [buckets.take("person ada", 60) == 0.0 for _ in range(16)] == [True] * 15 + [False]


def test_threads_take_no_more_than_there_is() -> None:
    buckets = Buckets(lambda: 1000.0)
    taken: list[bool] = []

    def ask() -> None:
        taken.extend(buckets.take("person ada", 50) == 0.0 for _ in range(40))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), sum(taken)) == (160, 50)


def test_many_callers_take_the_place_of_those_who_used_least_and_of_nobody_else() -> None:
    now = 1000.0
    buckets = Buckets(lambda: now, places=LOOKED_AT)
    for _ in range(60):
        buckets.take("busy", 60)
    assert buckets.take("busy", 60) > 0
    for number in range(100):
        assert buckets.take(f"other {number}", 60) == 0.0
    assert buckets.take("busy", 60) > 0
