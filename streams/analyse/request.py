"""What was asked for: files, how to read them, and what to measure. Everything is checked before anything starts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from streams.intake.load import Plan, plan, readers
from streams.intake.options import LogOptions
from streams.spans.files import read_span_file

if TYPE_CHECKING:
    from metrics.definitions.model import Definition

ARROW = "->"

MilestonePair = tuple[str, str]


class WrongRequest(ValueError):
    """Something asked for cannot be; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Request:
    """A checked request. `definitions`: where the worker finds the process, if not among those it has anyway."""

    load: Plan
    spans: tuple[Path, ...]
    process: str
    pairs: tuple[MilestonePair, ...]
    definition: "Definition | None" = None
    definitions: Path | None = None
    with_start: bool = False


def make_request(
    files: Sequence[Path],
    options: LogOptions,
    *,
    spans: Sequence[Path] = (),
    process: str = "",
    pairs: Iterable[str] = (),
    catalogue: Path | None = None,
) -> Request:
    """Check everything. Raises WrongRequest, or IntakeError for files that cannot be read as asked."""
    if not files and not spans:
        raise WrongRequest("name at least one log file, or span files with --spans")
    asked = [parse_pair(text) for text in pairs]
    definition = _definition(process, catalogue) if process else None
    if definition is not None:
        options = msgspec.structs.replace(options, case_type=definition.case_type)
        _known_milestones(definition, asked)
    load = plan(files, options)
    readers(load)
    for path in spans:
        next(read_span_file(path), None)
    return Request(
        load=load,
        spans=tuple(spans),
        process=definition.process if definition else load.case_type,
        pairs=tuple(dict.fromkeys([*(_declared_pairs(definition) if definition else ()), *asked])),
        definition=definition,
        definitions=Path(process).resolve() if process and Path(process).is_file() else catalogue,
        with_start=options.start is not None,
    )


def parse_pair(text: str) -> MilestonePair:
    """``A -> B`` as two names. An arrow without blanks belongs to a name wherever there is one with them."""
    parts = text.split(f" {ARROW} ") if f" {ARROW} " in text else text.split(ARROW)
    names = [part.strip() for part in parts]
    if len(names) != 2 or not all(names):
        raise WrongRequest(f"--pair {text!r}: write it as 'A -> B', two milestones with one arrow between them")
    return names[0], names[1]


def pair_name(pair: MilestonePair) -> str:
    return f"{pair[0]} {ARROW} {pair[1]}"


def _definition(name_or_file: str, catalogue: Path | None) -> "Definition":
    from metrics.definitions.load import load_process  # its calendars take a second to import
    from metrics.definitions.mistakes import DefinitionsError

    try:
        return load_process(name_or_file, catalogue).definition
    except KeyError as error:
        raise WrongRequest(f"--process: {error.args[0]}") from None
    except (DefinitionsError, FileNotFoundError, OSError) as error:
        raise WrongRequest(f"--process {name_or_file}: {error}") from None


def _declared_pairs(definition: "Definition") -> list[MilestonePair]:
    """From and to of each SLA, each once."""
    names = definition.milestones
    return list(dict.fromkeys((names[sla.start], names[sla.stop]) for sla in definition.slas))


def _known_milestones(definition: "Definition", pairs: Iterable[MilestonePair]) -> None:
    for name in chain.from_iterable(pairs):
        if name not in definition.milestones:
            near = get_close_matches(name, definition.milestones, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            known = ", ".join(definition.milestones)
            raise WrongRequest(
                f"--pair: {definition.process} has no milestone {name!r}.{hint} The milestones are: {known}."
            )
