"""What is kept of a dead letter: in clear nothing that could be somebody's, and the original sealed or not at all."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import structlog

from metrics.contracts.model import shipped_contracts
from metrics.privacy.forms import is_code
from metrics.privacy.masking import masked_excerpt, shape
from metrics.settings import Settings
from metrics.words import DAY, DeadLetter
from streams.codecs.envelope import CONTENT_TYPE
from streams.codecs.reasons import SOURCE_PAUSED
from streams.dead_letters.originals import REPLAY_HEADER, Seal, seal_of, sealed
from streams.dead_letters.owners import Owners, system_of
from streams.dead_letters.source_name import source_of
from streams.dead_letters.telling import excerpt, sentence
from streams.sources.inputs import LINE, PART
from streams.sources.native import FEED, RECEIVED, SIMULATED, SYSTEM
from streams.sources.reasons import UNKNOWN_SYSTEM
from streams.spans.messages import ORIGIN, POSITION

log = structlog.get_logger(__name__)

TABLE: Final = "dead_letters"
_OURS: Final = frozenset((SYSTEM, FEED, SIMULATED, RECEIVED, REPLAY_HEADER, PART, LINE, ORIGIN, POSITION))
_FORMS: Final = frozenset((CONTENT_TYPE, "ce_type", "ce_specversion"))
"""Headers whose values are shown when they look as they should: ours, and those that say what a message is."""
_READ: Final = _OURS | _FORMS
_PLAIN: Final = re.compile(r"[A-Za-z0-9_./:,@-]{0,128}")
_FORM: Final = re.compile(r"[A-Za-z0-9_./+-]{0,96}(?:; ?[A-Za-z0-9_-]{1,32}=[A-Za-z0-9_./-]{1,64}){0,3}")
_MESSAGE_ID: Final = re.compile(rb"[0-9a-f]{16}")
_SIMULATED: Final = re.compile(rb'"simulated"\s*:\s*true')
_NAMED: Final = re.compile(r"/?[A-Za-z][A-Za-z0-9_./:-]{0,127}")
_MOST_DIGITS: Final = 6
_MOST_HEADERS: Final = 50
UNREAD: Final = "(set aside unread)"
"""Instead of the excerpt of what a paused source sends: nothing is wrong with it, and it may be a flood."""


class Keeper:
    """Makes rows of letters. `seal` None: originals are not kept, and only the sender can send such a message again."""

    def __init__(
        self,
        owner: Callable[[DeadLetter], str],
        seal: Seal | None = None,
        days: int = 0,
        names: Callable[[str], bool] = is_code,
    ) -> None:
        """`days`: how long originals are kept after their intake; `names`: which names of a message may stay."""
        self._owner = owner
        self._seal = seal if days > 0 else None
        self._keep_us = days * DAY
        self._names = names

    def columns(self, letters: Sequence[DeadLetter]) -> dict[str, list[Any]]:
        """The rows of table `dead_letters`, column by column."""
        rows = [self._row(letter) for letter in letters]
        return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}

    def _row(self, letter: DeadLetter) -> dict[str, Any]:
        until = letter.ingested + self._keep_us if self._seal is not None else 0
        shown = UNREAD if letter.reason == SOURCE_PAUSED else excerpt(letter.payload, self._names)
        return {
            "origin": letter.origin,
            "position": letter.position,
            "topic": letter.topic,
            "partition": letter.partition,
            "offset": letter.offset,
            "reason": letter.reason,
            "detail": sentence(letter.reason, letter.detail, letter.payload, shown),
            "source": _source(letter, self._names),
            "system": system_of(letter),
            "owner": self._owner(letter),
            "excerpt": shown,
            "headers": shown_headers(letter, self._names),
            "bytes": len(letter.payload),
            "replay_of": replay_of(letter),
            "simulated": int(is_simulated(letter)),
            "sealed_until": until,
            "sealed": "" if self._seal is None else sealed(self._seal, letter, until),
            "ingested": letter.ingested,
        }


def keeper_of(settings: Settings, owner_of_system: Mapping[str, str], names: Callable[[str], bool] = is_code) -> Keeper:
    """The keeper of a worker. Raises KeyringError for a keyring that cannot be read."""
    seal = seal_of(settings)
    if seal is None and settings.dead_letter_days:
        log.warning("no keyring: originals of dead letters are not kept, and only their senders can send them again")
    return Keeper(Owners(shipped_contracts(), owner_of_system).owner, seal, settings.dead_letter_days, names)


def _source(letter: DeadLetter, names: Callable[[str], bool]) -> str:
    """What is said beside the message, when a mapping or an edge says it, else what the message says of itself."""
    known = bool(letter.source) and letter.reason != UNKNOWN_SYSTEM
    name = letter.source if known else _plain_name(source_of(letter))
    return name if known or names(name) else ""


def shown_headers(letter: DeadLetter, names: Callable[[str], bool] = is_code) -> list[dict[str, str]]:
    """The key, under the name `(key)`, and the headers, as anybody may see them."""
    key = [] if letter.record_key is None else [("(key)", masked_excerpt(letter.record_key, 128, names))]
    told = [
        (name if name in _READ or names(name) else shape(name), _shown(name, value, names))
        for name, value in letter.record_headers[:_MOST_HEADERS]
    ]
    return [{"name": name, "value": value} for name, value in (*key, *told)]


def _shown(name: str, value: bytes | None, names: Callable[[str], bool]) -> str:
    if value is None:
        return "(none)"
    text = value.decode(errors="replace")
    if name in _OURS and _PLAIN.fullmatch(text):
        return text
    if name in _FORMS and _FORM.fullmatch(text) and _few_digits(text) and names(text):
        return text
    return masked_excerpt(value, 128, names)


def replay_of(letter: DeadLetter) -> str:
    """The id of the letter that this record brings back; '' when it comes for the first time."""
    said = next((value for name, value in letter.record_headers if name == REPLAY_HEADER), None)
    return said.decode() if said is not None and _MESSAGE_ID.fullmatch(said) else ""


def is_simulated(letter: DeadLetter) -> bool:
    """Whether nothing of the message is real, as far as it lets one tell."""
    headers = letter.record_headers
    marked = any(name in (SIMULATED, "ce_simulated") and value in (b"1", b"true") for name, value in headers)
    return marked or _SIMULATED.search(letter.payload) is not None


def _plain_name(name: str) -> str:
    """A source that only the message itself names, when it looks like one and not like somebody's number."""
    return name if _NAMED.fullmatch(name) and _few_digits(name) else ""


def _few_digits(text: str) -> bool:
    return sum(sign.isdigit() for sign in text) <= _MOST_DIGITS
