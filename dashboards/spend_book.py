"""What Spend & labour reads: one answer of the ledger that all its cards share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from dash.exceptions import PreventUpdate

from dashboards.address import Address
from dashboards.filling import Empty, Request
from dashboards.reading import Reader
from dashboards.scope import Desk, unnoted
from dashboards.spend_period import STANDARD_DAYS, SpendScope
from dashboards.wording import MINUTE
from metrics.definitions.mistakes import DefinitionsError
from metrics.ledger import asking
from metrics.ledger.asking import FILTERS, Asked
from metrics.ledger.book import NOT_TOLD, Book
from metrics.ledger.fiscal import bounds, fiscal_period, offered
from metrics.ledger.period import Period
from metrics.ledger.rates import Rates, load_rates
from metrics.settings import read_settings

PATH = "/spend"
TICKS_BETWEEN = 12
NOTHING = (
    "No document with money or hours has been seen. "
    "They appear here once orders, invoices, payments or timesheets arrive."
)
NO_MATCH = "No document with money or hours matches this."
LOG = structlog.get_logger(__name__)


class SpendDesk(Desk):
    """A desk whose scope is over all processes: money does not end where a process does.

    `first_month` of the fiscal year, 1 to 12; without one as the settings say.
    """

    def __init__(self, reader: Reader, first_month: int = 0, note: Callable[[str, str], None] = unnoted) -> None:
        super().__init__(reader, note=note)
        self.first_month = first_month or read_settings().fiscal_month

    def scope(self, address: Address) -> SpendScope:
        """The scope of all processes: as of the minute of the newest event of any, so that cards ask alike."""
        scope = super().scope(address.with_(process=""))
        days = address.period if address.period is not None else STANDARD_DAYS
        until = self.until(address)
        fiscal = fiscal_period(address.fiscal, until, self.first_month)
        period, known = fiscal or Period(until, days), address if fiscal else address.with_(fiscal="")
        return SpendScope(known, scope.view, scope.size, period.as_of, period.days)

    def until(self, address: Address) -> int:
        """The minute of the newest event of any process, microseconds UTC, or the earlier instant that is fixed."""
        return address.until(-(-max(size.newest_us for size in self.processes()) // MINUTE) * MINUTE)

    def fiscal_choices(self) -> list[tuple[str, str]]:
        """The fiscal years and quarters that a page offers, the one under way first."""
        newest = max((size.newest_us for size in self.processes()), default=None)
        found = offered(newest, self.first_month) if newest is not None else []
        return [
            (one.key, f"{one.label} so far" if bounds(one, self.first_month)[1] > (newest or 0) else one.label)
            for one in found
        ]


def read_rates(definitions: Path | None) -> Rates:
    """The rates beside the definitions, else those shipped; a file with mistakes counts as none."""
    try:
        return load_rates(definitions)
    except DefinitionsError as problem:
        LOG.warning("rates_not_read", problem=str(problem)[:2000])
        return load_rates()


def narrowed(address: Address) -> dict[str, str]:
    """The filters that every query about spend takes."""
    filters = {name: str(getattr(address, name)) for name in FILTERS}
    return {**filters, address.untold: NOT_TOLD} if address.untold else filters


def asked_of(scope: SpendScope, rates: Rates) -> Asked:
    """What the page asks of the ledger."""
    return Asked(scope.period, narrowed(scope.address), rates)


def read_book(reader: Reader, rates: Rates, scope: SpendScope, cut: str = "") -> Book:
    """The ledger of the page's period and the one before it; raises Empty where there is nothing in either.

    By `cut`, else by that of the page.
    """
    book = asking.read_book(reader, asked_of(scope, rates), cut or scope.address.cut)
    if not book.rows:
        raise Empty(NO_MATCH if any(narrowed(scope.address).values()) or scope.days else NOTHING)
    return book


def spend_scope(request: Request) -> SpendScope:
    """The scope of a card of this page."""
    assert isinstance(request.scope, SpendScope)
    return request.scope


def wait_for_turn(request: Request) -> None:
    """Leave most ticks out: what changes here is looked at by the day, and one answer takes long."""
    if request.ticked and request.tick % TICKS_BETWEEN:
        raise PreventUpdate


def link(address: Address, **changes: Any) -> str:
    """This page with some of its state changed."""
    return PATH + address.with_(**changes).search()


def to_documents(address: Address, stage: str, **changes: Any) -> str:
    """The list of the documents behind a number."""
    return link(address, stage=stage, **changes) + "#spend-documents"
