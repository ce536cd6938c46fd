"""A declared file that stands for itself: read whole, with every mistake and its line."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from metrics.definitions.explain import explain
from metrics.definitions.mistakes import DefinitionsError, Finding, Mistake
from metrics.definitions.yaml_text import parse

Written = TypeVar("Written", bound=BaseModel)


def _nothing_more(_: BaseModel) -> Iterable[Finding]:
    return ()


def read_file(
    file: Path, model: type[Written], check: Callable[[Written], Iterable[Finding]] = _nothing_more
) -> Written:
    """What a YAML file says; `check` finds what a model alone can not. Raises DefinitionsError with all mistakes."""
    parsed = parse(file.read_text(encoding="utf-8-sig", errors="replace"))
    mistakes = [Mistake(file.name, line, one.place, one.message) for line, one in parsed.findings]
    written: Written | None = None
    findings: Iterable[Finding] = ()
    if parsed.data is not None:
        try:
            written = model.model_validate(parsed.data)
            findings = check(written)
        except ValidationError as error:
            findings = explain(error, model)
    mistakes += [Mistake(file.name, parsed.line_of(one.place), one.place, one.message) for one in findings]
    if mistakes or written is None:
        raise DefinitionsError(mistakes)
    return written


def own_or_shipped(definitions: Path | None, shipped: Path) -> Path:
    """The file of the same name beside the definitions, else the shipped one."""
    own = definitions / shipped.name if definitions is not None and definitions.is_dir() else shipped
    return own if own.is_file() else shipped
