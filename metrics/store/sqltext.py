"""The little that must be known of SQL text without parsing it: where strings and comments are, where a statement ends.

Only what ClickHouse's own lexer knows counts: '…', "…" and `…` with backslash or doubled quotes, `--` and `#!` line
comments, `/* … */` comments (they do not nest).
"""

import re

_OPAQUE = re.compile(
    r"""
      '(?:[^'\\]|\\.|'')*'?
    | "(?:[^"\\]|\\.|"")*"?
    | `(?:[^`\\]|\\.|``)*`?
    | --[^\n]*
    | \#(?:!|\ )[^\n]*
    | /\*.*?(?:\*/|\Z)
    """,
    re.DOTALL | re.VERBOSE,
)


def masked(sql: str) -> str:
    """The text with every string, quoted name and comment replaced by blanks of the same length (line ends kept)."""
    return _OPAQUE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), sql)


def split_statements(sql: str) -> list[str]:
    """The statements of a script, in order, without their semicolons; stretches of blanks and comments are left out."""
    blanked = masked(sql)
    cuts = [position for position, letter in enumerate(blanked) if letter == ";"]
    starts = [0, *(cut + 1 for cut in cuts)]
    ends = [*cuts, len(sql)]
    # A quoted name is opaque too, so a piece counts as empty only when nothing but comments was in it.
    pieces = (sql[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return [piece for piece in pieces if _has_code(piece)]


def _has_code(piece: str) -> bool:
    without_comments = _OPAQUE.sub(lambda found: "" if found.group()[0] in "-#/" else "x", piece)
    return bool(without_comments.strip())


def quoted(text: str) -> str:
    """The text as a ClickHouse string literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def quoted_name(name: str) -> str:
    """The name as a quoted ClickHouse identifier."""
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"
