"""What processes, deadlines and their owners are called on a report."""

from typing import Protocol

from metrics.definitions.registry import Catalogue
from metrics.texts.shown import humanised


class Titles(Protocol):
    """Names in words."""

    def process(self, name: str) -> str: ...

    def deadline(self, process: str, sla: str) -> str: ...

    def owner(self, process: str, sla: str, otherwise: str) -> str:
        """Who answers for a deadline; `otherwise` where it names nobody."""
        ...


class CatalogueTitles:
    """As the definitions in force say; what they do not know is told by its name."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._known = {one.process: one for one in catalogue.definitions}
        self._slas = {(one.process, sla.name): sla for one in catalogue.definitions for sla in one.slas}

    def process(self, name: str) -> str:
        """The title of a process; 'Not told' for ''."""
        return self._known[name].title if name in self._known else humanised(name) or "Not told"

    def deadline(self, process: str, sla: str) -> str:
        """The title of an SLA."""
        found = self._slas.get((process, sla))
        return found.title if found else humanised(sla)

    def owner(self, process: str, sla: str, otherwise: str) -> str:
        """The owner of an SLA."""
        found = self._slas.get((process, sla))
        return humanised((found.owner if found else "") or otherwise)
