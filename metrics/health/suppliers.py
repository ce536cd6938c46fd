"""Which SLAs measure a supplier: those whose clock begins with the case waiting for its supplier."""

from collections.abc import Iterable

from pydantic import ValidationError

from metrics.definitions.schema import ProcessText
from metrics.definitions.yaml_text import parse

SUPPLIER = "supplier"
"""In a state's `waits_for`."""


def supplier_slas(texts: Iterable[str]) -> dict[str, list[str]]:
    """The parameters `processes` and `slas` of `health_suppliers`, parallel, from the texts of definitions."""
    found = []
    for text in texts:
        try:
            process = ProcessText.model_validate(parse(text).data)
        except ValidationError:
            continue
        begins = {name for state in process.states if state.waits_for == SUPPLIER for name in state.enter}
        found += [(process.process, sla.name) for sla in process.slas if sla.from_ in begins]
    return {"processes": [name for name, _ in found], "slas": [sla for _, sla in found]}
