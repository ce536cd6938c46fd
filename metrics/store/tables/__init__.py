"""The rows of each table as Arrow schemas, by subject: the one authority for what the writer may send."""

import pyarrow as pa

from metrics.store.tables.alerting import ALERTING
from metrics.store.tables.cases import CASES
from metrics.store.tables.completeness import COMPLETENESS
from metrics.store.tables.figures import FIGURES
from metrics.store.tables.health import HEALTH
from metrics.store.tables.intake import INTAKE
from metrics.store.tables.ledger import LEDGER
from metrics.store.tables.quality import QUALITY
from metrics.store.tables.spans import SPANS
from metrics.store.tables.working import WORKING

TABLES: dict[str, pa.Schema] = (
    INTAKE | SPANS | CASES | WORKING | QUALITY | ALERTING | COMPLETENESS | LEDGER | FIGURES | HEALTH
)
