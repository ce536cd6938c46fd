"""The landscape of products: who tells an event at its facility, and what the messages are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import msgspec
import yaml

from metrics.words import Event, ObjectRef
from streams.simulator.products import (
    ariba,
    coupa,
    ebs,
    fieldglass,
    fusion,
    jaggaer,
    own_events,
    s4hana,
    scim,
    servicenow,
    ukg,
    ukg_wfm,
    workday,
)
from streams.simulator.products.dialect import Document, Native, Product, Site
from streams.simulator.world import FACILITIES

PRODUCTS: Mapping[str, Product] = {
    module.PRODUCT.name: module.PRODUCT
    for module in (
        ariba,
        coupa,
        ebs,
        fieldglass,
        fusion,
        jaggaer,
        own_events,
        s4hana,
        scim,
        servicenow,
        ukg,
        ukg_wfm,
        workday,
    )
}
_OWN = own_events.PRODUCT
_KEPT_DOCUMENTS = 100_000


@dataclass(frozen=True, slots=True)
class Telling:
    """An event as its product tells it: in its `messages`, or, without any, as the canonical event it was loaded as.

    `ordered`: a snapshot, which must not overtake those before it.
    """

    event: Event
    messages: tuple[Native, ...] = ()
    ordered: bool = False


class Landscape:
    """The products of all facilities. It keeps the documents that snapshots repeat, the latest of them.

    `since`: when the products were connected, microseconds UTC. Subjects of before are remembered: as many as the
    loaded history has.
    """

    def __init__(self, text: Mapping[str, Any], run: str, since: int) -> None:
        zones = {place.id: place.zone for place in FACILITIES}
        self._numbers: Mapping[str, Mapping[str, str]] = text["numbers"]
        self._tells: Mapping[str, Mapping[str, list[str]]] = {
            name: {**text["everywhere"], **place["tells"]} for name, place in text["facilities"].items()
        }
        self._sites = {
            name: Site(name, zones[name], place["company"], _senders(self._tells[name], text["spoken_of_by_several"]))
            for name, place in text["facilities"].items()
        }
        self._kept = {
            facility: {kind for kind, names in tells.items() if any(_keeps(PRODUCTS[name], kind) for name in names)}
            for facility, tells in self._tells.items()
        }
        self._run = run
        self._since = since
        self._older: set[str] = set()
        self._documents: dict[str, Document] = {}
        self._tellers: dict[tuple[str, str], Product] = {}

    def teller(self, facility: str, kind: str) -> Product:
        """The product that tells events of a type (`requisition.created.v1`) at a facility."""
        key = (facility, kind)
        if key not in self._tellers:
            object_type = kind.partition(".")[0]
            named = (PRODUCTS[name] for name in self._tells[facility].get(object_type, ()))
            said = kind.rpartition(".")[0]
            self._tellers[key] = next((product for product in named if said in product.tells), _OWN)
        return self._tellers[key]

    def number(self, facility: str, kind: str, n: int, **parts: str) -> str:
        """The number of a new object of a type, as its product at the facility gives it; "" where none does."""
        for name in self._tells[facility].get(kind, ()):
            form = self._numbers.get(name, {}).get(kind)
            if form is not None:
                return form.format(run=self._run, n=n, company=self._sites[facility].company, **parts)
        return ""

    def grain(self, facility: str, kind: str) -> int:
        """How fine the times of an event type are at a facility, microseconds."""
        return self.teller(facility, kind).grain

    def tell(self, event: Event) -> Telling:
        """An event that happens now. Events of one object must come in their order.

        What is about an object that was there before the products were connected was loaded, or goes on as it was.
        """
        site = self._sites[str(event.attributes["facility"])]
        product, kind = self.teller(site.facility, event.type), event.objects[0].type
        if event.time < self._since:
            self._older.add(event.subject)
        if event.subject in self._older:
            return Telling(self._loaded(event, product, site))
        document = self._document(event.subject) if kind in self._kept[site.facility] else Document()
        document.take(event)
        return Telling(event, tuple(product.tell(event, document, site)), kind in product.snapshots)

    def _loaded(self, event: Event, product: Product, site: Site) -> Event:
        """What a load from the product's tables says: its source, and the other numbers it has for the object."""
        own = event.objects[0]
        source = product.source or site.senders.get(event.type.partition(".")[0], event.source)
        numbers = {
            number for name in self._tells[site.facility].get(own.type, ()) for number in PRODUCTS[name].aliases(own)
        }
        aliases = [ObjectRef(own.type, number, "alias") for number in sorted(numbers)]
        return msgspec.structs.replace(event, source=source, objects=(own, *aliases, *event.objects[1:]))

    def _document(self, subject: str) -> Document:
        """The document as its product holds it; the oldest are forgotten when there are too many."""
        document = self._documents.get(subject)
        if document is None:
            document = self._documents[subject] = Document()
            if len(self._documents) > _KEPT_DOCUMENTS:
                for old in list(self._documents)[: _KEPT_DOCUMENTS // 10]:
                    del self._documents[old]
        return document


def _senders(tells: Mapping[str, list[str]], several: Collection[str]) -> Mapping[str, str]:
    """The source of what a facility says beyond its dialects: that of the product that speaks of the object first.

    `several`: object types of which several systems speak, each for itself.
    """
    return {kind: PRODUCTS[names[0]].source for kind, names in tells.items() if kind not in several}


def _keeps(product: Product, kind: str) -> bool:
    return kind in product.snapshots or kind in product.keeps


def load_landscape(run: str, since: int) -> Landscape:
    """The landscape as shipped, for one run (three digits), of products that were connected at `since`."""
    text = files("streams.simulator.products").joinpath("landscape.yaml").read_text("utf-8")
    return Landscape(yaml.safe_load(text), run, since)
