"""YAML as people mean it, with the line of every value.

Only true/false are booleans and nothing is a date, so the key `on` stays a word and 2026-01-05 stays text
(YAML 1.1 reads them as a boolean and a date). Repeated keys, anchors and several documents are refused.
"""

import re
from typing import Any, Final

import yaml

from metrics.definitions.mistakes import Finding, Place

Lines = dict[Place, int]


class _Words(yaml.SafeLoader):
    """SafeLoader with the scalar rules of YAML 1.2: no `on`, no dates, no 10:30 as a number, no 0123 as an octal."""


_SCALARS = (
    ("null", re.compile(r"(?:~|null|)\Z"), ["~", "n", ""]),
    ("bool", re.compile(r"(?:true|false)\Z"), list("tf")),
    ("int", re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z"), list("-+0123456789")),
    ("float", re.compile(r"[-+]?(?:0|[1-9][0-9]*)?\.[0-9]+(?:[eE][-+]?[0-9]+)?\Z"), list("-+.0123456789")),
)
QUICK_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML was built with it: a seventh of the time on this project's own files."""


class _QuickWords(QUICK_LOADER):  # type: ignore[misc]
    """The same scalar rules on libyaml."""


for _loader in (_Words, _QuickWords):
    _loader.yaml_implicit_resolvers = {}
    for _tag, _pattern, _letters in _SCALARS:
        _loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", _pattern, _letters)

_MOST_OPENINGS: Final = 20_000  # libyaml's composer recurses in C: 200,000 brackets in each other overflow the stack


class Parsed:
    """A parsed file: plain data, the line of each place (from 1), and what was wrong with its form."""

    def __init__(self) -> None:
        self.data: Any = None
        self.lines: Lines = {}
        self.findings: list[tuple[int, Finding]] = []
        self._seen: set[int] = set()

    def line_of(self, place: Place) -> int:
        """The line of the place, or of the nearest thing around it that is written down."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def take(self, node: yaml.Node, place: Place, loader: yaml.SafeLoader) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        if isinstance(node, yaml.ScalarNode):
            return loader.construct_object(node)
        if id(node) in self._seen:
            self.findings.append((line, Finding(place, "anchors and aliases are not supported: write it out")))
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.take(item, (*place, index), loader) for index, item in enumerate(node.value)]
        return self._take_mapping(node, place, loader)

    def _take_mapping(self, node: yaml.Node, place: Place, loader: yaml.SafeLoader) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            inside = (*place, key)
            line = key_node.start_mark.line + 1
            if key in result:
                again = f"'{key}' is written twice (first on line {self.lines[inside]})"
                self.findings.append((line, Finding(inside, again)))
                continue
            self.lines[inside] = line
            result[key] = self.take(value_node, inside, loader)
        return result


def parse(text: str) -> Parsed:
    """Parse one YAML document. Syntax errors become findings; then `data` is None."""
    if sum(map(text.count, "[{-?")) < _MOST_OPENINGS:
        try:
            return _parsed(text, _QuickWords)
        except (yaml.YAMLError, ValueError, RecursionError):
            pass  # the slower reader says what is wrong
    return parse_slowly(text)


def _parsed(text: str, loader_class: Any) -> Parsed:
    parsed = Parsed()
    loader = loader_class(text)
    node = loader.get_single_node()
    if node is None:
        parsed.findings.append((1, Finding((), "the file is empty")))
    else:
        parsed.data = parsed.take(node, (), loader)
    return parsed


def parse_slowly(text: str) -> Parsed:
    """The same by PyYAML's own reader, which says best what is wrong."""
    parsed = Parsed()
    try:
        return _parsed(text, _Words)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        parsed.findings.append((mark.line + 1 if mark else 1, Finding((), f"not valid YAML: {error.problem}")))
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        parsed.findings.append((line, Finding((), "not a text file: it holds control characters")))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        parsed.findings.append((1, Finding((), f"not valid YAML: {error}")))
    return parsed
