"""Whom an unreadable message is from, as far as it lets one tell."""

import re
from typing import Final

import msgspec

from metrics.words import DeadLetter

_LONGEST: Final = 256
_SOURCE_HEADER: Final = "ce_source"  # binary mode
_BROKEN: Final = re.compile(rb'"source"\s*:\s*"([^"\\]{1,256})"')


class _Said(msgspec.Struct):
    source: str = ""


_DECODER: Final = msgspec.json.Decoder(_Said)


def source_of(letter: DeadLetter) -> str:
    """The source that is named beside the message, else in it (also in broken JSON); '' when nobody can tell."""
    if letter.source:
        return letter.source
    for name, value in letter.record_headers:
        if name == _SOURCE_HEADER and value:
            return value[:_LONGEST].decode(errors="replace")
    try:
        return _DECODER.decode(letter.payload).source[:_LONGEST]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        match = _BROKEN.search(letter.payload)
        return match[1].decode(errors="replace") if match else ""
