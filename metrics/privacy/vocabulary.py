"""The words that are known to be no person's: whatever else could be a name does not pass as a word.

Only what people have written into the configuration counts (mappings, definitions, reference data, `vocabularies` of
the rules), never what came in. A number passes by its look: it has a figure, and few letters in a row.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from metrics.definitions.load import FACILITIES_FILE
from metrics.definitions.load import SHIPPED as DEFINITIONS
from metrics.definitions.yaml_text import parse
from metrics.quality.load import SHIPPED as DOMAINS
from metrics.vocabulary import VOCABULARY_FILE

PROSE: Final = frozenset({"why", "note", "about", "meaning", "description"})
"""Members of configuration files that hold sentences for people; their words are taken for no codes."""
_EVIDENCE: Final = "evidence"
_LITERAL: Final = re.compile(r"'([^'\\]*)'")
_RUN: Final = re.compile(r"[^\W\d_]+")
_PART: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")  # person and Number of personNumber
_LONG_RUN: Final = re.compile(r"[^\W\d_]{5}")
_FIGURE: Final = re.compile(r"\d")
_GAP: Final = re.compile(r"\s")
_SHAPE: Final = re.compile(r"[aA9\W_]*")  # what masking makes
_HEX: Final = re.compile(r"(?<![^\W_])(?=[a-f]*\d)(?:[0-9a-f]{12,}|[0-9A-F]{12,})(?![^\W_])")
_PREFIX: Final = re.compile(r"(?<![^\W_])[A-Z]{5,8}(?=\d{4})")  # ACMEWO00002210
_SHORT_RUN: Final = 4
"""Letters in a row that a number may have without their being known: INV, CC, SUPP."""
_PAIR: Final = 2


class Vocabulary:
    """Known words. `phrases` are whole values, `words` the single words in them; looked up in small letters."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """`texts`: whole values, and expressions that hold some in quotes."""
        phrases: set[str] = set()
        words: set[str] = set()
        for text in texts:
            folded = text.casefold()
            phrases.add(folded.removeprefix("="))
            phrases.update(_LITERAL.findall(folded))
            words.update(_RUN.findall(folded))
            words.update(part.casefold() for part in _PART.findall(text))
        self.phrases = frozenset(" ".join(phrase.split()) for phrase in phrases if phrase.strip())
        self.words = frozenset(words)

    def knows(self, text: str) -> bool:
        """Whether a value is a known one, a number by its look, or put together of known words like a code."""
        if _LONG_RUN.search(text) is None and _FIGURE.search(text) is not None and _GAP.search(text) is None:
            return True
        folded = " ".join(text.casefold().split())
        if folded in self.phrases or _SHAPE.fullmatch(text) is not None:
            return True
        return self._is_number(text) if _FIGURE.search(text) else self._is_joined(text, folded)

    def names(self, text: str) -> bool:
        """Whether it may be the name of a member or an element: made of known words, and nobody's name."""
        return all(run.casefold() in self.words or self._is_made_of_words(run) for run in _RUN.findall(text))

    def _is_made_of_words(self, run: str) -> bool:
        return all(len(part) <= _PAIR or part.casefold() in self.words for part in _PART.findall(run) or [run])

    def _is_number(self, text: str) -> bool:
        """A figure, and letters that are known, few, hexadecimal, or the capitals before a number."""
        spaced = _GAP.search(text) is not None  # INV 2026/17, and not Ana 7
        runs = _RUN.findall(_PREFIX.sub("", _HEX.sub("", text)))
        return all(
            len(run) <= (_PAIR + run.isupper() if spaced else _SHORT_RUN) or run.casefold() in self.words
            for run in runs
        )

    def _is_joined(self, text: str, folded: str) -> bool:
        """No figure: one or two capitals, signs alone, or several known words that signs join."""
        runs = _RUN.findall(folded)
        if len(runs) < _PAIR:
            return not runs or (len(runs[0]) <= _PAIR and text.isupper())
        return _GAP.search(text) is None and all(run in self.words for run in runs)


def written_words(data: Any) -> Iterator[str]:
    """Every name and text of a parsed configuration file, but for its prose."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield str(name)
            if name not in PROSE and not (name == _EVIDENCE and not isinstance(value, str)):
                yield from written_words(value)
    elif isinstance(data, list):
        for part in data:
            yield from written_words(part)
    elif isinstance(data, str):
        yield data


def words_of_files(files: Iterable[Path]) -> Iterator[str]:
    """The words of YAML files; one that can't be read, or is no YAML, has none: whoever uses it says what is wrong."""
    for file in files:
        try:
            content = file.read_text(encoding="utf-8-sig", errors="replace")
        except OSError:
            continue
        yield from written_words(parse(content).data)


def reference_words(definitions: Path | None = None) -> Iterator[str]:
    """What the definitions in force and the reference data beside them speak of; types of events and objects too."""
    path = definitions or DEFINITIONS
    folder = path if path.is_dir() else path.parent
    beside = (DEFINITIONS / FACILITIES_FILE, DOMAINS, VOCABULARY_FILE)
    yield from words_of_files([*sorted({*folder.glob("*.yaml"), *folder.glob("*.yml")}), *beside])
