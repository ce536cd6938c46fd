"""Golden cases: a directory of messages in order, and what the mapping must make of each.

``tests/golden/sources/<system>/<case>/`` holds message files (mapped in the order of their names, the state going from
one to the next), ``expected.yaml``, and where needed ``case.yaml`` (about, headers, messages, same_events_as).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from os.path import normpath
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from metrics.definitions.yaml_text import parse
from metrics.texts.times import instant, written
from metrics.words import Event
from streams.sources.mapping import Mapping
from streams.sources.message import Cause, Message, Outcome, Snapshot

CASE_FILE, EXPECTED_FILE = "case.yaml", "expected.yaml"
RECEIVED = "2026-06-30T12:00:00Z"


class MessageText(BaseModel):
    """What came with one message file."""

    model_config = ConfigDict(extra="forbid")
    headers: dict[str, str] = {}
    received: str = ""
    topic: str = ""
    answers: str = ""
    """`FILE/NAME` (or `FILE/NAME/N`): the answer to the enrichment NAME that a message before asked for."""


class CaseText(BaseModel):
    """`case.yaml`."""

    model_config = ConfigDict(extra="forbid")
    about: str = ""
    mapping: str = ""
    headers: dict[str, str] = {}
    messages: dict[str, MessageText] = {}
    same_events_as: str = ""


@dataclass(frozen=True)
class Case:
    """One golden case."""

    system: str
    name: str
    folder: Path
    text: CaseText
    files: tuple[Path, ...]

    @property
    def mapping(self) -> str:
        """The name of the mapping: the system's, unless the case names another, or a file as seen from its folder."""
        written = self.text.mapping
        return normpath(self.folder / written) if written.endswith((".yaml", ".yml")) else written or self.system

    @property
    def expected_file(self) -> Path:
        return self.folder / EXPECTED_FILE

    def expected(self) -> Any:
        """What `expected.yaml` says; None when there is none yet."""
        return parse(self.expected_file.read_text(encoding="utf-8")).data if self.expected_file.is_file() else None


@dataclass
class Played:
    """A case played: each message with its outcome, and the state at the end."""

    outcomes: list[tuple[Message, Outcome]] = field(default_factory=list)
    state: dict[str, Snapshot] = field(default_factory=dict)


def cases(directory: Path, system: str = "") -> Iterator[Case]:
    """Every case under a directory, or those of one system, by name. Raises ValueError for a bad `case.yaml`."""
    for folder in sorted(path for path in directory.glob("*/*") if path.is_dir()):
        name = folder.parent.name
        if system and name != system:
            continue
        files = tuple(sorted(file for file in folder.iterdir() if file.name not in (CASE_FILE, EXPECTED_FILE)))
        note = folder / CASE_FILE
        data = parse(note.read_text(encoding="utf-8")).data if note.is_file() else {}
        try:
            text = CaseText.model_validate(data)
        except ValueError as error:
            raise ValueError(f"{note}: {error}") from None
        yield Case(name, folder.name, folder, text, files)


def play(case: Case, mapping: Mapping) -> Played:
    """Map every message of a case in order."""
    played = Played()
    by_file: dict[str, Outcome] = {}
    for position, file in enumerate(case.files):
        note = case.text.messages.get(file.name, MessageText())
        headers = {name.lower(): value for name, value in {**case.text.headers, **note.headers}.items()}
        cause = _cause(note.answers, by_file) if note.answers else None
        message = Message(file.read_bytes(), headers, instant(note.received or RECEIVED), position=position,
                          topic=note.topic, offset=position, cause=cause)  # fmt: skip
        outcome = mapping.map(message, played.state)
        played.outcomes.append((message, outcome))
        played.state = {**played.state, **outcome.state}
        by_file[file.name] = outcome
    return played


def _cause(answers: str, by_file: dict[str, Outcome]) -> Cause:
    file, _, rest = answers.partition("/")
    name, _, number = rest.partition("/")
    asked = [one.cause for one in by_file.get(file, Outcome()).enrichments if one.cause.enrichment == name]
    if (number and not number.isdecimal()) or int(number or 0) >= len(asked):
        raise ValueError(f"answers: {answers!r} is not FILE/NAME of an enrichment that a message before asked for")
    return asked[int(number or 0)]


def found(case: Case, played: Played) -> list[dict[str, Any]]:
    """What a played case gave, in the form of `expected.yaml`."""
    return [
        _without_nothing(
            {
                "message": file.name,
                "events": [
                    {"rule": f"{fired.kind}.{fired.rule}", **shown(event)}
                    for event, fired in zip(outcome.events, outcome.fired, strict=True)
                ],
                "dead_letters": [{"reason": one.reason, "detail": one.detail} for one in outcome.letters],
                "ignored": [one.why for one in outcome.ignored],
                "unknown_words": [f"{table}: {word}" for table, word in outcome.unknown_words],
                "enrichments": [f"{one.cause.enrichment}: {one.request}" for one in outcome.enrichments],
            }
        )
        for file, (_, outcome) in zip(case.files, played.outcomes, strict=True)
    ]


def shown(event: Event) -> dict[str, Any]:
    """An event as people read it; the members that say nothing are left out."""
    return _without_nothing(
        {
            "type": event.type,
            "id": event.id,
            "subject": event.subject,
            "time": written(event.time).replace(".000000Z", "Z"),
            "precision": "" if event.precision == "instant" else event.precision,
            "recorded": "" if event.recorded is None else written(event.recorded).replace(".000000Z", "Z"),
            "effective": event.effective_date,
            "objects": [f"{ref.type}/{ref.id} ({ref.qualifier})" for ref in event.objects[1:]],
            "attributes": event.attributes,
            "amount": "" if event.amount is None else f"{event.amount.value} {event.amount.currency}",
            "actor": event.actor,
            "trace": f"{event.trace_id} {event.span_id} ({event.trace_source})" if event.trace_id else "",
        }
    )


def _without_nothing(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in ("", [], {}, None)}


def write_expected(case: Case, result: list[dict[str, Any]]) -> None:
    """Write `expected.yaml` for a person to read before it is believed."""
    text = yaml.dump(result, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=118)
    case.expected_file.write_text(text, encoding="utf-8")


class _Dumper(yaml.SafeDumper):
    """Quotes what YAML 1.1 readers would take for something else; never writes anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def difference(expected: Any, result: list[dict[str, Any]]) -> str:
    """The first place where a result is not as expected, as a sentence."""
    if expected is None:
        return f"there is no {EXPECTED_FILE}; `flowglass mapping test --write` writes it, then read it"
    return _difference(expected, result, "") or "the files differ"


def _difference(expected: Any, result: Any, place: str) -> str:
    if expected == result:
        return ""
    if isinstance(expected, dict) and isinstance(result, dict):
        for name in [*expected, *result]:
            if expected.get(name) != result.get(name):
                return _difference(expected.get(name), result.get(name), f"{place}.{name}" if place else str(name))
    if isinstance(expected, list) and isinstance(result, list) and len(expected) == len(result):
        for number, (left, right) in enumerate(zip(expected, result, strict=True)):
            if left != right:
                return _difference(left, right, f"{place}[{number}]")
    return f"{place}: expected {expected!r}, found {result!r}"
