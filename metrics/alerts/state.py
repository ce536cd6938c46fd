"""Alerts in the store: read at the start, written when they change. A row is written again without harm."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import msgspec

from metrics.alerts import rows as stored
from metrics.alerts.actions import Action, Silence
from metrics.alerts.decide import GroupKey, Note
from metrics.alerts.dedup import Said
from metrics.alerts.ownership import Ownership, Reader, Writer
from metrics.alerts.words import Alert, Identity, Member, Message

MOST_MEMBERS = 2_000_000
MessageState = Literal["queued", "delivered", "refused"]
ORPHANED: Final = "the alerts file names this receiver no more"
"""The error of messages that are given up since nothing of their receiver is declared."""
Told = Mapping[str, tuple[int, int]]

_told = msgspec.json.Decoder(dict[str, tuple[int, int]])
_message = msgspec.json.Decoder(Message)
_matchers = msgspec.json.Decoder(dict[str, tuple[str, ...]])
_amounts = msgspec.json.Decoder(dict[str, str])


class Queued(NamedTuple):
    """A message on its way. `told`: what the receiver knows to be firing once it has it."""

    message: Message
    told: Told
    attempts: int = 0


class AlertStore:
    """Everything that alerting keeps. Methods raise the store's errors."""

    def __init__(self, reader: Reader, writer: Writer, ownership: Ownership) -> None:
        self._reader = reader
        self._writer = writer
        self._ownership = ownership

    def alerts(self, since: int) -> dict[str, Alert]:
        """Alerts that are not over, and those resolved since then, by id."""
        return {
            row.alert_id: alert_of(row)
            for row in self._reader.rows("alert_open", stored.StoredAlert, since=since, id="")
        }

    def revisions(self) -> dict[str, int]:
        """The revision of every alert there ever was."""
        return {row.alert_id: row.revision for row in self._reader.rows("alert_revisions", stored.Revision)}

    def members(self) -> dict[str, dict[tuple[str, str], tuple[Member, int]]]:
        """The cases behind open alerts, by alert: (process, case) → the case and since when."""
        found: dict[str, dict[tuple[str, str], tuple[Member, int]]] = {}
        for row in self._reader.rows("alert_members", stored.StoredMember, alert="", limit=MOST_MEMBERS):
            member = Member(row.process, row.case_id, row.stage, row.sla, row.amount, row.currency)
            found.setdefault(row.alert_id, {})[member.key] = member, row.joined_us
        return found

    def said(self, since: int) -> dict[GroupKey, Said]:
        """The last message of each group, whether it has arrived or not; older ones only while something fires."""
        return {
            (row.receiver, row.group_key): Said(_told.decode(row.told), row.number, row.at_us)
            for row in self._reader.rows("alert_said", stored.StoredSaid, since=since)
        }

    def queue(self) -> list[Queued]:
        """Messages that wait, in the order in which they were made."""
        found = self._reader.rows("alert_queue", stored.QueuedMessage)
        return [Queued(_message.decode(row.message), _told.decode(row.told), row.attempts) for row in found]

    def actions(self) -> list[Action]:
        return actions_of(self._reader.rows("alert_actions", stored.StoredAction, alert=""))

    def silences(self, now: int) -> list[Silence]:
        return silences_of(self._reader.rows("alert_silences", stored.StoredSilence, now=now))

    def answers(self) -> dict[tuple[str, str, str], tuple[str, int]]:
        """What was last logged: (alert, receiver, route) → code and revision."""
        found = self._reader.rows("alert_answers", stored.Answer)
        return {(row.alert_id, row.receiver, row.route): (row.code, row.revision) for row in found}

    def save_alerts(self, alerts: Iterable[Alert], now: int) -> None:
        self._insert("alerts", [_alert_row(one, self._ownership.version(), now) for one in alerts])

    def save_members(self, changes: Iterable[tuple[str, Member, int, int | None]]) -> None:
        """(alert id, case, since when, until when or None) of cases that came or went."""
        self._insert(
            "alert_cases",
            [
                {"alert_id": id_, "version": self._ownership.version(), "joined": joined, "left": left}
                | msgspec.structs.asdict(member)
                for id_, member, joined, left in changes
            ],
        )

    def save_log(self, notes: Sequence[Note], now: int) -> None:
        self._insert("alert_log", [one._asdict() | {"at": now} for one in notes])

    def save_messages(
        self, messages: Iterable[Queued], state: MessageState, *, error: str = "", settled: int | None = None
    ) -> None:
        self._insert(
            "alert_messages",
            [_message_row(one, state, self._ownership.version(), error, settled) for one in messages],
        )

    def _insert(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._writer.insert(table, {name: [row[name] for row in rows] for name in rows[0]})


def alert_of(row: stored.StoredAlert) -> Alert:
    """A stored alert."""
    identity = Identity(row.kind, row.process, row.cause_kind, row.cause, row.owner, bool(row.simulated))
    return Alert(
        identity=identity,
        severity=row.severity,  # type: ignore[arg-type]
        status=row.status,  # type: ignore[arg-type]
        revision=row.revision,
        since=row.since_us,
        detail=row.detail,
        muted=row.muted,
        fired=row.fired_us,
        gone=row.gone_us,
        resolved=row.resolved_us,
        count=row.count,
        peak=row.peak,
        amounts=_amounts.decode(row.amounts),
    )


def actions_of(found: Iterable[stored.StoredAction]) -> list[Action]:
    return [Action(row.alert_id, row.at_us, row.action, row.actor, row.text, row.revision) for row in found]  # type: ignore[arg-type]


def silences_of(found: Iterable[stored.StoredSilence]) -> list[Silence]:
    return [
        Silence(row.silence_id, _matchers.decode(row.matchers), row.starts_us, row.ends_us, row.actor, row.comment)
        for row in found
    ]


def _alert_row(alert: Alert, version: int, now: int) -> dict[str, Any]:
    row = msgspec.structs.asdict(alert)
    identity = msgspec.structs.asdict(row.pop("identity")) | {"simulated": int(alert.identity.simulated)}
    amounts = msgspec.json.encode(alert.amounts).decode()
    return row | identity | {"alert_id": alert.id, "version": version, "amounts": amounts, "changed": now}


def _message_row(queued: Queued, state: MessageState, version: int, error: str, settled: int | None) -> dict[str, Any]:
    message = queued.message
    return {
        "receiver": message.receiver,
        "group_key": message.group,
        "number": message.number,
        "version": version,
        "message_id": message.id,
        "alert_ids": [one.id for one in message.alerts],
        "message": msgspec.json.encode(message).decode(),
        "told": msgspec.json.encode(queued.told).decode(),
        "state": state,
        "attempts": queued.attempts,
        "error": error[:500],
        "created": message.created,
        "settled": settled,
    }
