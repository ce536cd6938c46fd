"""What stands below the controls of Connect: rows as events, what is still missing, the mapping, the commands."""

from functools import cache
from typing import Any, NamedTuple

from dash import html

from dashboards.connect_preview import preview_table, summary_lines
from dashboards.dead_letter_detail import command
from metrics.connecting.draft import Draft, missing
from metrics.connecting.mapping_text import mapping_text
from metrics.connecting.plan import plan_of
from metrics.connecting.preview import preview_of
from metrics.connecting.shell_lines import analyse_line, mapping_lines
from metrics.definitions.mistakes import DefinitionsError
from metrics.privacy.passing import Passing
from metrics.privacy.policy import load_policy
from metrics.settings import read_settings
from metrics.vocabulary import Vocabulary


class Result(NamedTuple):
    """What stands below the controls."""

    rows: Any
    missing: Any
    yaml: str
    yaml_hidden: bool
    lines: Any


@cache
def _passing() -> Passing:
    """What the running service lets through: the rules shipped, and the file of one's own if it is right."""
    try:
        return Passing(load_policy(read_settings().privacy_rules), None)
    except DefinitionsError:
        return Passing(load_policy(), None)


def result_of(draft: Draft, file_name: str, vocabulary: Vocabulary) -> Result:
    """The result for a draft as it is now."""
    wanted = missing(draft, vocabulary)
    if wanted:
        asked = html.Ul([html.Li(sentence) for sentence in wanted], className="fg-connect-missing")
        waits = html.P("The rows are shown as events as soon as the mapping is complete.", className="fg-lead")
        return Result(
            waits, [html.P("Still to be said:", className="fg-lead"), asked], "", True, _lines(draft, file_name)
        )
    plan = plan_of(draft, vocabulary)
    preview, passing = preview_of(plan), _passing()
    rows = [
        summary_lines(preview, draft.table.flaw, vocabulary, passing),
        *preview_table(preview, vocabulary, passing),
    ]
    notes = [html.P(sentence, className="fg-lead") for sentence in _notes(draft)]
    return Result(rows, notes, mapping_text(plan, file_name), False, _lines(draft, file_name, whole=True))


def _notes(draft: Draft) -> list[str]:
    """What the mapping leaves open."""
    amount = draft.the("amount")
    if amount is not None and draft.the("currency") is None and not draft.currency:
        return [f"“{amount.name}” comes in as a plain attribute until its currency is chosen (above the columns)."]
    return []


def _lines(draft: Draft, file_name: str, whole: bool = False) -> list[Any]:
    """The commands that go on from here."""
    found: list[Any] = []
    if line := analyse_line(draft, file_name):
        found += _command(
            "This is an event log. See its cases, times and variants at once, without any mapping:", line, "analyse"
        )
    if whole:
        try_line, send_line = mapping_lines(draft, file_name)
        found += _command(f"Try the mapping ({draft.name}.yaml beside the file) on all of the file:", try_line, "try")
        found += _command(
            "Then put it into the directory that FLOWGLASS_MAPPINGS names, start the worker again, and send the file "
            f"(nightly ones: DIR/{draft.name}/ of “flowglass folder DIR”):",
            send_line,
            "send",
        )
    return found


def _command(what: str, line: str, verb: str) -> list[Any]:
    if not line:
        return [html.P("The file's names hold control signs: no command is shown for them.", className="fg-lead")]
    return [html.P(what, className="fg-connect-what"), command(f"connect-{verb}", line)]
