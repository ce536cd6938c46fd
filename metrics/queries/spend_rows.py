"""The typed rows of the queries about spend and labour.

Times and durations are microseconds; money and hours are decimal texts.
"""

import msgspec


class SpendSum(msgspec.Struct, frozen=True):
    """`spend_sums`: what stands in one stage, in a month (2026-03) and one value of the cut ('' is not told).

    `current` is 0 in the period before; `untold` documents have no amount, `converted` ones had another currency, of
    `origins`.
    """

    stage: str
    labour: int
    month: str
    cut: str
    currency: str
    current: int
    documents: int
    untold: int
    converted: int
    amount: str
    hours: str
    simulated: int
    origins: list[str] = []


class SpendDays(msgspec.Struct, frozen=True):
    """`spend_days`: the median time to a stage from the one before, over so many documents."""

    step: str
    pairs: int
    median_us: int


class SpendBlocked(msgspec.Struct, frozen=True):
    """`spend_blocked`: open cases of a process that broke an SLA first; `untold` of them have no amount."""

    process: str
    sla: str
    owner: str
    cases: int
    untold: int
    currency: str
    amount: str


class SpendPublished(msgspec.Struct, frozen=True):
    """`spend_published`: how many figures of money have been published that may be seen."""

    figures: int


class SpendDocument(msgspec.Struct, frozen=True):
    """`spend_documents`: one document of a number; `cases` are (process, id), `total` all that are in the list."""

    stage: str
    document_type: str
    document_id: str
    line: str
    time_us: int
    facility: str
    department: str
    cost_center: str
    supplier: str
    currency: str
    amount: str
    hours: str
    valued: int
    process: str
    case_id: str
    total: int


class SpendCheck(msgspec.Struct, frozen=True):
    """`spend_check`: the documents of a stage, each once, and the sum of their own amounts by currency."""

    stage: str
    documents: int
    currencies: list[str]
    amounts: list[str]


class SpendChoices(msgspec.Struct, frozen=True):
    """`spend_choices`: what the filters offer."""

    suppliers: list[str]
    cost_centers: list[str]
    legal_entities: list[str]


class SpendVacancies(msgspec.Struct, frozen=True):
    """`spend_vacancies`: open positions of one value of the cut and one department ('' is not told)."""

    cut: str
    department: str
    positions: int
