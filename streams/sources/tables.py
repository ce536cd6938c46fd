"""Tables of words: a system's own statuses and codes to ours, with a word for what is not in the table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from streams.sources.message import Scope
from streams.sources.scalars import text_of
from streams.sources.schema import TableText

KEEP, NONE = "keep", "none"
_MOST_NOTED = 100


@dataclass(frozen=True, slots=True)
class Table:
    """A compiled table."""

    name: str
    values: Mapping[str, str]
    default: str
    ignore_case: bool

    @property
    def lookup(self) -> Callable[[Scope, Any], str | None]:
        """Looks a value up; a word that is not there is noted in the scope and becomes the default."""
        name, values, default, fold = self.name, self.values, self.default, self.ignore_case

        def look(scope: Scope, found: Any) -> str | None:
            text = text_of(found)
            if text is None:
                return None
            word = values.get(text.casefold() if fold else text)
            if word is not None:
                return word or None
            if values and len(scope.unknown_words) < _MOST_NOTED:  # an empty table waits for a tenant's words
                scope.unknown_words.append((name, text[:200]))
            return text if default == KEEP else None if default == NONE else default

        return look


def table_of(name: str, written: TableText) -> Table:
    """The table as it is looked up in."""
    fold = written.ignore_case
    values = {(word.casefold() if fold else word): meaning for word, meaning in written.values.items()}
    return Table(name, values, written.default, fold)
