"""`flowglass explain`: what a figure of the pages means, how it is computed, how fresh it is, who set its target."""

from typing import Annotated

import typer

from metrics.commands.opened import Reader, open_store, wall_clock
from metrics.commands.output import print_json, print_line, print_table, say
from metrics.definitions.load import load
from metrics.explaining.answer import Explanation, Query, declared, explained, only_now
from metrics.explaining.asked import Asked
from metrics.explaining.catalogue import Figure, NoSuchFigure, figures, find
from metrics.explaining.promises import promises
from metrics.queries.rows import DefinitionText, Process
from metrics.running import NotRunning
from metrics.settings import read_settings
from metrics.words import DAY

explain = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True,
    help="What the figures on the pages mean and where they come from.",
)  # fmt: skip
ProcessOption = Annotated[
    str, typer.Option("--process", help="Of this process; left out: the one with most open cases.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@explain.command("figure")
def figure(
    name: Annotated[str, typer.Argument(help="A name of `flowglass explain figures`, or as a page calls it.")],
    process: ProcessOption = "",
    facility: Annotated[str, typer.Option("--facility", help="Only this facility.")] = "",
    days: Annotated[int, typer.Option("--days", min=0, help="The period before the newest event; 0: all time.")] = 28,
    declared_only: Annotated[bool, typer.Option("--declared", help="Without asking the store.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Explain one figure: definition, computation, target and source, freshness, versions, restatements, queries.

    Exit codes: 0 shown, 2 there is no such figure or process.
    """
    try:
        found = find(name)
    except NoSuchFigure as problem:
        say(str(problem))
        raise typer.Exit(2) from None
    told = declared(found, None, with_text=True) if declared_only else _told(found, process, facility, days)
    if as_json:
        print_json(for_machines(told))
        return
    print_explanation(told, only_now(found))


@explain.command("figures")
def list_figures(
    page: Annotated[str, typer.Option("--page", help="Only those of this page, such as /sla.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List every figure with its page and its definition.

    Exit codes: 0 shown.
    """
    found = [one for one in figures().values() if page in ("", one.page)]
    if as_json:
        rows = [
            {"name": one.name, "page": one.page, "title": one.said.name, "definition": one.said.definition}
            for one in found
        ]
        print_json(rows)
        return
    print_table(("name", "page", "as pages call it"), [(one.name, one.page, one.said.name) for one in found])


def _told(found: Figure, process: str, facility: str, days: int) -> Explanation:
    """With what the store says; as declared where no stack runs."""
    try:
        with open_store() as (_, reader):
            asked = asked_of(reader, process, facility, days)
            return explained(found, reader, asked, wall_clock(), with_text=True)
    except NotRunning:
        say("no store runs here, so this is what is declared; freshness, versions and restatements are in a store")
        return declared(found, None, with_text=True)


def asked_of(reader: Reader, process: str, facility: str, days: int) -> Asked:
    """The scope of the question, as of the newest event of the process. Ends the command when it is not known."""
    sizes = {row.process: row for row in reader.rows("processes", Process)}
    if not sizes or (process and process not in sizes):
        say(f"there are no cases of {process or 'any process'}; the store holds {', '.join(sizes) or 'none'}")
        raise typer.Exit(2)
    size = sizes[process] if process else max(sizes.values(), key=lambda row: (row.open, row.cases))
    texts = {row.process: row.yaml for row in reader.rows("definition_texts", DefinitionText)}
    since = size.newest_us - days * DAY if days else size.oldest_us - 1
    title = size.process.replace("_", " ")
    targets = promises(texts.get(size.process) or _text_at_hand(size.process))
    return Asked(size.process, title, facility, "", since, size.newest_us, days, True, targets)


def _text_at_hand(process: str) -> str:
    """The definition at hand, as pages take it where the store holds none; '' without one."""
    found = (one.text for one in load(read_settings().definitions).loaded if one.process.process == process)
    return next(found, "")


def print_explanation(told: Explanation, only_now_words: str) -> None:
    """Headings with their sentences, then each query with its parameters and text."""
    print_line(f"{told.title}  ({told.name}, page {told.page})")
    for section in told.sections:
        print_line()
        print_line(section.heading)
        for sentence in section.sentences:
            print_line(f"  {sentence}")
    if only_now_words:
        print_line()
        print_line(only_now_words)
    for query in told.queries:
        _print_query(query)


def _print_query(query: Query) -> None:
    print_table(("parameter", "value"), query.parameters, title=f"Query {query.name}")
    print_line()
    for line in query.text.rstrip().splitlines():
        print_line(f"  {line}")


def for_machines(told: Explanation) -> dict[str, object]:
    """The explanation as one document; sections are lists of sentences by heading."""
    return {
        "name": told.name,
        "title": told.title,
        "page": told.page,
        "sections": {section.heading: list(section.sentences) for section in told.sections},
        "queries": [{"name": q.name, "parameters": dict(q.parameters), "text": q.text} for q in told.queries],
    }
