"""Reads definitions from a directory or one file, and says everything that is wrong with them at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from metrics.definitions.calendars import Calendars, CalendarsText, FacilitiesText
from metrics.definitions.checks import check
from metrics.definitions.compile import compile_process
from metrics.definitions.explain import explain
from metrics.definitions.mistakes import DefinitionsError, Finding, Mistake
from metrics.definitions.registry import Catalogue, Loaded
from metrics.definitions.schema import ProcessText
from metrics.definitions.yaml_text import Parsed, parse
from metrics.vocabulary import Vocabulary, load_vocabulary

Model = TypeVar("Model", bound=BaseModel)

SHIPPED = Path(__file__).with_name("catalogue")
CALENDARS_FILE = "calendars.yaml"
FACILITIES_FILE = "facilities.yaml"
DOMAINS_FILE = "domains.yaml"
"""Who owns which data: read by `metrics.quality.load`."""
ALERTS_FILE = "alerts.yaml"
"""Who is told of what: read by `metrics.alerts.reading`."""
FEEDS_FILE = "feeds.yaml"
"""What is expected of feeds and batches: read by `metrics.completeness.reading`."""
INTERFACES_FILE = "interfaces.yaml"
"""How critical each interface is: read by `metrics.health.policy`."""
FIGURES_FILE = "figures.yaml"
"""When figures are published: read by `metrics.figures.rules`."""
RATES_FILE = "rates.yaml"
"""What currencies are worth: read by `metrics.ledger.rates`."""
VACANCIES_FILE = "vacancies.yaml"
"""What an open position costs a day: read by `metrics.ledger.vacancies`."""
ROLES_FILE = "roles.yaml"
"""Who may see what: read by `metrics.access.load`."""
REPORTS_FILE = "reports.yaml"
"""What is sent by mail, and when: read by `metrics.reports.reading`."""
OF_OTHERS = (
    ALERTS_FILE,
    FEEDS_FILE,
    INTERFACES_FILE,
    FIGURES_FILE,
    RATES_FILE,
    VACANCIES_FILE,
    ROLES_FILE,
    REPORTS_FILE,
)
"""Files beside the definitions that other parts read and check; so is DOMAINS_FILE."""
_NO_PROCESS = (CALENDARS_FILE, FACILITIES_FILE, DOMAINS_FILE, *OF_OTHERS)


def load(path: Path | None = None, vocabulary: Vocabulary | None = None) -> Catalogue:
    """Every definition in a directory (the shipped catalogue when none is named), or the one in a file.

    `calendars.yaml` and `facilities.yaml` lie beside them; a directory without these two takes those of the
    shipped catalogue. Raises `DefinitionsError` with all mistakes of all files, `FileNotFoundError` when there
    is nothing to read.
    """
    reading = _Reading(vocabulary or load_vocabulary())
    path = path or SHIPPED
    folder = path if path.is_dir() else path.parent
    files = definition_files(path)
    calendars = reading.calendars(folder)
    loaded = [one for file in files if (one := reading.process(file, calendars))]
    reading.no_version_twice(loaded)
    if reading.mistakes:
        raise DefinitionsError(reading.mistakes)
    return Catalogue(loaded, calendars)


def load_process(name_or_file: str, path: Path | None = None) -> Loaded:
    """One process, by its name in a directory (the shipped catalogue when none is named) or by its file.

    Raises as `load` does, and `KeyError` with the nearest name for an unknown process.
    """
    file = Path(name_or_file)
    if file.is_file():
        (loaded,) = load(file).loaded
        return loaded
    return load(path).find(name_or_file)


def definition_files(path: Path) -> list[Path]:
    """The process files at a path, sorted by name. Raises `FileNotFoundError` when there are none."""
    if not path.is_dir():
        if not path.is_file():
            raise FileNotFoundError(f"there is no file or directory {path}")
        return [path]
    files = sorted([*path.glob("*.yaml"), *path.glob("*.yml")])
    files = [file for file in files if file.name not in _NO_PROCESS]
    if not files:
        raise FileNotFoundError(f"there is no process definition (*.yaml) in {path}")
    return files


@dataclass
class _Reading:
    """One reading of a directory: what it found wrong so far."""

    vocabulary: Vocabulary
    mistakes: list[Mistake] = field(default_factory=list)

    def process(self, file: Path, calendars: Calendars | None) -> Loaded | None:
        """One process file; None when it has mistakes, or when there are no calendars to read it with."""
        text, parsed = self._parse(file)
        written = self._validate(file, parsed, ProcessText)
        if written is None or calendars is None:
            return None
        findings = check(written, self.vocabulary, calendars)
        self._note(file, parsed, findings)
        if findings or parsed.findings:
            return None
        return Loaded(file.name, text, written, compile_process(written, calendars, self.vocabulary))

    def calendars(self, folder: Path) -> Calendars | None:
        """The calendars and facilities that hold in a folder."""
        calendars_file, facilities_file = _beside(folder, CALENDARS_FILE), _beside(folder, FACILITIES_FILE)
        _, parsed = self._parse(calendars_file)
        calendars = self._validate(calendars_file, parsed, CalendarsText)
        _, parsed_facilities = self._parse(facilities_file)
        facilities = self._validate(facilities_file, parsed_facilities, FacilitiesText)
        if calendars is None or facilities is None:
            return None
        found = Calendars(calendars.calendars, facilities)
        calendar_findings, facility_findings = found.findings()
        self._note(calendars_file, parsed, calendar_findings)
        self._note(facilities_file, parsed_facilities, facility_findings)
        return None if calendar_findings or facility_findings else found

    def no_version_twice(self, loaded: Iterable[Loaded]) -> None:
        first: dict[tuple[str, int], str] = {}
        for one in loaded:
            key = (one.process.process, one.process.version)
            other = first.setdefault(key, one.file)
            if other != one.file:
                message = f"version {key[1]} of '{key[0]}' is also in {other}; a changed process gets a new version"
                self.mistakes.append(Mistake(one.file, parse(one.text).line_of(("version",)), ("version",), message))

    def _parse(self, file: Path) -> tuple[str, Parsed]:
        text = file.read_text(encoding="utf-8-sig", errors="replace")
        parsed = parse(text)
        self.mistakes += [Mistake(file.name, line, found.place, found.message) for line, found in parsed.findings]
        return text, parsed

    def _validate(self, file: Path, parsed: Parsed, model: type[Model]) -> Model | None:
        if parsed.data is None:
            return None
        try:
            return model.model_validate(parsed.data)
        except ValidationError as error:
            self._note(file, parsed, explain(error, model))
            return None

    def _note(self, file: Path, parsed: Parsed, findings: Iterable[Finding]) -> None:
        self.mistakes += [Mistake(file.name, parsed.line_of(one.place), one.place, one.message) for one in findings]


def _beside(folder: Path, name: str) -> Path:
    """The file in a folder, else the shipped one."""
    return folder / name if (folder / name).is_file() else SHIPPED / name
