"""A sheet of paper to draw on: A4 upright, in millimetres from its upper left corner; the same bytes each time."""

from datetime import UTC, datetime
from importlib.resources import as_file, files
from typing import Final, Literal

from fpdf import FPDF

from metrics.texts.shown import utc

WIDTH, HEIGHT, EDGE = 210.0, 297.0, 11.0
Colour = tuple[int, int, int]
INK: Final[Colour] = (20, 30, 40)
DIM: Final[Colour] = (84, 97, 110)
LINE: Final[Colour] = (205, 213, 220)
TRACK: Final[Colour] = (233, 238, 242)
BLUE: Final[Colour] = (0, 114, 178)
ORANGE: Final[Colour] = (213, 94, 0)
GREEN: Final[Colour] = (11, 107, 79)
AMBER: Final[Colour] = (138, 75, 0)
RED: Final[Colour] = (179, 38, 30)
GREY: Final[Colour] = (150, 160, 170)
_FAMILY: Final = "Inter"
_FONTS: Final = {"": "inter-regular.ttf", "B": "inter-semibold.ttf"}
_UNKNOWN: Final = "□"
Align = Literal["left", "right", "middle"]


class Sheet:
    """One page. Texts are given by their baseline; what is too long for its place ends in dots."""

    def __init__(self, title: str, subject: str, made: int) -> None:
        """`made`: microseconds UTC that the file says it was made at; the figures' own time, so that bytes repeat."""
        pdf = FPDF(orientation="portrait", unit="mm", format="A4")
        pdf.set_auto_page_break(False)
        pdf.set_margin(0)
        for style, name in _FONTS.items():
            with as_file(files("metrics.reports").joinpath("fonts", name)) as file:
                pdf.add_font(_FAMILY, style, file)
        pdf.set_creation_date(max(utc(made), datetime(1970, 1, 1, tzinfo=UTC)).replace(microsecond=0))
        pdf.set_producer("Flowglass")
        pdf.set_creator("Flowglass")
        pdf.set_title(_drawable(title))
        pdf.set_subject(_drawable(subject))
        pdf.set_lang("en")
        pdf.add_page()
        self._pdf = pdf
        self._known = frozenset(pdf.fonts[_FAMILY.lower()].cmap)  # type: ignore[union-attr]

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = 8,
        *,
        bold: bool = False,
        colour: Colour = INK,
        align: Align = "left",
        width: float = 0,
    ) -> float:
        """Write one line; returns how wide it came out. `x` is its left end, right end or middle; `size` in points.

        `width` is the most it may take; 0: any.
        """
        self._pdf.set_font(_FAMILY, "B" if bold else "", size)
        self._pdf.set_text_color(*colour)
        shown = self._fitted(self._told(words), width)
        wide = self._pdf.get_string_width(shown)
        self._pdf.text(x - {"left": 0.0, "right": wide, "middle": wide / 2}[align], y, shown)
        return wide

    def wide(self, words: str, size: float = 8, *, bold: bool = False) -> float:
        """How wide a text would come out."""
        self._pdf.set_font(_FAMILY, "B" if bold else "", size)
        return self._pdf.get_string_width(self._told(words))

    def lines(self, words: str, size: float, width: float, most: int, *, bold: bool = False) -> list[str]:
        """A text broken between words into at most so many lines; the last one may still be too long."""
        found = [""]
        for word in words.split():
            longer = f"{found[-1]} {word}".strip()
            if found[-1] and len(found) < most and self.wide(longer, size, bold=bold) > width:
                found.append(word)
            else:
                found[-1] = longer
        return found

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled box; nothing where it has no width or height."""
        if width > 0 and height > 0:
            self._pdf.set_fill_color(*colour)
            self._pdf.rect(x, y, width, height, style="F")

    def frame(self, x: float, y: float, width: float, height: float, colour: Colour = LINE) -> None:
        """An outlined box with round corners."""
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(0.25)
        self._pdf.rect(x, y, width, height, style="D", round_corners=True, corner_radius=1.2)

    def rule(self, x: float, y: float, until: float, colour: Colour = LINE, thick: float = 0.2) -> None:
        """A horizontal line."""
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(thick)
        self._pdf.line(x, y, until, y)

    def mark(self, x: float, y: float, until: float, colour: Colour = INK) -> None:
        """A vertical line."""
        self._pdf.set_draw_color(*colour)
        self._pdf.set_line_width(0.35)
        self._pdf.line(x, y, x, until)

    def bytes(self) -> bytes:
        """The file."""
        return bytes(self._pdf.output())

    def _told(self, words: str) -> str:
        return "".join(sign if ord(sign) in self._known else _UNKNOWN for sign in _drawable(words))

    def _fitted(self, words: str, width: float) -> str:
        if not width or self._pdf.get_string_width(words) <= width:
            return words
        while words and self._pdf.get_string_width(words.rstrip() + "…") > width:
            words = words[:-1]
        return words.rstrip() + "…"


def _drawable(words: str) -> str:
    """Text from outside without anything that steers a reader: line ends, other controls, turns of direction."""
    return "".join(sign if sign.isprintable() else " " for sign in words)
