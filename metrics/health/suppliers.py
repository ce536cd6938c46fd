"""Which SLAs measure a supplier: those whose clock begins with the case waiting for its supplier."""

from collections.abc import Iterable
from functools import lru_cache

from pydantic import ValidationError

from metrics.definitions.schema import ProcessText
from metrics.definitions.yaml_text import parse

SUPPLIER = "supplier"
"""In a state's `waits_for`."""


def supplier_slas(texts: Iterable[str]) -> dict[str, list[str]]:
    """The parameters `processes` and `slas` of `health_suppliers`, parallel, from the texts of definitions."""
    found = [pair for text in texts for pair in _slas_of(text)]
    return {"processes": [name for name, _ in found], "slas": [sla for _, sla in found]}


@lru_cache(maxsize=64)
def _slas_of(text: str) -> tuple[tuple[str, str], ...]:
    """Process and SLA, of one definition; parsing it takes some 5 ms, and pages ask at each tick."""
    try:
        process = ProcessText.model_validate(parse(text).data)
    except ValidationError:
        return ()
    begins = {name for state in process.states if state.waits_for == SUPPLIER for name in state.enter}
    return tuple((process.process, sla.name) for sla in process.slas if sla.from_ in begins)
