"""The tables of a case: related objects with their proof, events, and what changed afterwards."""

from typing import Any

from dashboards.case_facts import case_key
from dashboards.components.grids import sized
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.scope import Scope
from dashboards.wording import NONE, duration, exact_moment, humanised, moment, status_word
from metrics.queries.rows import CaseEvent, CaseHistory, CaseObject


def fill_objects(reader: Reader, request: Request) -> list[Any]:
    """Rows of the related objects."""
    objects = reader.rows("case_objects", CaseObject, **case_key(request))
    if not objects:
        raise Empty("No object is linked to this case.")
    view = request.scope.view
    return sized(
        [
            {
                "key": f"{o.object_type}|{o.object_id}|{o.via_id}",
                "object": f"{humanised(o.object_type)} {o.object_id}",
                "via": "is the case itself" if o.via_id == o.object_id else f"{humanised(o.via_type)} {o.via_id}",
                "proof": f"{view.activity_title(o.activity) if o.activity else 'event'} ({o.event_id[:8]})",
                "time": moment(o.time_us) if o.activity else NONE,
            }
            for o in objects
        ],
        7,
    )


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
                "time": exact_moment(e.time_us)[:-4],
                "activity": view.activity_title(e.activity),
                "objects": e.objects or NONE,
                "actor": e.actor or NONE,
                "amount": f"{float(e.amount):,.2f} {e.currency}" if e.amount else "",
                "source": e.source,
                "trace": e.trace_id[:12],
                "event": e.event_id[:12],
                "attributes": e.attributes if e.attributes != "{}" else "",
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
    clock = scope.view.sla_title(row.clock)
    new = status_word(row.new_status)
    if row.kind == "restated":
        times = f"{duration(row.old_net_us)} became {duration(row.new_net_us)}"
        return f"{clock}: {status_word(row.old_status)} became {new}, {times} ({humanised(row.cause).lower()})"
    by = "an event" if row.cause == "event" else "the passing of time"
    return f"{clock}: {new} at {moment(row.about_us)}, decided by {by}"
