"""All operations of the interface."""

from typing import Final

from dashboards.api import alerts, cases, exports, ledger, links, probes, slas, spend_report
from dashboards.api.operation import Operation

OPERATIONS: Final[tuple[Operation, ...]] = (
    *cases.OPERATIONS, *slas.OPERATIONS, *alerts.OPERATIONS, *ledger.OPERATIONS, *links.OPERATIONS,
    *exports.OPERATIONS, *spend_report.OPERATIONS, *probes.OPERATIONS,
)  # fmt: skip
