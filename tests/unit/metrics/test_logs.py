"""One JSON object a line, whoever logs, with the trace that it belongs to and without secrets."""

import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from opentelemetry.sdk.trace import TracerProvider

from metrics.logs import HIDDEN, configure_logs, without_secrets
from metrics.settings import log_form

NOW = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)


class Lines:
    def __init__(self) -> None:
        self.stream = io.StringIO()

    def all(self) -> list[dict[str, Any]]:
        return [json.loads(text) for text in self.stream.getvalue().splitlines()]

    def last(self) -> dict[str, Any]:
        return self.all()[-1]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What is logged as JSON; the process logs as before afterwards."""
    root = logging.getLogger()
    handlers, level, hook = list(root.handlers), root.level, sys.excepthook
    told = Lines()
    configure_logs("json", told.stream, lambda: NOW)
    yield told
    structlog.reset_defaults()
    logging.captureWarnings(False)
    root.handlers, sys.excepthook = handlers, hook
    root.setLevel(level)


def test_a_line_says_when_how_bad_who_and_what(lines: Lines) -> None:
    structlog.get_logger("streams.engine").warning("slow flush", seconds=12.5, table="events")
    assert lines.last() == {
        "time": "2026-03-01T12:00:00.000005Z",
        "level": "warning",
        "logger": "streams.engine",
        "message": "slow flush",
        "seconds": 12.5,
        "table": "events",
    }


def test_the_standard_library_logs_in_the_same_form(lines: Lines) -> None:
    logging.getLogger("aiokafka").warning("lost %s", "node 1", extra={"node": 1})
    assert lines.last() | {"time": ""} == {
        "time": "",
        "level": "warning",
        "logger": "aiokafka",
        "message": "lost node 1",
        "node": 1,
    }


def test_details_below_what_is_asked_for_are_left_out(lines: Lines) -> None:
    structlog.get_logger("x").debug("no")
    logging.getLogger("faust").info("no")
    assert lines.all() == []


def test_an_error_stays_on_one_line_with_its_traceback(lines: Lines) -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        structlog.get_logger("a").exception("it broke")
        logging.getLogger("b").exception("it broke")
    ours, theirs = lines.all()
    for told in (ours, theirs):
        assert told["level"] == "error"
        assert told["exception"].endswith("ValueError: first\nsecond")


def test_a_line_within_a_span_names_its_trace(lines: Lines) -> None:
    log = structlog.get_logger("streams.engine")
    with TracerProvider().get_tracer("t").start_as_current_span("flush") as span:
        log.info("inside")
        logging.getLogger("faust").warning("inside")
    log.info("outside")
    context = span.get_span_context()
    *inside, outside = lines.all()
    for told in inside:
        assert (told["trace_id"], told["span_id"]) == (f"{context.trace_id:032x}", f"{context.span_id:016x}")
    assert "trace_id" not in outside


def test_what_a_line_says_never_takes_the_place_of_what_it_is(lines: Lines) -> None:
    structlog.get_logger("a").info("hello", level="ninth", time=7)
    told = lines.last()
    assert (told["level"], told["level_"], told["time_"]) == ("info", "ninth", 7)


@pytest.mark.parametrize(
    "text",
    [
        "http://writer:hunter2@store:8123/",
        "sasl+ssl://flow:hunter2@kafka:9093",
        "Authorization: Bearer hunter2hunter2",
        "password=hunter2&user=a",
        "token: hunter2",
    ],
)
def test_secrets_are_taken_out_of_texts(text: str) -> None:
    assert "hunter2" not in without_secrets(text)
    assert HIDDEN in without_secrets(text)


def test_secrets_are_taken_out_of_values_and_tracebacks(lines: Lines) -> None:
    try:
        raise ConnectionError("http://writer:hunter2@store:8123 is away")
    except ConnectionError:
        structlog.get_logger("a").exception(
            "no http://u:hunter2@h", password="hunter2", nested={"api_key": "hunter2", "n": 1}, urls=["x://u:hunter2@h"]
        )
    assert "hunter2" not in lines.stream.getvalue()
    assert lines.last()["nested"] == {"api_key": HIDDEN, "n": 1}


def test_what_cannot_be_written_as_json_is_written_as_text(lines: Lines) -> None:
    structlog.get_logger("a").info("odd", when=NOW, raw=b"\xff", names={"b"})
    assert lines.last()["names"] == ["b"]


def test_only_json_is_json() -> None:
    assert log_form({"FLOWGLASS_LOG": "json"}) == "json"
    assert log_form({"FLOWGLASS_LOG": "yes"}) == log_form({}) == "plain"


def test_a_program_that_fails_says_so_in_lines_of_json() -> None:
    away = {"FLOWGLASS_STORE_URL": "http://flow:hunter2@127.0.0.1:1", "FLOWGLASS_BROKER_URL": "127.0.0.1:1"}
    command = [sys.executable, "-m", "metrics.cli", "alerts", "run"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=100, check=False, env={**away, "FLOWGLASS_LOG": "json"}
    )
    assert done.returncode == 1
    told = [json.loads(text) for text in done.stderr.splitlines()]
    assert {"time", "level", "logger", "message"} <= set.intersection(*map(set, told))
    assert told[-1]["level"] == "error"
    assert "hunter2" not in done.stderr
