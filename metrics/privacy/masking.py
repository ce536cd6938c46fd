"""Values as their shapes: what a message said can be looked at without telling it (a word is Aaaa, a number 9999)."""

import re
from collections.abc import Callable
from typing import Final

from metrics.privacy.forms import is_code, shows_a_person

_QUOTED: Final = re.compile(
    r"""(?<![\w])'(?P<single>(?:\\.|[^'\\]|'(?=\w))*)(?:'(?!\w)|\Z)|"(?P<double>(?:\\.|[^"\\])*)(?:"|\Z)""", re.DOTALL
)
_KEPT: Final = re.compile(
    r"""(?P<member>"(?:[^"\\]|\\.){0,128}"(?=\s*:))|(?P<tag></?[\w:.-]{1,128}(?=[\s/>]))|(?P<attribute>(?<=\s)[\w:.-]{1,128}(?==["']))"""
    r"""|(?P<word>\b(?:true|false|null)\b)""",
    re.DOTALL,
)
_LOOSE: Final = re.compile(r"\S{9,}")
LONGEST: Final = 2_000
_GAP: Final = 64
_LOOKED_AT: Final = 1 << 16


class _Signs(dict[int, str]):
    """What each sign becomes, found out once."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        letter = "A" if sign.isupper() else "a"
        self[code] = "9" if sign.isdecimal() else letter if sign.isalpha() or sign.isdigit() else sign
        return self[code]


_SIGNS: Final = _Signs()


def shape(text: str) -> str:
    """Letters as A and a, digits as 9, everything else as it is."""
    return text.translate(_SIGNS)


def masked_detail(detail: str) -> str:
    """A sentence about a message, with what stands in quotes, and what shows a person, as its shape."""
    return _LOOSE.sub(_loose, _QUOTED.sub(_quoted, detail))


def masked_excerpt(payload: bytes, limit: int = LONGEST, names: Callable[[str], bool] = is_code) -> str:
    """The beginning of a message: names of members, elements and attributes stay, every value is its shape.

    `limit`: signs; `names`: whether a name may stay. UTF-16 is read as such; bytes that are no text become question
    marks.
    """
    text = _text(payload)
    last_tag = 0

    def part(match: re.Match[str]) -> str:
        nonlocal last_tag
        if match["word"] is not None:
            return match[0]
        name = match[0].strip('"</')
        stays = is_code(name) and names(name)
        if match["tag"] is not None:
            last_tag = match.end()
            stays = stays and _is_element(name, text)
        elif match["attribute"] is not None:
            stays = stays and _follows(text, match.start(), last_tag)
        return match[0] if stays else shape(match[0])

    shown, pieces, done = text[:limit], [], 0
    for match in _KEPT.finditer(shown):
        pieces += [shape(shown[done : match.start()]), part(match)]
        done = match.end()
    return "".join((*pieces, shape(shown[done:])))


def _quoted(match: re.Match[str]) -> str:
    quote = match[0][0]
    inside = match["single"] if match["single"] is not None else match["double"]
    return f"{quote}{shape(inside)}{quote}"


def _loose(match: re.Match[str]) -> str:
    return shape(match[0]) if shows_a_person(match[0]) else match[0]


def _is_element(name: str, text: str) -> bool:
    """Whether an element of this name is closed: what stands behind a bracket of a broken message is none."""
    alone = rf"<{re.escape(name)}(?:\s+[\w:.-]+=(?:\"[^\"<]*\"|'[^'<]*'))*\s*/>"
    return f"</{name}>" in text or re.search(alone, text) is not None


def _follows(text: str, place: int, last_tag: int) -> bool:
    """Whether an attribute's name stands where one may: behind the name of an element, or behind another's value."""
    before = text[max(last_tag, place - _GAP) : place].rstrip()
    return not before or before[-1] in "\"'"


def _text(payload: bytes) -> str:
    payload = payload[:_LOOKED_AT]
    if b"\0" in payload[:64]:
        encoding = "utf-16" if payload[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-16-le"
        return payload.decode(encoding, "replace").replace("\ufffd", "?")
    return payload.decode("utf-8", "replace").replace("\ufffd", "?")
