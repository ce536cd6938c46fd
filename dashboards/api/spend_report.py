"""Spend & labour as one page of PDF: the page's figures for the page's filters, as far as who asks may see them."""

from collections.abc import Iterator
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import msgspec
from msgspec import UNSET, Meta, UnsetType

from dashboards.address import LATEST, Address
from dashboards.api.operation import BASE, Desk, Operation, Stream
from dashboards.api.parameters import told
from dashboards.api.problems import Refused
from dashboards.shown import shown
from dashboards.spend_book import narrowed, read_rates
from dashboards.spend_period import STANDARD_DAYS
from dashboards.spend_vacancies import read_vacancy_cost
from metrics.ledger.asking import FILTERS
from metrics.ledger.cross_rates import into
from metrics.ledger.fiscal import fiscal_period
from metrics.ledger.overview import NothingToTell, newest_event
from metrics.ledger.period import Period
from metrics.reports.periods import everywhere, month_in
from metrics.reports.spend import MEDIA, Beside, make_report
from metrics.reports.titles import CatalogueTitles
from metrics.settings import read_settings

PATH: Final = "/exports/spend"
NAME: Final = "spend-and-labour.pdf"
Value = Annotated[str, Meta(description="Only this one; ? for documents that do not tell.", min_length=1)]
_PDF: Final[dict[str, Any]] = {"type": "string", "format": "binary", "description": "One page A4."}


class SpendAsked(msgspec.Struct, frozen=True, kw_only=True):
    """Which documents, and of which months."""

    facility: Value | UnsetType = UNSET
    department: Value | UnsetType = UNSET
    cost_center: Value | UnsetType = UNSET
    supplier: Value | UnsetType = UNSET
    legal_entity: Value | UnsetType = UNSET
    booked: Annotated[str, Meta(description="The process documents belong to; ?: none.", min_length=1)] | UnsetType = (
        UNSET
    )
    period: Annotated[
        int, Meta(description="So many days of whole months up to the newest event; 0 for all time.", ge=0, le=36_500)
    ] = STANDARD_DAYS
    month: (
        Annotated[
            str,
            Meta(description="One calendar month instead (2026-10).", pattern="^[12][0-9]{3}-(0[1-9]|1[0-2])$"),
        ]
        | UnsetType
    ) = UNSET
    fiscal: (
        Annotated[
            str,
            Meta(description="A fiscal year or quarter instead (2027, 2027q1).", pattern="^[12][0-9]{3}(q[1-4])?$"),
        ]
        | UnsetType
    ) = UNSET
    as_of: (
        Annotated[int, Meta(description="What counts as now, in microseconds since 1970 UTC.", ge=0, le=LATEST)]
        | UnsetType
    ) = UNSET


def pdf_href(address: Address) -> str:
    """The file of what a page shows."""
    asked: dict[str, Any] = {name: value for name, value in narrowed(address).items() if value}
    asked |= {"period": address.period} if address.period is not None else {}
    asked |= {"fiscal": address.fiscal} if address.fiscal else {}
    asked |= {"as_of": address.as_of} if address.as_of is not None else {}
    return f"{BASE}{PATH}{'?' if asked else ''}{urlencode(asked)}"


def spend_pdf(desk: Desk, asked: SpendAsked) -> Stream:
    """The file; the look is noted before anything is read, and it is read when its place among exports has come."""
    filters = everywhere(**{name: told(getattr(asked, name)) for name in FILTERS})
    narrow = " ".join(f"{name}={value}" for name, value in filters.items() if value)
    desk.note("exported", f"spend pdf {told(asked.month) or told(asked.fiscal) or asked.period} {narrow}".strip())

    def pieces() -> Iterator[bytes]:
        try:
            newest = newest_event(desk.reader)
            until = newest if isinstance(asked.as_of, UnsetType) else min(asked.as_of, newest)
            period = _period(asked, until)
            yield make_report(desk.reader, _beside(desk), period, filters, desk.seen_by(), until).pdf
        except NothingToTell as why:
            raise Refused(404, f"{str(why).capitalize()}.") from why

    return Stream(MEDIA, NAME, pieces())


def _period(asked: SpendAsked, until: int) -> Period:
    if isinstance(asked.month, str):
        return month_in(asked.month, until)
    fiscal = fiscal_period(told(asked.fiscal), until, read_settings().fiscal_month)
    return fiscal or Period(until, asked.period)


def _beside(desk: Desk) -> Beside:
    """As the page reads it: in the currency that it is shown in."""
    definitions = read_settings().definitions
    rates = into(read_rates(definitions), shown().currency)
    return Beside(rates, read_vacancy_cost(definitions), CatalogueTitles(desk.catalogue()))


OPERATIONS: Final = (
    Operation(PATH, "exportSpend", "exports",
              "Spend & labour as one printable page. It is noted in the audit log.", "/spend", SpendAsked, _PDF,
              spend_pdf, MEDIA, True),
)  # fmt: skip
