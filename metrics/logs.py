"""Logs of every program: lines for people, or with FLOWGLASS_LOG=json one JSON object a line on standard error.

An object has `time` (RFC 3339, UTC), `level`, `logger`, `message`, `exception` when there is one, `trace_id` and
`span_id` of Flowglass's own span while one is open, and whatever the line says beside. Secrets are taken out.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, TextIO

import structlog
from opentelemetry.trace import get_current_span

HIDDEN = "…"
_SECRET_NAMES = re.compile(r"password|passwd|secret|token|authorization|cookie|api_?key|private_?key|credential", re.I)
_SECRETS = (
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+(?=@)"), rf"\1{HIDDEN}"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (re.compile(r"(?i)\b((?:password|passwd|secret|token|api_?key)\s*[=:]\s*)[^\s&,;'\"]+"), rf"\1{HIDDEN}"),
)
_LEVELS = {"warn": "warning", "exception": "error", "fatal": "critical"}
_OF_A_RECORD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

Clock = Callable[[], datetime]


def configure_logs(form: str, stream: TextIO | None = None, clock: Clock | None = None) -> None:
    """Write everything that is logged, by structlog or by the standard library, in this form (`plain` or `json`)."""
    if form == "plain":
        return  # structlog's and the standard library's own
    out, now = stream or sys.stderr, clock or _now

    def write(_: Any, method: str, event: MutableMapping[str, Any]) -> str:
        logger = event.pop("_logger", "")
        message, error = event.pop("event", ""), event.pop("exc_info", None)
        return line(now(), _LEVELS.get(method, method), logger, message, event, error)

    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, _named, write],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *names: _Written(out, names[0] if names else ""),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Formatter(now))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught


def line(
    now: datetime, level: str, logger: str, message: object, beside: Mapping[str, Any], error: Any = None
) -> str:  # fmt: skip
    """One log line as JSON, without the line's end."""
    told: dict[str, Any] = {
        "time": now.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "level": level,
        "logger": logger,
        "message": without_secrets(str(message)),
    }
    told |= _trace()
    told |= {name if name not in told else f"{name}_": _shown(name, value) for name, value in beside.items()}
    if text := _exception(error):
        told["exception"] = without_secrets(text)
    return json.dumps(told, default=lambda value: without_secrets(str(value)), ensure_ascii=False)


def without_secrets(text: str) -> str:
    """The text without passwords in URLs, bearer tokens, and what stands behind `password=` and its like."""
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def _shown(name: str, value: Any) -> Any:
    """A value without secrets; one whose name speaks of a secret is one, unless it is a number or a flag."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    if _SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(key): _shown(str(key), one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_shown(name, one) for one in value]
    return without_secrets(str(value))


def _trace() -> dict[str, str]:
    context = get_current_span().get_span_context()
    if not context.is_valid:
        return {}
    return {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}


def _exception(error: Any) -> str:
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    return "".join(traceback.format_exception(error)).rstrip() if isinstance(error, BaseException) else ""


class _Written(structlog.WriteLogger):
    """A logger that knows its name."""

    def __init__(self, out: TextIO, name: str) -> None:
        super().__init__(out)
        self.name = name


def _named(logger: Any, _: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["_logger"] = logger.name
    return event


class _Formatter(logging.Formatter):
    """Records of the standard library, as Faust, aiokafka and gunicorn write them."""

    def __init__(self, now: Clock) -> None:
        super().__init__()
        self._clock = now

    def format(self, record: logging.LogRecord) -> str:
        beside = {name: value for name, value in vars(record).items() if name not in _OF_A_RECORD}
        level = record.levelname.lower()
        return line(self._clock(), level, record.name, record.getMessage(), beside, record.exc_info)


def _uncaught(kind: type[BaseException], error: BaseException, at: Any) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, at)
        return
    logging.getLogger("flowglass").critical("the program ends with an error", exc_info=(kind, error, at))


def _now() -> datetime:
    return datetime.now(UTC)
