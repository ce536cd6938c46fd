"""The list of dead letters by the filters in the URL, also where no case exists yet."""

from typing import Any

from dashboards.address import Address
from dashboards.definitions import undefined
from dashboards.paging import asked_rows
from dashboards.reading import Reader, Unanswered
from dashboards.scope import Desk, NothingYet, Scope
from dashboards.wording import NONE, humanised, moment
from metrics.queries.dead_letter_rows import LetterRow
from metrics.queries.rows import Process

PATH = "/dead-letters"
STATES = (("new", "New"), ("died_again", "Died again"), ("replayed", "Replayed"), ("all", "All"))
LOOKS = {"new": ("at_risk", "New"), "died_again": ("breached", "Died again"), "replayed": ("met", "Replayed")}
NOTHING = "No message has come that could not be read."
NO_MATCH = "No dead letter matches this."
NONE_WAITS = "No dead letter waits."
GROUPS = {"reason": "reason", "source": "source_name", "team": "owner"}
"""Word of the URL to the field of a letter that it narrows."""


class LetterDesk(Desk):
    """A desk that has a scope also where no case exists yet: what arrives first may all be unreadable."""

    def scope(self, address: Address) -> Scope:
        """The scope; without any case one of nothing but the address."""
        try:
            return super().scope(address)
        except NothingYet:
            days = address.period if address.period is not None else 28
            return Scope(address, undefined(""), Process("", 0, 0, 0, 0, 0, 0, ""), 0, days)


def narrowed(address: Address) -> dict[str, str]:
    """The filters that the queries take."""
    return {"reason": address.reason, "source": address.source, "owner": address.team}


def none_words(address: Address) -> str:
    """Why the list is empty."""
    return NO_MATCH if any(narrowed(address).values()) or address.state else NONE_WAITS


def link(address: Address, **changes: Any) -> str:
    """This page with some filters changed, and nothing chosen."""
    return PATH + address.with_(**{"finding": "", **changes}).search()


def read_list(reader: Reader, scope: Scope, offset: int, limit: int) -> list[LetterRow]:
    """One page of the letters that the address asks for."""
    wanted = scope.address.state if scope.address.state in dict(STATES) else ""
    return reader.rows(
        "dead_letter_list",
        LetterRow,
        **narrowed(scope.address),
        days=scope.days,
        state=wanted,
        offset=offset,
        limit=limit,
    )


def list_page(desk: Desk, address: Address, request: Any) -> dict[str, Any]:
    """One page as the grid takes it."""
    asked = asked_rows(request)
    try:
        scope = desk.scope(address)
        found = read_list(desk.reader, scope, asked.start, asked.limit)
    except Unanswered:
        return {"rowData": [], "rowCount": 0}
    return {"rowData": [list_row(row, address) for row in found], "rowCount": found[0].total if found else asked.start}


def list_row(row: LetterRow, address: Address) -> dict[str, Any]:
    """One ready-to-show row; its link opens the letter beside the list."""
    look, word = LOOKS[row.state]
    return {
        "key": row.id,
        "case": humanised(row.reason),
        "href": PATH + address.with_(finding=row.id).search(),
        "time": moment(row.ingested_us),
        "source": row.source_name,
        "owner": humanised(row.owner) or NONE,
        "detail": row.detail,
        "status": look,
        "status_word": word,
        "chosen": row.id == address.finding,
    }
