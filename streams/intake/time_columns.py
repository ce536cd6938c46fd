"""How a log writes its times: as the options say, else as the values of the column show."""

from collections.abc import Iterable

from metrics.texts.time_formats import TimeParser, UnclearFormat, detect_format, parser_of
from streams.intake.options import IntakeError, LogOptions


def column_parser(values: Iterable[str], column: str, options: LogOptions) -> TimeParser:
    """The parser for a column's values. `values` is read no further than needed to decide.

    Raises IntakeError when no known format fits, or when day and month cannot be told apart.
    """
    return _parser(options, options.time_format or _detected(values, column))


def declared_parser(options: LogOptions) -> TimeParser:
    """The parser of the declared format, else of ISO 8601. Raises IntakeError for a format that is not known."""
    return _parser(options, options.time_format or "iso")


def _detected(values: Iterable[str], column: str) -> str:
    try:
        return detect_format(values, column)
    except UnclearFormat as error:
        raise IntakeError(f"{error} (with --time-format)") from None


def _parser(options: LogOptions, form: str) -> TimeParser:
    try:
        return parser_of(form, options.time_zone())
    except UnclearFormat as error:
        raise IntakeError(f"--time-format: {error}") from None
