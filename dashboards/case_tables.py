"""The tables of a case: related objects with their proof, events, and what changed afterwards."""

from typing import Any

import msgspec

from dashboards.case_expectations import expectation_words
from dashboards.case_facts import case_key
from dashboards.components.grids import sized
from dashboards.filling import Empty, Request
from dashboards.money_words import amount_words
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import NONE, duration, humanised, moment, second_moment, status_word
from metrics.definitions.conformance_words import KIND_WORDS, rule_sentence
from metrics.queries.rows import CaseEvent, CaseHistory, CaseObject


def fill_objects(reader: Reader, request: Request) -> list[Any]:
    """Rows of the related objects."""
    objects = reader.rows("case_objects", CaseObject, **case_key(request))
    if not objects:
        raise Empty("No object is linked to this case.")
    return sized([object_row(one, request.scope) for one in objects], 7)


def object_row(one: CaseObject, scope: Scope) -> dict[str, Any]:
    """One object with its proof; the object that the case is about needs none and says so."""
    row = {
        "key": f"{one.object_type}|{one.object_id}|{one.via_id}",
        "object": f"{type_words(one.object_type)} {one.object_id}",
    }
    if (one.via_type, one.via_id) == (one.object_type, one.object_id):
        return row | {"via": NONE, "proof": "The case itself", "time": NONE}
    said = scope.view.activity_title(one.activity) if one.activity else "An event of another case"
    return row | {
        "via": f"{type_words(one.via_type)} {one.via_id}",
        "proof": f"{said} ({one.event_id[:8]})" if one.event_id else "No proof is stored",
        "time": moment(one.time_us) if one.activity else NONE,
    }


def type_words(object_type: str) -> str:
    """An object's type in words; the case of a log without a definition has no better name than that."""
    return "Case" if object_type.startswith("log.") else humanised(object_type)


def objects_words(objects: str) -> str:
    """The objects of an event as the query lists them, their types in words; the subject stands without its rank."""
    parts = []
    for told in filter(None, objects.split(", ")):
        object_type, _, rest = told.partition(" ")
        parts.append(f"{type_words(object_type)} {rest.removesuffix(' (subject)')}")
    return ", ".join(parts)


def attribute_words(attributes: str) -> str:
    """A JSON object as 'name: value, …'; what is none stays as it is."""
    try:
        found = msgspec.json.decode(attributes or "{}", type=dict[str, Any])
    except msgspec.DecodeError:
        return attributes
    return ", ".join(f"{name}: {value}" for name, value in found.items())


def fill_events(reader: Reader, request: Request) -> list[Any]:
    """Rows of the event list."""
    events = reader.rows("case_events", CaseEvent, **case_key(request))
    if not events:
        raise Empty("No event is folded into this case.")
    view = request.scope.view
    return sized(
        [
            {
                "key": e.event_id,
                "time": second_moment(e.time_us),
                "activity": view.activity_title(e.activity),
                "objects": objects_words(e.objects) or NONE,
                "actor": e.actor or NONE,
                "amount": amount_words(e.amount, e.currency),
                "source": e.source,
                "trace": e.trace_id[:8],
                "event": e.event_id[:8],
                "attributes": attribute_words(e.attributes),
            }
            for e in events
        ],
        12,
    )


def fill_history(reader: Reader, request: Request) -> list[Any]:
    """Rows of the history."""
    history = reader.rows("case_history", CaseHistory, **case_key(request))
    if not history:
        raise Empty("Nothing came late and nothing was restated.")
    return sized(
        [
            {
                "key": str(index),
                "noticed": moment(row.noticed_us),
                "what": history_words(row, request.scope),
                "event": row.event_id[:12],
            }
            for index, row in enumerate(history)
        ],
        7,
    )


def history_words(row: CaseHistory, scope: Scope) -> str:
    """One row of the history as a sentence."""
    if row.kind == "late":
        return f"An event of {moment(row.about_us)} came late"
    if row.kind == "deviation":
        return deviation_words(row, scope)
    if row.kind == "expected":
        return expectation_words(row)
    clock = scope.view.sla_title(row.clock)
    new = status_word(row.new_status)
    if row.kind == "restated":
        times = f"{duration(row.old_net_us)} became {duration(row.new_net_us)}"
        return f"{clock}: {status_word(row.old_status)} became {new}, {times} ({humanised(row.cause).lower()})"
    by = "an event" if row.cause == "event" else "the passing of time"
    return f"{clock}: {new} at {moment(row.about_us)}, decided by {by}"


def deviation_words(row: CaseHistory, scope: Scope) -> str:
    """A verdict that came, changed or was taken back."""
    rule, _, milestone = row.clock.partition("|")
    what = rule_sentence(row.old_status, rule, milestone, scope.view.milestone_title)
    kind = KIND_WORDS.get(row.old_status, row.old_status)
    change = {"withdrawn": "Taken back", "changed": "Now"}.get(row.new_status, "Found")
    by = " because of an event that came late" if row.event_id else ""
    return f"{change}: {kind.lower()}: {what}{by}"
