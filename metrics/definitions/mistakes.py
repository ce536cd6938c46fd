"""What is wrong in a file that a person wrote: where, why, and the nearest word that would be right."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

Place = tuple[str | int, ...]
"""A path inside a YAML file: ("slas", 2, "to")."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake. `line` counts from 1; 0 when the file could not be read at all."""

    file: str
    line: int
    place: Place
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        inside = written(self.place)
        return f"{where}: {inside}: {self.message}" if inside else f"{where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake before its line is known."""

    place: Place
    message: str


class DefinitionsError(Exception):
    """Raised with every mistake found, in order of file and line."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: (mistake.file, mistake.line)))
        super().__init__("\n".join(map(str, self.mistakes)))


def written(place: Sequence[str | int]) -> str:
    """A place as people write it: slas[2].to."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def nearest(word: str, words: Collection[str]) -> str:
    """A hint that ends a sentence: the nearest valid word, or all of them when they are few."""
    close = get_close_matches(word, list(words), n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{close[0]}'?"
    if 0 < len(words) <= 12:
        return f"; known: {', '.join(sorted(words))}"
    return ""


def unknown(kind: str, word: str, words: Collection[str]) -> str:
    """The sentence for a word that is not among `words`."""
    return f"unknown {kind} '{word}'{nearest(word, words)}"
