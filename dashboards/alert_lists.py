"""The alerts as pages speak of them: what fires for which cause, for how many cases, and who takes care."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dash import html
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.components.grids import sized
from dashboards.components.leaves import Leaf, leaf_values
from dashboards.components.tiles import tile
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.scope import Desk, Scope
from dashboards.shell_news import server_now
from dashboards.wording import DAY, MINUTE, NONE, count, duration, humanised, interface_words, moment
from metrics.alerts.actions import NOBODY, Standing, standings
from metrics.alerts.condition import money
from metrics.alerts.links import page
from metrics.alerts.rows import StoredAction, StoredAlert, StoredSilence
from metrics.alerts.state import actions_of, alert_of, silences_of
from metrics.alerts.words import Alert

PATH, CARD = "/alerts", "alert-tiles"
RECENT = 7 * DAY
TICKS_BETWEEN = 3
STATES = (
    ("firing", "Firing"),
    ("pending", "Pending"),
    ("muted", "Muted"),
    ("resolved", "Resolved in the last week"),
    ("all", "All"),
)
TILES = ("firing", "cases", "open", "pending", "resolved")
_LOOKS = {"critical": "breached", "warning": "at_risk", "info": "open"}


class Shown(NamedTuple):
    """An alert, how people stand to it, and the silence that covers it ('' for none)."""

    alert: Alert
    standing: Standing
    silence: str

    @property
    def is_open(self) -> bool:
        """Whether it fires and nobody has it."""
        taken = self.standing.acknowledged_by or self.silence
        return self.alert.status == "firing" and not taken


def tile_row() -> html.Div:
    """All tiles, loading."""
    return html.Div([tile(name, CARD) for name in TILES], className="fg-tiles fg-tiles-five")


def read_alerts(reader: Reader, scope: Scope, clock: Callable[[], int] = server_now) -> list[Shown]:
    """Those that are not over and those resolved within a week: what nobody has first, then the newest.

    People act by the clock on the wall, so silences are held against it.
    """
    now, wall = scope.as_of // MINUTE * MINUTE, clock()
    alerts = {row.alert_id: alert_of(row) for row in reader.rows("alert_open", StoredAlert, since=now - RECENT, id="")}
    taken = standings(actions_of(reader.rows("alert_actions", StoredAction, alert="")), alerts)
    silences = silences_of(reader.rows("alert_silences", StoredSilence, now=wall // MINUTE * MINUTE))
    found = [
        Shown(one, taken.get(one.id, NOBODY), next((s.id for s in silences if s.holds(one.labels, wall)), ""))
        for one in alerts.values()
    ]
    severity = {"critical": 0, "warning": 1, "info": 2}
    order = {"firing": 0, "pending": 1, "muted": 2, "resolved": 3}
    return sorted(
        found,
        key=lambda one: (
            order[one.alert.status],
            not one.is_open,
            severity[one.alert.severity],
            -(one.alert.fired or one.alert.since),
            one.alert.id,
        ),
    )


def let_through(found: Sequence[Shown], address: Address) -> list[Shown]:
    """The alerts that the page's state and owner let through; without a state those that are not over."""
    wanted = {"": ("firing", "pending", "muted"), "all": ("firing", "pending", "muted", "resolved")}
    states = wanted.get(address.state, (address.state,))
    return [
        one
        for one in found
        if one.alert.status in states and address.holder in ("", one.alert.identity.owner, one.standing.assignee)
    ]


def taken_words(one: Shown) -> str:
    """Who has acknowledged it, and when."""
    standing = one.standing
    if standing.acknowledged_by:
        return f"{standing.acknowledged_by}, {moment(standing.acknowledged_at or 0)}"
    return NONE


def cause_words(alert: Alert, desk: Desk) -> str:
    """The cause by its name: interfaces, stages and SLAs have one."""
    identity = alert.identity
    if identity.cause_kind == "interface":
        return interface_words(identity.cause)
    if identity.process and identity.cause and identity.cause_kind in ("stage", "objective"):
        view = desk.view(identity.process)
        return view.state_title(identity.cause) if identity.cause_kind == "stage" else view.sla_title(identity.cause)
    return identity.cause


def title(alert: Alert, desk: Desk) -> str:
    """The kind of an alert and its cause, in words."""
    cause = cause_words(alert, desk)
    return f"{humanised(alert.identity.kind)}: {cause}" if cause else humanised(alert.identity.kind)


def look(one: Shown) -> tuple[str, str]:
    """Status class and word."""
    if one.alert.status == "firing":
        word = (
            "Silenced" if one.silence else "Taken" if one.standing.acknowledged_by else one.alert.severity.capitalize()
        )
        return ("paused" if word in ("Silenced", "Taken") else _LOOKS[one.alert.severity]), word
    return {"resolved": ("met", "Resolved"), "pending": ("open", "Pending")}.get(one.alert.status, ("paused", "Muted"))


def fill_tiles(reader: Reader, request: Request, clock: Callable[[], int] = server_now) -> list[list[str]]:
    """Values of the tiles' leaves."""
    address, as_of = request.scope.address, request.scope.as_of
    found = [
        one for one in read_alerts(reader, request.scope, clock) if address.holder in ("", one.alert.identity.owner)
    ]
    firing = [one for one in found if one.alert.status == "firing"]
    waiting = [one for one in found if one.alert.status in ("pending", "muted")]
    done = [one for one in found if one.alert.status == "resolved" and (one.alert.resolved or 0) > as_of - DAY]
    fresh = sum((one.alert.fired or 0) > as_of - DAY for one in firing)
    unheld = [one for one in firing if one.is_open]
    critical = sum(one.alert.severity == "critical" for one in firing)
    oldest = min((one.alert.fired or one.alert.since for one in unheld), default=None)
    causes = len({one.alert.identity.cause for one in firing})
    leaves = {
        "firing/value": Leaf(count(len(firing)), "plain" if firing else "quiet"),
        "firing/unit": _alerts(firing),
        "firing/status": _status(bool(firing), "Critical" if critical else "Firing", "bad" if critical else "warn"),
        "firing/note": Leaf(f"{count(fresh)} since yesterday, {count(critical)} critical"),
        "cases/value": Leaf(count(sum(one.alert.count for one in firing)), "plain" if firing else "quiet"),
        "cases/unit": Leaf("cases or messages"),
        "cases/note": Leaf(f"from {count(causes)} cause{'' if causes == 1 else 's'}"),
        "open/value": Leaf(count(len(unheld)), "plain" if unheld else "quiet"),
        "open/unit": _alerts(unheld),
        "open/status": _status(bool(unheld), "To take", "bad"),
        "open/note": Leaf("" if oldest is None else f"the oldest for {duration(max(as_of - oldest, 0))}"),
        "pending/value": Leaf(count(len(waiting)), "plain" if waiting else "quiet"),
        "pending/unit": _alerts(waiting),
        "pending/note": Leaf("They are told if they still hold then"),
        "resolved/value": Leaf(count(len(done)), "plain" if done else "quiet"),
        "resolved/unit": Leaf("in the last day"),
    }
    states = {"firing": "firing", "cases": "firing", "open": "firing", "pending": "", "resolved": "resolved"}
    links = {name: PATH + address.with_(state=state, alert="").search() for name, state in states.items()}
    return leaf_values(request.outputs, leaves, links)


def _alerts(found: Sequence[Any]) -> Leaf:
    return Leaf("alert" if len(found) == 1 else "alerts")


def _status(some: bool, word: str, tone: str) -> Leaf:
    return Leaf(word, tone) if some else Leaf("None", "good")


def fill_list(desk: Desk, request: Request) -> list[Any]:
    """Rows of the alerts; raises Empty with good news."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate
    scope = request.scope
    found = let_through(read_alerts(desk.reader, scope), scope.address)
    if not found:
        raise Empty("No alert with these filters." if scope.address.holder or scope.address.state else "Nothing fires.")
    return sized([alert_row(one, desk, scope) for one in found], 10)


def alert_row(one: Shown, desk: Desk, scope: Scope) -> dict[str, Any]:
    """One ready-to-show row; its number leads to the cases behind it."""
    alert, identity = one.alert, one.alert.identity
    status, word = look(one)
    return {
        "key": alert.id,
        "case": title(alert, desk),
        "href": PATH + scope.address.with_(alert=alert.id).search(),
        "detail": alert.detail,
        "process": desk.view(identity.process).title if identity.process else NONE,
        "count": {"text": count(alert.count), "href": page(alert)} if alert.count else {"text": NONE, "tone": "quiet"},
        "money": money(alert.amounts) or NONE,
        "owner": humanised(one.standing.assignee or identity.owner) or NONE,
        "since": moment(alert.fired or alert.since),
        "status": status,
        "status_word": word,
        "taken": taken_words(one),
        "chosen": alert.id == scope.address.alert,
    }
