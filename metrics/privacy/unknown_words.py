"""Words that no vocabulary has: which came in, as tokens, and which of the words that the owner knows they are."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from metrics.privacy.policy import Policy
from metrics.privacy.tokens import Tokens

Row = TypeVar("Row")


class UnknownWord(msgspec.Struct, frozen=True):
    """`privacy_unknown_words`: a word as its token; `field`: an attribute or the type of an object; `total`: of all."""

    field: str
    token: str
    events: int
    sources: list[str]
    total: int


class Found(NamedTuple):
    """An unknown word, and the word that it is; '' when none of those tried is it."""

    unknown: UnknownWord
    word: str


class Reader(Protocol):
    """Runs the named queries; `metrics.store.queries.Queries` in production."""

    def rows(self, name: str, row_type: type[Row], /, **parameters: object) -> list[Row]: ...


def unknown_words(reader: Reader, policy: Policy, *, since: int, limit: int) -> list[UnknownWord]:
    """Those that came in since then (microseconds), the most frequent first."""
    passes = (policy.everywhere, *policy.events.values())
    fields = sorted({name for said in passes for name, how in said.items() if how in ("code", "words")})
    objects = sorted(name for name, how in policy.objects.items() if how == "words")
    return reader.rows("privacy_unknown_words", UnknownWord, fields=fields, objects=objects, since=since, limit=limit)


def recognised(unknown: Iterable[UnknownWord], words: Iterable[str], tokens: Tokens) -> list[Found]:
    """Which of the words that somebody knows each of them is."""
    made = {tokens.key(word): word for word in (one.strip() for one in words) if word}
    return [Found(one, made.get(one.token, "")) for one in unknown]


def as_vocabulary(found: Sequence[Found]) -> str:
    """The recognised words as rules of privacy, '' when there are none."""
    by_field: dict[str, set[str]] = {}
    for one in found:
        if one.word:
            by_field.setdefault(one.unknown.field, set()).add(one.word)
    lists = [f"  {field}: {msgspec.json.encode(sorted(words)).decode()}" for field, words in sorted(by_field.items())]
    return "\n".join(["vocabularies:", *lists]) if lists else ""
