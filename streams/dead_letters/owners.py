"""Who repairs a dead letter: the domain that its mapping names, or the one that owns the canonical type."""

import re
from collections.abc import Mapping
from typing import Final

from metrics.contracts.model import NOBODYS, Contracts
from metrics.words import DeadLetter
from streams import topics
from streams.codecs.envelope import BINARY_PREFIX
from streams.sources.native import SYSTEM

_TYPE_HEADER: Final = BINARY_PREFIX + "type"
_TYPE: Final = re.compile(rb'"type"\s*:\s*"([a-z][a-z0-9_]{0,63}\.[a-z0-9_.]{1,64})"')
_SYSTEM: Final = re.compile(rb"[a-z][a-z0-9_]{0,63}")


class Owners:
    """Answers from what is known of mappings and contracts; holds no state."""

    def __init__(self, contracts: Contracts, owner_of_system: Mapping[str, str]) -> None:
        """`owner_of_system`: by the mapping's name."""
        self._contracts = contracts
        self._owner_of_system = owner_of_system

    def owner(self, letter: DeadLetter) -> str:
        """A domain; that of integration where nothing in the letter tells."""
        if letter.topic == topics.NATIVE:
            return self._owner_of_system.get(system_of(letter), NOBODYS)
        if letter.topic in topics.EVENT_TOPICS.values():
            return self._contracts.owner(_type_of(letter))
        return NOBODYS


def system_of(letter: DeadLetter) -> str:
    """The mapping that a native message names; '' for other messages, and for what cannot be the name of one."""
    if letter.topic != topics.NATIVE:
        return ""
    said = next((value for name, value in letter.record_headers if name == SYSTEM and value), b"")
    return said.decode() if _SYSTEM.fullmatch(said) else ""


def _type_of(letter: DeadLetter) -> str:
    """The canonical type as far as the message tells, whole or broken."""
    told = next((value for name, value in letter.record_headers if name == _TYPE_HEADER and value), None)
    if told is not None:
        return told.decode(errors="replace")
    match = _TYPE.search(letter.payload)
    return match[1].decode() if match else ""
