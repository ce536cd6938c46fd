"""`python -m dashboards.api > docs/schema/openapi.json`: the description of the interface."""

import sys

from dashboards.api.openapi import document_text
from dashboards.api.operations import OPERATIONS

if __name__ == "__main__":
    sys.stdout.write(document_text(OPERATIONS))
