"""One dead letter: where it stood, why it could not be read, whose it is, its masked message, and how it comes back."""

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboards.components.attributes import marked
from dashboards.components.icons import icon
from dashboards.dead_letters import LOOKS, link, none_words, read_list
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import NONE, count, exact_moment, humanised, moment
from metrics.dead_letter_advice import ADVICE
from metrics.queries.dead_letter_rows import LetterDetail

PAUSED = "source_paused"
GONE = "This letter is no longer there: its time to be kept is over."
ONLY_SENDER = {
    "none": "The original was not kept. Only its sender can send it again.",
    "expired": "The original was kept until {until} and is gone. Only its sender can send it again.",
}


def fill_detail(reader: Reader, request: Request) -> list[Any]:
    """The chosen letter, or the first of the list. It changes only by a replay, so a tick leaves it alone."""
    if request.ticked:
        raise PreventUpdate
    scope = request.scope
    wanted = scope.address.finding or _first(reader, scope)
    found = reader.rows("dead_letter_one", LetterDetail, id=wanted)
    if not found:
        raise Empty(GONE)
    return [panel(found[0], scope)]


def _first(reader: Reader, scope: Scope) -> str:
    rows = read_list(reader, scope, 0, 1)
    if not rows:
        raise Empty(none_words(scope.address))
    return rows[0].id


def panel(letter: LetterDetail, scope: Scope) -> html.Div:
    """Everything that may be shown of one letter."""
    look, word = LOOKS[letter.state]
    headers = [f"{n}: {v}" for n, v in zip(letter.header_names, letter.header_values, strict=True)]
    return html.Div(
        [
            html.Div(
                [html.Strong(humanised(letter.reason)), html.Span(word, className=f"fg-status-cell fg-status-{look}")],
                className="fg-detail-head",
            ),
            html.P(letter.detail, className="fg-detail-text"),
            html.Dl([part for name, value in facts(letter, scope) for part in (html.Dt(name), html.Dd(value))]),
            _title("What to do"),
            html.P(ADVICE.get(letter.reason, "See docs/dead-letters.md."), className="fg-letter-advice"),
            *way_back(letter),
            _title(f"The message, {count(letter.bytes)} bytes, values masked"),
            marked(
                html.Pre(
                    "\n".join((*headers, *([""] if headers else []), letter.excerpt)), className="fg-letter-message"
                ),
                tabindex="0",
                role="region",
                aria_label="The message with its values masked",
            ),
        ]
    )


def facts(letter: LetterDetail, scope: Scope) -> Sequence[tuple[str, Any]]:
    """Name and value of what is known."""
    address = scope.address
    source = dcc.Link(
        letter.source_name, href=link(address, source=letter.source_name, reason="", team=""), className="fg-link"
    )
    replays = "once" if letter.replays == 1 else f"{count(letter.replays)} times"
    return (
        ("Taken in", exact_moment(letter.ingested_us)),
        ("Source", source),
        ("Mapping", letter.system or NONE),
        ("Owner", humanised(letter.owner) or NONE),
        ("Position", f"{letter.topic}, partition {letter.partition}, offset {count(letter.offset)}"),
        ("Origin", letter.origin),
        ("Replayed", replays if letter.replays else "never"),
        ("Original", f"sealed, until {moment(letter.sealed_until_us)}" if letter.original == "kept" else "not kept"),
        ("Letter", letter.id),
        *((("Simulated", "nothing of it is real"),) if letter.simulated else ()),
    )


def way_back(letter: LetterDetail) -> list[Component]:
    """The commands that bring it back, ready to be copied; the page itself sends nothing."""
    if letter.original != "kept":
        until = moment(letter.sealed_until_us)
        return [html.P(ONLY_SENDER[letter.original].format(until=until), className="fg-letter-advice")]
    steps = (
        []
        if letter.reason != PAUSED
        else [("resume", f"flowglass source resume {letter.system or letter.source_name}")]
    )
    steps += [("try", f"flowglass dlq replay {letter.id} --dry-run"), ("replay", f"flowglass dlq replay {letter.id}")]
    return [command(f"letter-{name}", text) for name, text in steps]


def command(name: str, text: str) -> html.Div:
    """A command with a button that copies it."""
    button = html.Button([icon("copy", 14), html.Span("Copy")], className="fg-button fg-copy", type="button")
    return html.Div(
        [html.Code(text, id=name), marked(button, data_copy=name, aria_label=f"Copy: {text}")], className="fg-command"
    )


def _title(text: str) -> html.H3:
    return html.H3(text, className="fg-detail-title")
