"""What the rows of a dropped table become: sentences, and the first of them as a table."""

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboards.components.attributes import marked
from dashboards.wording import count, second_moment
from metrics.connecting.preview import Preview, RowShown, Shown, Summary
from metrics.connecting.table import Table
from metrics.privacy.passing import Passing
from metrics.vocabulary import Vocabulary
from metrics.words import DAY

_HEADINGS = ("Line", "Event", "About", "Time (UTC)", "Also names", "Amount", "Who", "Attributes")


def table_note(table: Table, name: str) -> str:
    """How the file was read."""
    delimiters = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
    read = f"{count(len(table.rows))} rows" if table.whole else (
        f"the first {count(len(table.rows))} of about {count(table.expected_rows)} rows"
    )  # fmt: skip
    return (
        f"{name}: {read}, {count(len(table.names))} columns, separated by {delimiters[table.delimiter]}, "
        f"character set {table.encoding}."
    )


def summary_words(summary: Summary, vocabulary: Vocabulary) -> list[str]:
    """All rows in sentences."""
    kinds = ", ".join(f"{count(n)} × {vocabulary.events[name].title}" for name, n in summary.types.most_common(6))
    more = len(summary.types) - 6
    found = [f"{_counted(summary.rows, 'row')} {_give(summary.rows)} {_counted(summary.events, 'event')}"]
    if kinds:
        found[0] += f": {kinds}{f' and {more} kinds more' if more > 0 else ''}"
    if summary.left_out:
        found.append(f"{_counted(summary.left_out, 'row')} left out on purpose")
    if summary.again:
        found.append(f"{_counted(summary.again, 'event')} said again what an earlier row had said: they count once")
    return [f"{sentence}." for sentence in found]


def summary_lines(preview: Preview, flaw: str, vocabulary: Vocabulary, passing: Passing) -> html.Div:
    """The sum of all rows, and what is wrong, each with its mark."""
    lines: list[Any] = []
    if flaw:
        lines.append(_mark("bad", "Refused", f"{flaw} A mapping takes nothing of a file with such a line."))
    summary = preview.summary
    if summary.dead:
        ends = "it ends as a dead letter, for the reason below" if summary.dead == 1 else (
            "they end as dead letters, for the reasons below"
        )  # fmt: skip
        what = f"{_counted(summary.dead, 'row')} cannot be read: {ends}."
        lines.append(_mark("bad", "Dead letters", what))
    elif not flaw:
        lines.append(_mark("good", "Readable", "Every row that was looked at can be read."))
    lines += [html.P(sentence) for sentence in summary_words(summary, vocabulary)]
    if dropped := dropped_names(preview, passing):
        what = (
            f"The service's privacy rules let no value through of: {', '.join(dropped)} (docs/privacy.md says how to)."
        )
        lines.append(_mark("warn", "Privacy", what))
    return html.Div(lines, className="fg-connect-summary")


def dropped_names(preview: Preview, passing: Passing) -> list[str]:
    """The attributes of which nothing that is shown passes the rules of privacy."""
    events = [event for row in preview.first for event in row.events]
    dropped = {name for event in events for name in passing.dropped(event.type, event.attributes)}
    passed = {name for event in events for name in event.attributes} - dropped
    return sorted(dropped - passed)


def preview_table(preview: Preview, vocabulary: Vocabulary, passing: Passing) -> list[Any]:
    """The first rows, and the first that die where those are others."""
    shown = {row.row.line for row in preview.first}
    dying = [row for row in preview.dying if row.row.line not in shown][:10]
    tables: list[Any] = [
        _scrolled(_rows(preview.first, vocabulary, passing, "The first rows as events"), "The first rows")
    ]
    if dying:
        tables += [html.H3("Further rows that cannot be read", className="fg-connect-sub")]
        tables += [_scrolled(_rows(dying, vocabulary, passing, "Rows that cannot be read"), "Rows that cannot be read")]
    return tables


def _scrolled(table: html.Table, label: str) -> Any:
    frame = html.Div(table, className="fg-table-view fg-connect-preview", tabIndex=0, role="region")
    return marked(frame, aria_label=label)


def _rows(rows: Sequence[RowShown], vocabulary: Vocabulary, passing: Passing, caption: str) -> html.Table:
    body = [line for row in rows for line in _lines(row, vocabulary, passing)]
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in _HEADINGS]))
    return html.Table([html.Caption(caption, className="fg-hidden"), head, html.Tbody(body)], className="fg-table")


def _lines(row: RowShown, vocabulary: Vocabulary, passing: Passing) -> list[html.Tr]:
    if row.fate != "events":
        bad = row.fate == "dead letter"
        word = _status("bad", "Dead letter") if bad else _status("plain", "Left out")
        why = html.Td([word, html.Span(row.why[:1].upper() + row.why[1:])], colSpan=len(_HEADINGS) - 1)
        return [html.Tr([html.Td(row.row.line, className="fg-number"), why])]
    return [
        html.Tr(
            [html.Td(row.row.line if not number else "", className="fg-number"), *_cells(event, vocabulary, passing)]
        )
        for number, event in enumerate(row.events)
    ]


def _cells(event: Shown, vocabulary: Vocabulary, passing: Passing) -> list[html.Td]:
    subject, *others = event.objects
    dropped = passing.dropped(event.type, event.attributes)
    amount = f"{event.amount.value} {event.amount.currency}" if event.amount else ""
    return [
        html.Td(vocabulary.events[event.type].title, title=event.type),
        html.Td(f"{subject.type}/{subject.id}"),
        html.Td(_time(event), className="fg-when"),
        html.Td(_listed([f"{one.type}/{one.id}" for one in others])),
        html.Td(amount, className="fg-number"),
        html.Td(event.actor),
        html.Td([_attribute(name, value, name in dropped) for name, value in event.attributes.items()]),
    ]


def _attribute(name: str, value: str, dropped: bool) -> html.Div:
    """An attribute; one that the privacy rules drop is shown as such."""
    text = f"{name}: {value[:120]}"
    return html.Div([html.S(text), " dropped"], className="fg-dropped") if dropped else html.Div(text)


def _listed(texts: Sequence[str]) -> list[html.Div]:
    return [html.Div(text) for text in texts]


def _time(event: Shown) -> str:
    text = second_moment(event.time)
    if event.precision == "day" and event.time % DAY == 0:
        return f"{text[:10]} (day)"
    return f"{text} (day)" if event.precision == "day" else text[:-3] if event.precision == "minute" else text


def _status(tone: str, word: str) -> html.Span:
    return html.Span(word, className=f"fg-leaf fg-status fg-tone-{tone}")


def _mark(tone: str, word: str, sentence: str) -> html.P:
    return html.P([_status(tone, word), html.Span(sentence)], className="fg-connect-mark")


def _counted(number: int, noun: str) -> str:
    return f"{count(number)} {noun}" + ("" if number == 1 else "s")


def _give(number: int) -> str:
    return "gives" if number == 1 else "give"
