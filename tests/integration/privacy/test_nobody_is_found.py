"""Real programs: invented people are pushed in by every door, then looked for wherever something is kept or told."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from metrics.privacy.keyring import read_keyring
from metrics.privacy.tokens import Tokens
from tests.faults.stack import Stack
from tests.golden.sources.canaries import CANARIES, PATTERN, found_in, sown
from tests.golden.sources.playing import CASES, SYSTEMS
from tests.integration.privacy.programs import Programs, keys_of, texts_of
from tests.security.figures import Record

pytestmark = [pytest.mark.broker, pytest.mark.store, pytest.mark.slow, pytest.mark.timeout(600)]

NUMBER = "W-998877"
"""A worker, by the same number in every system."""
MANY = {"on": 14, "off": 4}
"""Sown messages of each system."""
WORDS = ("facility", "department", "cost_center", "category", "native_status", "budget", "company", "role", "system")
"""Attributes in which a name could be taken for a ward's, a status's, a system's."""
EVENT = {
    "specversion": "1.0", "id": "e-1", "source": "/hr/prod", "type": "worker.hired.v1", "subject": f"worker/{NUMBER}",
    "time": "2026-03-02T08:00:00Z", "data": {"objects": [{"type": "worker", "id": NUMBER, "qualifier": "subject"}],
    "attributes": {"facility": "north", "department": "icu"}, "actor": NUMBER},
}  # fmt: skip


class Found:
    """What is found afterwards, by place."""

    def __init__(self, programs: Programs) -> None:
        self.programs = programs
        self.told = programs.told()
        stack = programs.stack
        pattern = f"(?i){PATTERN}|{NUMBER}"
        self.columns = len(list(texts_of(stack)))
        self.stored = {
            f"{table}.{column}": count
            for table, column in texts_of(stack)
            if (
                count := stack.value(
                    f"SELECT count() FROM {table} WHERE match(toString(`{column}`), %(p)s)", {"p": pattern}
                )
            )
        }
        self.events = stack.value("SELECT count() FROM v_events")
        self.names = {
            name: stack.value("SELECT count() FROM v_events WHERE JSONExtractString(attributes, %(a)s) IN %(n)s",
                              {"a": name, "n": [CANARIES[kind] for kind in ("name", "one_word", "capitals")]})
            for name in WORDS
        }  # fmt: skip
        self.letters = stack.value("SELECT count() FROM v_dead_letters")
        self.spans = stack.value("SELECT count() FROM spans")

    @property
    def telling(self) -> dict[str, list[str]]:
        """What logs, metrics and answers tell."""
        return {
            place: found for place, text in self.told.items() if (found := found_in(text) + [NUMBER] * (NUMBER in text))
        }


@pytest.fixture(scope="module", params=["on", "off"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Found]:
    with Stack(tmp_path_factory.mktemp(f"privacy-{request.param}"), privacy=request.param) as stack:
        programs = Programs(stack, request.param)
        try:
            programs.start()
            push(programs, MANY[request.param])
            programs.come_to_rest()
            yield Found(programs)
        finally:
            programs.stop()


def push(programs: Programs, many: int) -> None:
    """Everything through its door."""
    for system in SYSTEMS:
        for body in _native(system, many):
            programs.post(f"/intake/{system}", body, {"Content-Type": "application/json"})
        for text in CANARIES.values():
            programs.post(
                f"/intake/{system}?note={text.replace(' ', '+')}", b"{", {"X-Note": text, "Content-Type": text}
            )
    _events(programs)
    _spans(programs)
    _files(programs)
    programs.post("/intake/quartermain@mail.invalid", b"{}", {})


def _native(system: str, many: int) -> Iterator[bytes]:
    """Sown golden messages, each text once at least, and what is not well formed at the end."""
    golden = [file.read_bytes() for case in CASES if case.system == system for file in case.files]
    bodies = [body for one in golden[:4] for _, body in itertools.islice(sown(one), 60)]
    yield from bodies[:: max(1, len(bodies) // many)]
    for text in CANARIES.values():
        yield b'{"note": "' + text.encode() + b'", '
        yield b"<a><name>" + text.encode() + b"</b>"


def _events(programs: Programs) -> None:
    programs.post_json("/events", EVENT, "application/cloudevents+json")
    batch = []
    for number, text in enumerate(CANARIES.values()):
        data = {"objects": [{"type": "worker", "id": text}, {"type": "purchase_order", "id": text}],
                "attributes": {**dict.fromkeys(WORDS, text), "reason": text, "note": text, "supplier_name": text,
                               "manager": text, "deep": {"er": [text]}}, "actor": text}  # fmt: skip
        told = {**EVENT, "id": f"c-{number} {text}", "data": data, "subject": f"worker/{text}"}
        batch.append(told)
        programs.post_json("/events", {**told, "id": f"d-{number}"}, "application/cloudevents+json")
        programs.post_json("/events", {**told, "time": text}, "application/cloudevents+json")
        programs.post_json("/events", {**told, "type": text}, "application/cloudevents+json")
        programs.post_json("/events", {**told, "source": text}, "application/cloudevents+json")
        programs.post_json("/events", {**told, "id": text, "source": f"/hr/{text}"}, "application/cloudevents+json")
        binary = {"ce-specversion": "1.0", "ce-id": f"b-{number}", "ce-source": "/hr", "ce-type": "worker.changed.v1",
                  "ce-subject": f"worker/{text}", "ce-time": "2026-03-02T08:00:00Z", "ce-note": text,
                  "Content-Type": "application/json"}  # fmt: skip
        programs.post("/events", json.dumps(data).encode(), binary)
        programs.post("/events", b"{" + text.encode(), {**binary, "ce-time": text})
        programs.post("/events", text.encode(), {"Content-Type": text})
    programs.post_json("/events", batch, "application/cloudevents-batch+json")
    programs.post_json("/events", [{"id": text} for text in CANARIES.values()], "application/cloudevents-batch+json")


def _spans(programs: Programs) -> None:
    def attribute(name: str, value: str) -> dict[str, object]:
        return {"key": name, "value": {"stringValue": value}}

    for number in range(3):
        people = [attribute("worker.id", NUMBER), attribute("baggage.worker.id", NUMBER),
                  attribute("enduser.id", CANARIES["mail"]), attribute("user.email", CANARIES["mail"]),
                  attribute("user.full_name", CANARIES["name"])]  # fmt: skip
        span = {"traceId": f"{number + 1:032x}", "spanId": f"{number + 1:016x}", "name": "hire", "kind": 2,
                "startTimeUnixNano": "1772438400000000000", "endTimeUnixNano": "1772438400100000000",
                "attributes": people, "events": [{"name": "told", "timeUnixNano": "1772438400000000000",
                                                  "attributes": people}]}  # fmt: skip
        resource = {"attributes": [attribute("service.name", "hub"), attribute("enduser.id", NUMBER)]}
        content = {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": [span]}]}]}
        programs.post_json("/v1/traces", content, "application/json")
    programs.post("/v1/traces", CANARIES["name"].encode(), {"Content-Type": "application/json"})
    programs.post("/v1/traces", b"{" + CANARIES["ssn"].encode(), {"Content-Type": "application/json"})


def _files(programs: Programs) -> None:
    folder = programs.stack.folder / "nightly"
    for system in ("interface_engine_delimited", "interface_engine_fixed"):
        (folder / system).mkdir(parents=True)
        for number, body in enumerate(itertools.islice(_native(system, 8), 12)):
            (folder / system / f"{number}.txt").write_bytes(body)
    done = programs.run("folder", str(folder), "--once", "--quiet", "0", "--every", "0.2", "--patience", "20")
    programs.answers.append(done.stdout + done.stderr)


def test_only_without_privacy_somebody_is_found_in_the_store(
    found: Found, request: pytest.FixtureRequest, record: Record
) -> None:
    assert min(found.events, found.letters) > 50
    assert found.spans >= 3
    if _is_on(request):
        record(5, "columns of the store searched for people and bank accounts", found.columns, len(found.stored))
        assert found.stored == {}, sorted(found.stored)
    else:
        assert {"events.object_ids", "events.attributes", "span_refs.object_id"} <= set(found.stored)
        assert all(found.names.values()), found.names


def test_nobody_is_found_in_logs_metrics_and_answers(
    found: Found, request: pytest.FixtureRequest, record: Record
) -> None:
    assert len(found.told) > 8
    assert len(found.programs.answers) > 10
    if _is_on(request):
        places = len(found.told) + len(found.programs.answers)
        record(5, "logs, metrics, letters and answers searched for them", places, len(found.telling))
        assert found.telling == {}
        assert any("flowglass_privacy_dropped_total{" in text for text in found.told.values())
    else:
        assert found.telling != {}


def test_the_same_worker_is_one_and_is_found_by_the_real_number(found: Found, request: pytest.FixtureRequest) -> None:
    number = Tokens(read_keyring(keys_of(found.programs.stack.folder))).id(NUMBER) if _is_on(request) else NUMBER
    stack, token = found.programs.stack, {"token": number}
    assert stack.value("SELECT count() FROM v_events WHERE has(object_ids, %(token)s)", token) == 1
    assert stack.value("SELECT uniq(trace_id) FROM v_span_refs WHERE object_id = %(token)s", token) == 3
    shown = found.programs.run("case", NUMBER, "--json")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["case_id"] == number


def test_without_a_keyring_the_intake_does_not_start(tmp_path: Path) -> None:
    with Stack(tmp_path, privacy="on") as stack:
        programs = Programs(stack, "on")
        for words in (("worker", "sources"), ("worker", "spans"), ("gateway", "--port", "0")):
            ended = programs.run(*words)
            assert ended.returncode != 0
            assert "flowglass privacy init" in ended.stderr


def _is_on(request: pytest.FixtureRequest) -> bool:
    return bool(request.node.callspec.params["found"] == "on")
