"""What the front must know of a statement before the engine sees it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from metrics.store.sqltext import masked, quoted, split_statements

# Parameters of ClickHouse's HTTP interface that are no settings of a query.
TRANSPORT_PARAMS = frozenset(
    {
        "add_http_cors_header",
        "buffer_size",
        "cancel_http_readonly_queries_on_client_close",
        "client_protocol_version",
        "compress",
        "database",
        "decompress",
        "default_format",
        "enable_http_compression",
        "http_headers_progress_interval_ms",
        "http_response_buffer_size",
        "http_write_exception_in_output_format",
        "http_zlib_compression_level",
        "password",
        "query",
        "query_id",
        "quota_key",
        "role",
        "send_progress_in_http_headers",
        "session_check",
        "session_id",
        "session_timeout",
        "stacktrace",
        "user",
        "wait_end_of_query",
    }
)

_NAME = r'(?:`(?:[^`\\]|\\.|``)*`|"(?:[^"\\]|\\.|"")*"|\w+)'
_INSERT_HEAD = re.compile(
    rb"\s*(INSERT\s+INTO\s+(?:TABLE\s+)?NAME(?:\s*\.\s*NAME)?\s*(?:\((?:`[^`]*`|\"[^\"]*\"|[^)`\"])*\))?)"
    rb"(?:\s*(SELECT\s[^;]*?\sFROM)\s+input\s*\(\s*('(?:[^'\\]|\\.|'')*')\s*\))?"
    rb"(?:\s*SETTINGS\s+([^;]+?))?\s*FORMAT\s+(\w+)[ \t]*(?:\r?\n|\Z)".replace(b"NAME", _NAME.encode()),
    re.IGNORECASE | re.DOTALL,
)
_OUTPUT_FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*(?:SETTINGS\s[^;]*)?;?\s*\Z", re.IGNORECASE)
_SETTING = re.compile(r"\s*(\w+)\s*(?:=\s*('(?:[^'\\]|\\.|'')*'|[^\s,']+))?\s*(?:,|\Z)")
_FIRST_WORD = re.compile(r"(?:\s+|--[^\n]*\n|/\*.*?\*/)*(\w+)\s*(\w+)?", re.DOTALL)


class Refused(Exception):
    """A statement that the front does not run; `code` is ClickHouse's own error code for it."""

    def __init__(self, code: int, name: str, message: str) -> None:
        super().__init__(f"Code: {code}. DB::Exception: {message} ({name})")
        self.code = code


@dataclass(frozen=True, slots=True)
class InsertHead:
    """`INSERT INTO … FORMAT …` up to the payload; `size` is the length of the head in bytes, line end included."""

    target: str
    settings: str
    format: str
    size: int
    select: str = ""
    structure: str = ""

    def from_file(self, path: str, settings: Mapping[str, str]) -> str:
        """The statement that reads the payload from a file; the statement's own settings win over the request's."""
        clauses = [setting_list(settings)] if settings else []
        clauses += [self.settings] if self.settings else []
        clause = f" SETTINGS {', '.join(clauses)}" if clauses else ""
        if self.select:  # `SELECT … FROM input('structure')`
            return f"{self.target} {self.select} file({quoted(path)}, '{self.format}', {self.structure}){clause}"
        return f"{self.target} FROM INFILE {quoted(path)}{clause} FORMAT {self.format}"


def parse_insert(text: bytes) -> InsertHead | None:
    """The head of an INSERT with a payload in a FORMAT, or None for every other statement."""
    found = _INSERT_HEAD.match(text)
    if not found:
        return None
    target, select, structure, settings, form = (part.decode() if part else "" for part in found.groups())
    return InsertHead(target.rstrip(), settings, form, found.end(), select, structure)


def setting_list(settings: Mapping[str, str]) -> str:
    """`a = '1', b = 'x'` for a SET statement or a SETTINGS clause."""
    for name in settings:
        if not re.fullmatch(r"\w+", name):
            raise Refused(115, "UNKNOWN_SETTING", f"'{name}' is no name of a setting")
    return ", ".join(f"{name} = {quoted(value)}" for name, value in settings.items())


def output_format(sql: str, default: str) -> str:
    """The format a statement names at its end, else the default."""
    found = _OUTPUT_FORMAT.search(sql, max(0, len(sql) - 400))
    return found.group(1) if found else default


def first_words(sql: str) -> tuple[str, str]:
    """The first two words in capitals, '' where there are none; comments are skipped."""
    found = _FIRST_WORD.match(sql)
    return (found.group(1).upper(), (found.group(2) or "").upper()) if found else ("", "")


def single(sql: str) -> str:
    """The one statement in the text. Refuses several, nothing, and writing to files, as a ClickHouse server does."""
    if ";" in sql:
        statements = split_statements(sql)
        if len(statements) > 1:
            raise Refused(62, "SYNTAX_ERROR", "Syntax error (Multi-statements are not allowed)")
        sql = statements[0] if statements else ""
    if not sql.strip():
        raise Refused(62, "SYNTAX_ERROR", "Syntax error: Empty query")
    if "outfile" in sql.lower() and re.search(r"\bINTO\s+OUTFILE\b", masked(sql), re.IGNORECASE):
        raise Refused(344, "SUPPORT_IS_DISABLED", "INTO OUTFILE is not allowed")
    return sql


def parse_set(sql: str) -> dict[str, str]:
    """The names and values of a `SET a = 1, b = 'x'` statement."""
    rest = re.sub(r"\A\s*SET\s+", "", sql, flags=re.IGNORECASE)
    settings: dict[str, str] = {}
    position = 0
    while position < len(rest):
        found = _SETTING.match(rest, position)
        if not found:
            raise Refused(62, "SYNTAX_ERROR", f"Syntax error: this SET statement is not understood: {sql[:200]}")
        name, value = found.group(1), found.group(2) or "1"
        quoted_value = value.startswith("'")
        settings[name] = re.sub(r"\\(.)|''", lambda m: m.group(1) or "'", value[1:-1]) if quoted_value else value
        position = found.end()
    return settings
